import { HubError, type HubMethod, type HubTypes } from "@hubbub/signalr";

const isOf = {
  string: (value: unknown) => value === null || typeof value === "string",
  number: (value: unknown) => typeof value === "number",
  strings: (value: unknown) => value === null || Array.isArray(value),
  object: (value: unknown) => typeof value === "object",
  any: () => true,
} as const satisfies Record<string, (value: unknown) => boolean>;

/** What a parameter takes, in the rough terms of the reference server's hubs. */
export type Parameter = keyof typeof isOf;

/**
 * Gives a method the reference server's typed parameters: it refuses other arguments in that server's words, which its
 * own client's tests expect. Streams are not among the arguments.
 * @param detailed whether it says what is wrong with them
 */
export function bind<Types extends HubTypes>(
  parameters: readonly Parameter[],
  method: HubMethod<Types>,
  detailed = true,
): HubMethod<Types> {
  const checkArguments = (target: string, args: readonly unknown[]) => {
    const refuse = (detail: string) => {
      const text = `Failed to invoke '${target}' due to an error on the server.`;
      return new HubError(detailed ? `${text} InvalidDataException: ${detail}` : text);
    };
    if (args.length !== parameters.length) {
      throw refuse(`Invocation provides ${args.length} argument(s) but target expects ${parameters.length}.`);
    }
    if (!parameters.every((parameter, index) => isOf[parameter](args[index]))) {
      throw refuse(
        "Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.",
      );
    }
  };
  const checked: HubMethod<Types> = (call, ...args) => {
    checkArguments(call.target, args);
    return method(call, ...args);
  };
  return Object.assign(checked, { checkArguments });
}

/** An error that goes by the name of its .NET counterpart. */
export class InvalidOperationException extends Error {
  override readonly name = "InvalidOperationException";
}
