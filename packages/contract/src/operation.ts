import { z } from "zod";
import type { HubName } from "./hub-name.ts";
import type { OperationLimit } from "./rate-limits.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Route {
  readonly method: HttpMethod;
  /** Under `/api/v1`; `{name}` parts are fields of the input. */
  readonly path: `/${string}`;
  /** Status of the usual success; 302 sends a browser on. */
  readonly status: 200 | 201 | 202 | 204 | 302;
}

/** How hubs offer an operation. */
export interface HubMethodRow<Output = unknown> {
  readonly method: string;
  /** The input's fields that are its arguments, in order; without them its one argument is the input. */
  readonly arguments?: readonly string[];
  readonly output: z.ZodType<Output>;
  /** The hubs that offer it. Default: chat alone. */
  readonly on?: readonly HubName[];
}

/** One row of the table of operations: everything that REST, hub, documents and tests know of it. */
export interface OperationRow<Input = unknown, Output = unknown, Hub = unknown> {
  /** What it does, in one sentence, for the documents. */
  readonly summary: string;
  /** A query changes nothing. */
  readonly kind: "command" | "query";
  /** Who may call it at all; what else must hold is judged inside the operation. */
  readonly access: "public" | "signedIn" | "admin";
  /** Default: `other`. */
  readonly limit?: OperationLimit;
  readonly route: Route;
  /** Unknown fields are refused. */
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Present where a hub offers it too. */
  readonly hub?: HubMethodRow<Hub>;
}

/** One row of the table of operations that hubs alone offer: they belong to a connection, or stream to it. */
export interface HubOnlyRow<Input = unknown, Output = unknown> {
  /** What it does, in one sentence, for the documents. */
  readonly summary: string;
  readonly kind: "command" | "query";
  readonly access: "signedIn";
  /** Default: `other`. */
  readonly limit?: OperationLimit;
  /** Unknown fields are refused. */
  readonly input: z.ZodType<Input>;
  readonly hub: HubMethodRow<Output> & {
    /** Its results come one by one, each an `output`. */
    readonly streams?: true;
  };
}

/** Keeps the row's exact type. */
export function operation<const Row extends OperationRow>(row: Row): Row {
  return row;
}

/** Keeps the row's exact type. */
export function hubOnly<const Row extends HubOnlyRow>(row: Row): Row {
  return row;
}

/** The answer of an operation that has nothing to tell: 204 by REST. */
export const nothing = z.null();
