import type { HubCall } from "./hub-call.ts";
import { HubException } from "./hub-error.ts";
import type { HubTypes } from "./hub-types.ts";

/**
 * What validators have in common, zod's and others'.
 * Source: Standard Schema, version 1 (standardschema.dev).
 * @typeParam Input what it takes
 * @typeParam Output what it makes of it
 */
export interface StandardSchema<Input, Output> {
  /** The part of the standard that is looked at. */
  readonly "~standard": {
    /**
     * Judges a value, and says what it makes of it.
     * @param value from the wire
     */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** Never there at run time. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/**
 * What a schema says of a value: what it makes of it, or what is wrong with it.
 * @typeParam Output what it makes of a value that fits
 */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      /** What is wrong. */
      readonly issues: readonly {
        /** The caller is shown it. */
        readonly message: string;
      }[];
    };

/**
 * A method whose arguments and result are known: clients are typed by it. Made by `method`.
 * @typeParam Types what the hub was defined with
 * @typeParam Args what clients give it
 * @typeParam Result what clients get
 * @param call who called, and the ways to answer
 * @param args unchecked from the wire
 */
export interface TypedMethod<Types extends HubTypes, Args extends readonly unknown[], Result> {
  (call: HubCall<Types>, ...args: unknown[]): Promise<Result>;
  /** @internal */
  readonly checkArguments: (target: string, args: readonly unknown[]) => unknown;
  /** Never there at run time. */
  readonly signature?: { readonly args: Args; readonly result: Result };
}

/**
 * Defines a method by the schema of its arguments, a tuple: a call that does not fit fails before the method runs, and
 * the method gets what the schema made of it (rule D10). The caller is told what is wrong as by a HubException.
 * @typeParam Types what the hub was defined with
 * @typeParam Input what clients give it
 * @typeParam Output what the schema makes of it
 * @typeParam Result what clients get
 * @param schema of the arguments, as a tuple: zod's, or any other Standard Schema
 * @param handler runs with arguments that fit
 * @returns what goes into `methods`
 * @example
 * ```ts
 * methods: {
 *   say: method(z.tuple([z.string(), z.string().max(1000)]), (call, room, text) => {
 *     call.clients.group(room).send("said", { room, text });
 *   }),
 * }
 * ```
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
