import type { Actor } from "./actor.ts";

export type HubOutcome =
  | { readonly ok: true; readonly value: unknown }
  /** `CODE: sentence`, for the caller to read. */
  | { readonly ok: false; readonly error: string };

/** What the chat hub offers, by method name. Never rejects. */
export type HubMethods = Readonly<Record<string, (actor: Actor, args: readonly unknown[]) => Promise<HubOutcome>>>;
