import { type OperationRow, operations, type UserId } from "@hubbub/contract";
import type { z } from "zod";
import type { Actor } from "../ports/actor.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";

/** Where a call comes from: the little of a request that an operation may look at. */
export interface Origin {
  /** Of the peer, or as a trusted proxy tells it. */
  readonly address: string;
  /** From this machine itself, through no proxy. */
  readonly isLoopback: boolean;
  /** The origin under which the caller reached us, for addresses that are given to them. */
  readonly serverUrl: string;
  /** Whose page sent it, by the `Origin` header; programs send none. */
  readonly site: "none" | "own" | "allowed" | "foreign";
  readonly refreshCookie?: string;
  /** A sign-in that is under way at a provider. */
  readonly signInCookie?: string;
}

/** What REST answers. */
export type RestAnswer<Body> = RestHead &
  // a body, or JSON that is made while it is sent
  ({ readonly body: Body; readonly stream?: never } | { readonly body?: never; readonly stream: ReadableStream });

interface RestHead {
  /** Where it differs from the route's usual one. */
  readonly status?: 200 | 201 | 202;
  /** A new value of the refresh token's cookie; null takes the cookie away. */
  readonly refreshCookie?: string | null;
  /** The same for the cookie of a sign-in under way. */
  readonly signInCookie?: string | null;
  /** Where the browser goes on. */
  readonly location?: string;
}

/** One outcome, as each skin tells it. */
export interface Answer {
  readonly rest: RestAnswer<unknown>;
  readonly hub?: unknown;
}

/** An operation behind both skins: access, parsing and projection are inside. */
export interface Operation {
  readonly name: string;
  readonly row: OperationRow;
  readonly call: (input: unknown, actor: Actor | undefined, origin: Origin) => Promise<Result<Answer>>;
}

interface Projection<Output, Hub, Outcome> {
  readonly rest: (outcome: Outcome) => RestAnswer<Output>;
  /** Where the row has a hub method. */
  readonly hub?: (outcome: Outcome) => Hub;
}

interface SignedIn<Input, Output, Hub, Outcome> extends Projection<Output, Hub, Outcome> {
  /** Judges what else must hold, and acts. Expected failures are values. */
  readonly handle: (input: Input, actor: Actor, origin: Origin) => Promise<Result<Outcome>> | Result<Outcome>;
}

interface Public<Input, Output, Hub, Outcome> extends Projection<Output, Hub, Outcome> {
  readonly handle: (input: Input, origin: Origin) => Promise<Result<Outcome>> | Result<Outcome>;
}

/** An operation for people who are signed in. */
export function defineOperation<Input, Output, Hub, Outcome>(
  row: OperationRow<Input, Output, Hub> & { readonly access: "signedIn" },
  operation: SignedIn<Input, Output, Hub, Outcome>,
): Operation {
  return operationForSignedIn(row, operation);
}

interface ForAdmins<Input, Output, Hub, Outcome> extends SignedIn<Input, Output, Hub, Outcome> {
  /** Judged at every call: one may be no admin any more. */
  readonly isAdmin: (user: UserId) => Promise<boolean>;
}

/** An operation for those who run the server. */
export function defineAdminOperation<Input, Output, Hub, Outcome>(
  row: OperationRow<Input, Output, Hub> & { readonly access: "admin" },
  { isAdmin, ...operation }: ForAdmins<Input, Output, Hub, Outcome>,
): Operation {
  return operationForSignedIn(row, {
    ...operation,
    handle: async (input, actor, origin) =>
      (await isAdmin(actor.userId)) ? operation.handle(input, actor, origin) : fail("FORBIDDEN"),
  });
}

function operationForSignedIn<Input, Output, Hub, Outcome>(
  row: OperationRow<Input, Output, Hub>,
  operation: SignedIn<Input, Output, Hub, Outcome>,
): Operation {
  return {
    name: nameOf(row),
    row,
    call: async (input, actor, origin) => {
      if (actor === undefined) return fail("UNAUTHENTICATED");
      const parsed = parseInput(row.input, input);
      return parsed.ok ? answer(operation, await operation.handle(parsed.value, actor, origin)) : parsed;
    },
  };
}

/** An operation for everyone. */
export function definePublicOperation<Input, Output, Hub, Outcome>(
  row: OperationRow<Input, Output, Hub> & { readonly access: "public" },
  operation: Public<Input, Output, Hub, Outcome>,
): Operation {
  return {
    name: nameOf(row),
    row,
    call: async (input, _actor, origin) => {
      const parsed = parseInput(row.input, input);
      return parsed.ok ? answer(operation, await operation.handle(parsed.value, origin)) : parsed;
    },
  };
}

function answer<Output, Hub, Outcome>(
  projection: Projection<Output, Hub, Outcome>,
  result: Result<Outcome>,
): Result<Answer> {
  if (!result.ok) return result;
  const rest = projection.rest(result.value);
  return ok(projection.hub === undefined ? { rest } : { rest, hub: projection.hub(result.value) });
}

function nameOf(row: OperationRow): string {
  const entry = Object.entries<OperationRow>(operations).find(([, candidate]) => candidate === row);
  if (entry === undefined) throw new Error(`${row.route.method} ${row.route.path} is not in the table of operations`);
  return entry[0];
}

/** Fields that are wrong, at most this many, so that a hostile input has no huge answer. */
const MOST_FIELD_ERRORS = 20;

/** Parses at the edge; a failure names the fields. */
export function parseInput<Value>(schema: z.ZodType<Value>, input: unknown): Result<Value> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return ok(parsed.data);
  const errors = parsed.error.issues
    .slice(0, MOST_FIELD_ERRORS)
    .map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
  const first = errors[0];
  const detail =
    first === undefined ? undefined : `${first.path === "" ? "The request" : first.path}: ${first.message}`;
  const failure: Failure = { code: "VALIDATION_FAILED", errors, ...(detail !== undefined && { detail }) };
  return { ok: false, failure };
}
