import type { OperationLimit } from "@hubbub/contract";
import type { Actor } from "../ports/actor.ts";
import type { CallCounter, Callers } from "../ports/call-counter.ts";
import { addressKey } from "./address-key.ts";
import type { HubOnlyOperation } from "./hub-only-operation.ts";
import type { Operation } from "./operation.ts";
import type { Failure } from "./result.ts";

const OTHER: OperationLimit = { name: "other" };

/** No account has a longer name: such a call fails anyway. */
const LONGEST_NAME = 254;

/** The operation, refused with RATE_LIMITED to who calls it too often by whichever skin. */
export function limited(operation: Operation, counter: CallCounter): Operation {
  const limit = operation.row.limit ?? OTHER;
  return {
    ...operation,
    call: async (input, actor, origin) => {
      const callers = callersOf(limit, input, actor, origin.address);
      const wait = await counter.count(limit.name, callers, callsOf(limit, input));
      return wait > 0 ? { ok: false, failure: tooOften(wait) } : operation.call(input, actor, origin);
    },
  };
}

/** The same for one that hubs alone offer. */
export function limitedHubOnly(operation: HubOnlyOperation, counter: CallCounter): HubOnlyOperation {
  const limit = operation.row.limit ?? OTHER;
  return {
    ...operation,
    call: async (input, actor, connection) => {
      const wait = await counter.count(limit.name, callersOf(limit, input, actor, ""), callsOf(limit, input));
      return wait > 0 ? { ok: false, failure: tooOften(wait) } : operation.call(input, actor, connection);
    },
  };
}

/** @param address empty for a call over a hub, whose connection was judged when it was made */
function callersOf({ account }: OperationLimit, input: unknown, actor: Actor | undefined, address: string): Callers {
  const from = address === "" ? undefined : addressKey(address);
  const name = account === undefined ? undefined : fieldOf(input, account);
  return {
    address: from,
    user: actor?.userId ?? from,
    // as it is written: one count for both names of an account would tell whose address an address is
    account: typeof name === "string" && name.length <= LONGEST_NAME ? name.toLowerCase() : undefined,
  };
}

function callsOf({ each }: OperationLimit, input: unknown): number {
  const items = each === undefined ? undefined : fieldOf(input, each);
  return Array.isArray(items) ? Math.max(1, items.length) : 1;
}

const fieldOf = (input: unknown, field: string): unknown =>
  typeof input === "object" && input !== null ? Object.getOwnPropertyDescriptor(input, field)?.value : undefined;

function tooOften(waitMs: number): Failure {
  const retryAfter = Math.ceil(waitMs / 1000);
  const detail = `This is too often. Try again in ${retryAfter} ${retryAfter === 1 ? "second" : "seconds"}.`;
  return { code: "RATE_LIMITED", detail, retryAfter };
}
