import {
  type HttpMethod,
  type OperationName,
  type OperationOutput,
  type OperationRequest,
  type OperationRow,
  operations,
  type Problem,
  problem,
} from "@hubbub/contract";
import type { z } from "zod";
import { strictly } from "./strictly.ts";

const outputs: { readonly [Name in OperationName]: { readonly output: z.ZodType<OperationOutput<Name>> } } = operations;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface RequestOptions {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; `json` is encoded first. */
  readonly body?: BodyInit;
  readonly json?: unknown;
}

export interface Encoded {
  readonly method: HttpMethod;
  /** Path and query, from `/api/v1` on. */
  readonly path: string;
  readonly json?: unknown;
}

/** How an operation's input travels: in the path, then in the query of a GET or the body of anything else. */
export function encode(row: OperationRow, input: object): Encoded {
  const rest = new Map<string, unknown>(Object.entries(input));
  const path = row.route.path.replace(/\{(\w+)\}/g, (_, part: string) => {
    const value = rest.get(part);
    rest.delete(part);
    return encodeURIComponent(String(value));
  });
  const { method } = row.route;
  if (method !== "GET") {
    const json = Object.fromEntries(rest);
    return rest.size === 0 ? { method, path: `/api/v1${path}` } : { method, path: `/api/v1${path}`, json };
  }
  const query = new URLSearchParams();
  for (const [field, value] of rest) query.set(field, String(value));
  return { method, path: `/api/v1${path}${query.size > 0 ? `?${query}` : ""}` };
}

/** REST as any client sees it, every answer checked against the contract. */
export class Api {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { token, json, body = json === undefined ? null : JSON.stringify(json) } = options;
    const headers = new Headers(options.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    if (json !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
    const response = await fetch(`${this.url}${path}`, { method, headers, body });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async send(name: OperationName, input: object, options: RequestOptions = {}): Promise<Answer> {
    const { method, path, ...body } = encode(operations[name], input);
    return this.request(method, path, { ...body, ...options });
  }

  /** Calls an operation that must succeed, with its own status or the 200 of a repeat. */
  async call<Name extends OperationName>(
    name: Name,
    input: OperationRequest<Name>,
    token?: string,
  ): Promise<OperationOutput<Name>> {
    return (await this.callWithStatus(name, input, token)).output;
  }

  async callWithStatus<Name extends OperationName>(
    name: Name,
    input: OperationRequest<Name>,
    token?: string,
  ): Promise<{ readonly status: number; readonly output: OperationOutput<Name> }> {
    const answer = await this.send(name, input, { token });
    return { status: answer.status, output: outputOf(name, answer) };
  }

  /** Calls an operation that must fail. */
  async refused(name: OperationName, input: object, token?: string): Promise<Problem> {
    return problemOf(await this.send(name, input, { token }));
  }
}

/** The output of a successful answer, in exactly the contract's shape. */
export function outputOf<Name extends OperationName>(name: Name, answer: Answer): OperationOutput<Name> {
  const { status } = operations[name].route;
  if (answer.status !== status && !(status === 201 && answer.status === 200)) {
    throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
  }
  return strictly(outputs[name].output, answer.text === "" ? null : JSON.parse(answer.text));
}

/** The problem of a failed answer (RFC 9457), in exactly the contract's shape. */
export function problemOf(answer: Answer): Problem {
  if (answer.headers.get("content-type")?.split(";")[0] !== "application/problem+json") {
    throw new Error(
      `Not a problem: ${answer.status} ${answer.headers.get("content-type")} ${answer.text.slice(0, 200)}`,
    );
  }
  const parsed = strictly(problem, JSON.parse(answer.text));
  if (parsed.status !== answer.status) throw new Error(`Status ${answer.status}, but ${answer.text}`);
  if (parsed.traceId === "") throw new Error(`No traceId in ${answer.text}`);
  return parsed;
}
