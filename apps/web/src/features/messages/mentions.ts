import type { ConversationState, Users } from "@hubbub/client";
import { type Conversation, limits, type Mention, type User } from "@hubbub/contract";

/** What calls someone in a text. */
export const called = /@([a-z0-9._-]+)/gi;

const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;

/** The name that is meant by what was written after an @; the end of a sentence is no part of it. */
export function nameIn(written: string, isName: (name: string) => boolean): string | undefined {
  const name = written.toLowerCase();
  if (isName(name)) return name;
  const shorter = name.replace(/[.-]+$/, "");
  return isName(shorter) ? shorter : undefined;
}

/** In channels owners and admins alone call everyone. */
export function mayCallEveryone({ type, me }: Conversation): boolean {
  return type !== "channel" || me.role !== "member";
}

/** Who may be called: the members, as far as they are known, else whoever is. */
export function callable({ members }: ConversationState, users: Users): readonly User[] {
  return [...users.values()].filter(({ id }) => members === undefined || members.has(id));
}

/** Whom a text calls, the first of them where there are too many; what is code calls nobody. */
export function mentionsIn(text: string, state: ConversationState, users: Users): readonly Mention[] {
  if (!text.includes("@")) return [];
  const byName = new Map<string, Mention>(callable(state, users).map(({ id, username }) => [username, id]));
  if (mayCallEveryone(state.conversation)) byName.set("everyone", "everyone");
  const mentions = new Set<Mention>();
  for (const [, written = ""] of text.replace(code, " ").matchAll(called)) {
    const mention = byName.get(nameIn(written, (name) => byName.has(name)) ?? "");
    if (mention !== undefined) mentions.add(mention);
  }
  return [...mentions].slice(0, limits.mentions);
}
