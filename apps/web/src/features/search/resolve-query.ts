import { type ChatSnapshot, HubbubError } from "@hubbub/client";
import type { Conversation, User, UserId } from "@hubbub/contract";
import { namesakes } from "../conversations/index.ts";
import { type Has, hasWords, isHas } from "./has.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Question, SearchInput } from "./use-search.ts";

type Chat = Pick<ChatSnapshot, "conversations" | "ownId" | "users">;
type Read<Value> = { readonly value: Value } | { readonly why: string };

/**
 * What is typed as what the server is asked.
 * @param findUser rejects with `NOT_FOUND` for a username that nobody has
 */
export async function resolveQuery(
  { text, filters }: SearchQuery,
  chat: Chat,
  findUser: (username: string) => Promise<User>,
): Promise<Question> {
  if (text === "" && filters.has === undefined) return { kind: "none" };
  const from = filters.from === undefined ? undefined : await findSender(filters.from, chat, findUser);
  const place = filters.in === undefined ? undefined : findConversation(filters.in, chat);
  const after = filters.after === undefined ? undefined : readDay(filters.after);
  const before = filters.before === undefined ? undefined : readDay(filters.before);
  const has = filters.has === undefined ? undefined : readHas(filters.has);
  for (const read of [from, place, after, before, has])
    if (read !== undefined && "why" in read) return { kind: "unclear", why: read.why };
  const input: SearchInput = {
    ...(text !== "" && { q: text }),
    ...valueAs("from", from),
    ...valueAs("conversationId", place),
    ...valueAs("after", after),
    ...valueAs("before", before),
    ...valueAs("has", has),
  };
  return { kind: "clear", input };
}

function valueAs<Name extends string, Value>(name: Name, read: Read<Value> | undefined): Partial<Record<Name, Value>> {
  const made: Partial<Record<Name, Value>> = {};
  if (read !== undefined && "value" in read) made[name] = read.value;
  return made;
}

async function findSender(
  typed: string,
  { ownId, users }: Chat,
  findUser: (username: string) => Promise<User>,
): Promise<Read<UserId>> {
  const username = typed.replace(/^@/u, "").toLowerCase();
  if (username === "me") return { value: ownId };
  for (const user of users.values()) if (user.username === username) return { value: user.id };
  try {
    return { value: (await findUser(username)).id };
  } catch (error) {
    const isNobody = error instanceof HubbubError && (error.code === "NOT_FOUND" || error.code === "VALIDATION_FAILED");
    if (!isNobody) throw error;
    return { why: `Nobody is called @${username}.` };
  }
}

function findConversation(typed: string, chat: Chat): Read<Conversation["id"]> {
  for (const { conversation } of chat.conversations.values())
    if (conversation.id === typed || (conversation.peer !== undefined && `@${conversation.peer.username}` === typed))
      return { value: conversation.id };
  const [found, ...others] = namesakes(typed.replace(/^#/u, ""), chat.conversations, chat.ownId);
  if (found === undefined) return { why: `None of your conversations is called “${typed}”.` };
  return others.length === 0
    ? { value: found.id }
    : { why: `Several of your conversations are called “${typed}”: choose one under Filters.` };
}

/** The beginning of a day, where the reader is. */
function readDay(typed: string): Read<string> {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(typed) ?? [];
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  const isDay = date.getMonth() === Number(month) - 1 && date.getDate() === Number(day);
  return isDay ? { value: date.toISOString() } : { why: `“${typed}” is no day: write it like 2026-01-31.` };
}

function readHas(typed: string): Read<Has> {
  const value = typed.toLowerCase();
  if (isHas(value)) return { value };
  const known = Object.keys(hasWords).map((each) => `has:${each}`);
  return { why: `“has:${typed}” is not known: there are ${known.join(", ")}.` };
}
