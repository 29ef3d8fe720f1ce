import type { HubOnlyRow } from "@hubbub/contract";
import type { Actor } from "../ports/actor.ts";
import { parseInput } from "./operation.ts";
import type { Result } from "./result.ts";

/** An operation that hubs alone offer: access and parsing are inside. */
export interface HubOnlyOperation {
  readonly row: HubOnlyRow;
  /** @param connection id of the caller's connection: what the operation gives may end with it */
  readonly call: (input: unknown, actor: Actor, connection: string) => Promise<Result<unknown>>;
}

type Handle<Input, Outcome> = (
  input: Input,
  actor: Actor,
  connection: string,
) => Promise<Result<Outcome>> | Result<Outcome>;

function define<Input, Outcome>(
  row: HubOnlyRow & { readonly input: HubOnlyRow<Input>["input"] },
  handle: Handle<Input, Outcome>,
): HubOnlyOperation {
  return {
    row,
    call: async (input, actor, connection) => {
      const parsed = parseInput(row.input, input);
      return parsed.ok ? handle(parsed.value, actor, connection) : parsed;
    },
  };
}

export function defineHubOnlyOperation<Input, Output>(
  row: HubOnlyRow<Input, Output> & { readonly hub: { readonly streams?: never } },
  handle: Handle<Input, Output>,
): HubOnlyOperation {
  return define(row, handle);
}

/** One whose results come one by one: refused before the first, or not at all. */
export function defineStream<Input, Item>(
  row: HubOnlyRow<Input, Item> & { readonly hub: { readonly streams: true } },
  handle: Handle<Input, Iterable<Item> | AsyncIterable<Item>>,
): HubOnlyOperation {
  return define(row, handle);
}
