import type { HubCall } from "./hub-call.ts";
import { HubException } from "./hub-error.ts";
import type { HubTypes } from "./hub-types.ts";

/**
 * What validators have in common, zod's and others'.
 * Source: Standard Schema, version 1 (standardschema.dev).
 */
export interface StandardSchema<Input, Output> {
  readonly "~standard": {
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** A method whose arguments and result are known: clients are typed by it. */
export interface TypedMethod<Types extends HubTypes, Args extends readonly unknown[], Result> {
  (call: HubCall<Types>, ...args: unknown[]): Promise<Result>;
  readonly checkArguments: (target: string, args: readonly unknown[]) => unknown;
  /** Never there at run time. */
  readonly signature?: { readonly args: Args; readonly result: Result };
}

/**
 * Defines a method by the schema of its arguments, a tuple: a call that does not fit fails before the method runs, and
 * the method gets what the schema made of it.
 */
export function method<
  Types extends HubTypes,
  Input extends readonly unknown[],
  Output extends readonly unknown[],
  Result,
>(
  schema: StandardSchema<Input, Output>,
  handler: (call: HubCall<Types>, ...args: Output) => Result | Promise<Result>,
): TypedMethod<Types, Input, Result> {
  const check = async (args: readonly unknown[]): Promise<Output> => {
    const checked = await schema["~standard"].validate(args);
    if (checked.issues === undefined) return checked.value;
    throw new HubException(`Invalid arguments: ${checked.issues.map(({ message }) => message).join("; ")}`);
  };
  const checked = async (call: HubCall<Types>, ...args: unknown[]) => handler(call, ...(await check(args)));
  return Object.assign(checked, { checkArguments: (_target: string, args: readonly unknown[]) => check(args) });
}
