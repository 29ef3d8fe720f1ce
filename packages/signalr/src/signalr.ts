import type { BackplaneFactory } from "./backplanes/backplane.ts";
import { type Clock, systemClock } from "./hub/clock.ts";
import type { Hub } from "./hub/hub.ts";
import type { HubContext, HubUsage } from "./hub/hub-context.ts";
import type { HubEnvironment } from "./hub/hub-environment.ts";
import type { HubTypes } from "./hub/hub-options.ts";
import type { Instrumentation } from "./hub/instrumentation.ts";
import { consoleLogger, type Logger } from "./hub/logger.ts";
import { TimerWheel } from "./hub/timer-wheel.ts";
import { TurnBudget } from "./hub/turn-budget.ts";
import { type EndOfTurn, TurnFlusher } from "./hub/turn-flusher.ts";
import type { HubProtocol } from "./protocol/hub-protocol.ts";
import { jsonProtocol } from "./protocol/json-protocol.ts";
import { messagePackProtocol } from "./protocol/messagepack-protocol.ts";
import { ConnectionTokens } from "./transports/connection-tokens.ts";
import type { Handled, HubPart, HubRequest } from "./transports/hub-request.ts";
import type { RequestPort } from "./transports/request-port.ts";
import { parseRequestUrl } from "./transports/request-url.ts";
import { emptyResponse } from "./transports/responses.ts";

/** A hub of whatever types, as the server needs to see it: what `defineHub` makes. */
export interface AnyHub {
  /** Where it is. */
  readonly path: string;
  /** Bytes of the largest message a client may send. */
  readonly maximumMessageSize: number;
  /** @internal */
  serve(environment: HubEnvironment): ServedHub;
}

/** A hub at work, as the server needs to see it. */
export interface ServedHub {
  /** @param part what the request is for */
  handle(incoming: HubRequest, part: HubPart): Promise<Handled>;
  /** Tells all clients to come back later and ends their connections. */
  shutdown(): void;
  /** Resolves when no transport is open any more. */
  drained(): Promise<void>;
  usage(): HubUsage;
}

/** What a server is made of. */
export interface SignalROptions {
  /** The hubs it serves, each under a path of its own. */
  readonly hubs: readonly AnyHub[];
  /** Where failures are reported that nobody is there to catch. Default `consoleLogger`. */
  readonly logger?: Logger;
  /** Where time comes from. Default `systemClock`. */
  readonly clock?: Clock;
  /** Joins the hubs of this server with those of other nodes. Default: there are none. */
  readonly backplane?: BackplaneFactory;
  /** Watches the hubs, for traces and metrics: what `openTelemetry` makes (rules O1 to O4). Default: nobody does. */
  readonly instrumentation?: Instrumentation;
  /**
   * At least 32 random bytes, the same on all nodes: then a connection negotiated on one may open its WebSocket on
   * another (rule N5), and with a backplane its other requests may come to any (rule F1). Default: each node knows its
   * own connections only.
   */
  readonly tokenKey?: Uint8Array | string;
  /** Milliseconds between two looks at time-outs, and thereby their precision (rule T4). Default 1,000. */
  readonly timerResolution?: number;
  /**
   * Runs a task after the callbacks of the present turn. Default `setImmediate`.
   * @internal
   */
  readonly endOfTurn?: EndOfTurn;
}

/** Bytes; as much as is kept of what a client sends ahead. */
const leastLargestFrame = 1024 * 1024;
const longestWait = 60_000;

/** A SignalR server that knows of no runtime: `bunRuntime` and `nodeRuntime` give it one. Made by `createSignalR`. */
export class SignalR {
  /** @internal */
  readonly wheel: TimerWheel;
  /** @internal */
  readonly turns: TurnFlusher;
  /** @internal */
  readonly budget: TurnBudget;
  /**
   * Of requests, apart: a crowd of new clients does not use up the time of those who are there, nor they its.
   * @internal
   */
  readonly requests: TurnBudget;
  /** @internal */
  readonly logger: Logger;
  /** @internal */
  readonly protocols: readonly HubProtocol[] = [jsonProtocol, messagePackProtocol];
  /** @internal */
  readonly backplane: BackplaneFactory | undefined;
  /** @internal */
  readonly instrumentation: Instrumentation | undefined;
  /** @internal */
  readonly tokens: ConnectionTokens;
  readonly #hubs = new Map<string, ServedHub>();
  /** @internal */
  readonly largestFrame: number;

  /** @internal */
  constructor(options: SignalROptions) {
    const {
      hubs,
      logger,
      clock = systemClock,
      backplane,
      instrumentation,
      tokenKey,
      timerResolution,
      endOfTurn,
    } = options;
    this.tokens = new ConnectionTokens(tokenKey);
    this.backplane = backplane;
    this.instrumentation = instrumentation;
    this.wheel = new TimerWheel(clock, timerResolution ?? 1000, longestWait);
    this.turns = new TurnFlusher(endOfTurn);
    this.budget = new TurnBudget(clock, endOfTurn);
    this.requests = new TurnBudget(clock, endOfTurn);
    this.logger = logger ?? consoleLogger;
    this.largestFrame = Math.max(leastLargestFrame, ...hubs.map((hub) => hub.maximumMessageSize * 2));
    for (const hub of hubs) {
      const path = bareOf(hub.path);
      if (this.#hubs.has(path)) throw new Error(`Two hubs have the path '${hub.path}'.`);
      this.#hubs.set(path, hub.serve(this));
    }
  }

  /**
   * Gives the ways to a hub's clients from outside its methods.
   * @typeParam Types what the hub was defined with
   * @param hub one of this server's
   * @returns the hub as it runs here: its clients, connections and groups
   */
  hub<Types extends HubTypes>(hub: Hub<Types>): HubContext<Types> {
    return hub.in(this);
  }

  /**
   * Handles a request for any path; never rejects.
   * @param port what the runtime can do to the request
   * @internal
   */
  async handle(request: Request, port: RequestPort): Promise<Handled> {
    const url = parseRequestUrl(request.url);
    const [hub, part] = this.#find(bareOf(url.path));
    if (hub === undefined) return { kind: "not-found" };
    try {
      return await hub.handle({ request, url, port }, part);
    } catch (error) {
      this.logger.error("A request failed.", { method: request.method, path: url.path, error });
      return { kind: "response", response: emptyResponse(500) };
    }
  }

  /**
   * Tells what is a hub's before anything costly is made of a request.
   * @param url of the request, or its path and query
   * @internal
   */
  serves(url: string): boolean {
    return this.#find(bareOf(parseRequestUrl(url).path))[0] !== undefined;
  }

  #find(path: string): readonly [ServedHub | undefined, HubPart] {
    for (const part of ["negotiate", "refresh"] as const) {
      if (path.endsWith(`/${part}`)) return [this.#hubs.get(path.slice(0, -part.length - 1)), part];
    }
    return [this.#hubs.get(path), "transport"];
  }

  /**
   * Counts, for whoever watches the server.
   * @returns how each hub is used in this process
   */
  usage(): HubUsage[] {
    return [...this.#hubs.values()].map((hub) => hub.usage());
  }

  /**
   * Sends every client a close that asks it to come back, and takes no new ones (rule C2).
   * @returns what resolves when all transports are closed
   */
  async shutdown(): Promise<void> {
    const hubs = [...this.#hubs.values()];
    for (const hub of hubs) hub.shutdown();
    await Promise.all(hubs.map((hub) => hub.drained()));
  }
}

/** @returns a path as it is compared: without regard to case, and to a slash at its end */
function bareOf(path: string): string {
  return (path.endsWith("/") ? path.slice(0, -1) : path).toLowerCase();
}

/**
 * Makes a server of some hubs, to be given to `bunRuntime` or `nodeRuntime`.
 * @param options its hubs, and what they share
 * @returns the server
 * @throws Error when two hubs have the same path, RangeError when a hub's limit makes no sense
 * @example
 * ```ts
 * const signalr = createSignalR({ hubs: [chatHub] });
 * signalr.hub(chatHub).clients.all.send("said", "hello");
 * ```
 */
export function createSignalR(options: SignalROptions): SignalR {
  return new SignalR(options);
}
