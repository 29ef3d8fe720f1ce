import { anonymous, type BackplaneFactory, defineHub, type SignalROptions } from "../../src/index.ts";
import { contractHub, hastyHub } from "../../src/testing/contract-hub.ts";
import { ContractSignalR, failingOnPurpose } from "../../src/testing/contract-signalr.ts";
import { startBunServer } from "../bun-server.ts";
import { ticketHub } from "../tickets/ticket-hub.ts";
import { startRoundRobin } from "./round-robin.ts";

export const tokenKey = "0123456789abcdef0123456789abcdef";

/** Its polls wait for a minute and a half. */
export const patientHub = defineHub<{ user: undefined; events: { readonly Message: string } }>()({
  path: "/patient",
  authenticate: anonymous,
  methods: {},
});

/** Starts nodes that forward to each other, each on Bun and in this process, and a load balancer before them. */
export async function startNodes(count: number, backplane: BackplaneFactory, options: Partial<SignalROptions> = {}) {
  const hubs = [contractHub, hastyHub, ticketHub, patientHub];
  const logger = { ...failingOnPurpose, warn: () => undefined };
  const nodes = Array.from({ length: count }, () =>
    startBunServer({ hubs, tokenKey, backplane, logger, ...options }, (all) => new ContractSignalR(all)),
  );
  for (const { signalr } of nodes) {
    for (const { ready } of [signalr.hub(contractHub), signalr.hub(ticketHub), signalr.hub(patientHub)]) await ready;
  }
  const balancer = startRoundRobin(nodes.map(({ address }) => address));
  return {
    nodes,
    balancer,
    async [Symbol.asyncDispose]() {
      balancer[Symbol.dispose]();
      await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
    },
  };
}

export const handshake = '{"protocol":"json","version":1}\x1e';

/** A connection negotiated on one node, whose requests are made to whichever. */
export class PlainClient {
  readonly connectionId: string;
  readonly #query: string;

  private constructor(connectionId: string, query: string) {
    this.connectionId = connectionId;
    this.#query = query;
  }

  /** @param node an address */
  static async negotiate(node: string, path = "/contract", token = "ada"): Promise<PlainClient> {
    const response = await fetch(`${node}${path}/negotiate?negotiateVersion=1`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    const { connectionId, connectionToken } = await response.json();
    return new PlainClient(connectionId, `${path}?id=${connectionToken}`);
  }

  /** The path and query of its requests. */
  get target(): string {
    return this.#query;
  }

  request(node: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: "Bearer ada", ...init.headers };
    return fetch(`${node}${this.#query}`, { ...init, headers });
  }

  post(node: string, body: NonNullable<RequestInit["body"]>): Promise<Response> {
    return this.request(node, { method: "POST", body });
  }

  /** @returns what came, or the status of an answer without data */
  async poll(node: string, signal?: AbortSignal): Promise<string | number> {
    const response = await this.request(node, signal === undefined ? {} : { signal });
    const text = await response.text();
    return text === "" ? response.status : text;
  }

  /** Opens a stream of events and shakes hands. */
  async listen(node: string, signal?: AbortSignal): Promise<ReadableStreamDefaultReader<string>> {
    const headers = { accept: "text/event-stream" };
    const response = await this.request(node, signal === undefined ? { headers } : { headers, signal });
    if (response.body === null || response.status !== 200) throw new Error(`No events: ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    await this.post(node, handshake);
    return reader;
  }
}

/** @returns an invocation as it is sent */
export function invocation(target: string, ...args: readonly unknown[]): string {
  return `${JSON.stringify({ type: 1, invocationId: "1", target, arguments: args })}\x1e`;
}

/** @returns what was read once it holds `expected`, or the end */
export async function readUntil(reader: ReadableStreamDefaultReader<string>, expected: string): Promise<string> {
  let text = "";
  while (!text.includes(expected)) {
    const { done, value } = await reader.read();
    if (done) return `${text}<end>`;
    text += value;
  }
  return text;
}
