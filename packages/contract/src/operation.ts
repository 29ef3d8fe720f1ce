import { z } from "zod";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Route {
  readonly method: HttpMethod;
  /** Under `/api/v1`; `{name}` parts are fields of the input. */
  readonly path: `/${string}`;
  /** Status of the usual success. */
  readonly status: 200 | 201 | 204;
}

/** One row of the table of operations: everything that REST, hub, documents and tests know of it. */
export interface OperationRow<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  HubOutput extends z.ZodType = z.ZodType,
> {
  /** A query changes nothing. */
  readonly kind: "command" | "query";
  /** Who may call it at all; what else must hold is judged inside the operation. */
  readonly access: "public" | "signedIn";
  readonly route: Route;
  /** Unknown fields are refused. */
  readonly input: Input;
  readonly output: Output;
  /** Present where the hub offers it too. Its one argument is the input. */
  readonly hub?: { readonly method: string; readonly output: HubOutput };
}

export function operation<Input extends z.ZodType, Output extends z.ZodType, HubOutput extends z.ZodType>(
  row: OperationRow<Input, Output, HubOutput>,
): OperationRow<Input, Output, HubOutput> {
  return row;
}

/** The answer of an operation that has nothing to tell: 204 by REST. */
export const nothing = z.null();
