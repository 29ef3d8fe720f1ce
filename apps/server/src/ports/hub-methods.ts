import type { ErrorCode, HubName } from "@hubbub/contract";
import type { Actor } from "./actor.ts";

/** What the caller may read of it. */
export interface HubFailure {
  readonly code: ErrorCode;
  readonly detail: string;
}

export type HubOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: HubFailure };

export interface HubMethod {
  readonly on: readonly HubName[];
  /** Its outcome's value is iterated over, each item sent by itself. */
  readonly streams: boolean;
  /** Never rejects. @param connection id of the caller's connection */
  readonly call: (actor: Actor, args: readonly unknown[], connection: string) => Promise<HubOutcome>;
}

/** What hubs offer, by method name. */
export type HubMethods = Readonly<Record<string, HubMethod>>;
