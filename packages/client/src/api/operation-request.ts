import {
  type OperationName,
  type OperationOutput,
  type OperationRequest,
  operations,
  type Route,
} from "@hubbub/contract";

interface CallableOperation<Name extends OperationName> {
  readonly access: "public" | "signedIn" | "admin";
  readonly route: Route;
  readonly output: { parse(value: unknown): OperationOutput<Name> };
}

/** The contract's table, seen as what a caller needs of each row. */
export const callable: { readonly [Name in OperationName]: CallableOperation<Name> } = operations;

export interface OperationHttpRequest {
  /** From `/api/v1` on, with its query. */
  readonly path: string;
  readonly method: string;
  readonly body?: string;
}

function queryText(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** Puts an operation's input where its route wants it: parts of the path, and the rest as query or JSON body. */
export function toHttpRequest<Name extends OperationName>(
  name: Name,
  input: OperationRequest<Name>,
): OperationHttpRequest {
  const { method, path } = callable[name].route;
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = rest.get(field);
    rest.delete(field);
    return encodeURIComponent(String(value));
  });
  if (method !== "GET" && !(method === "DELETE" && rest.size === 0))
    return { method, path: `/api/v1${filled}`, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams([...rest].map(([field, value]) => [field, queryText(value)]));
  return { method, path: `/api/v1${filled}${query.size > 0 ? `?${query}` : ""}` };
}
