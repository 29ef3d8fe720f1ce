import {
  allOperations,
  type ChatEventName,
  type ChatEvents,
  chatEvents,
  type HubOperationName,
  type HubOutput,
  type NumberedEvent,
  numberedEvent,
  type OperationRequest,
} from "@hubbub/contract";
import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { HubbubError } from "../hubbub-error.ts";
import { Listeners } from "../listeners.ts";
import { retryDelay } from "./backoff.ts";
import { OverhearingProtocol } from "./overhearing-protocol.ts";

export type ConnectionState =
  | { readonly status: "connecting" }
  | { readonly status: "online" }
  /** The next try is at `until`, milliseconds since 1970. */
  | { readonly status: "offline"; readonly until: number }
  /** The session ended: there is nothing to come back to. */
  | { readonly status: "signedOut" }
  /** Stopped on this side. */
  | { readonly status: "stopped" };

interface HubMethod<Name extends HubOperationName> {
  readonly method: string;
  readonly arguments?: readonly string[];
  readonly output: { parse(value: unknown): HubOutput<Name> };
}

const hubMethods: { readonly [Name in HubOperationName]: { readonly hub: HubMethod<Name> } } = allOperations;

const pushed: { readonly [Name in ChatEventName]: { parse(value: unknown): ChatEvents[Name] } } = chatEvents;

/** A connection that lived this long is no sign of trouble when it ends, milliseconds. */
const settled = 5_000;

/**
 * A connection to `/hubs/chat` that comes back for as long as the session lives, also when its first start fails.
 * It tells its state and hands on what the server pushes; what was missed meanwhile is for a sync to tell [L20].
 */
export class ChatConnection {
  readonly #api: HubbubApi;
  readonly #hub: HubConnection;
  readonly #numbered = new Listeners<NumberedEvent>();
  readonly #states = new Listeners<ConnectionState>();
  #state: ConnectionState = { status: "stopped" };
  #failures = 0;
  #onlineSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: HubbubApi) {
    this.#api = api;
    this.#hub = new HubConnectionBuilder()
      .withUrl(`${api.baseUrl}/hubs/chat`, { accessTokenFactory: () => api.accessToken(), withCredentials: false })
      .withHubProtocol(new OverhearingProtocol((target, [value]) => this.#overhear(target, value)))
      .configureLogging(LogLevel.None)
      .build();
    this.#hub.onclose(() => this.#retryLater());
    // only a renewal tells whether this device has another session by now
    this.on("SessionRevoked", () => void this.#api.renew().catch(() => undefined));
    api.onSignedOut(() => this.#end({ status: "signedOut" }));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** @returns the way to stop hearing */
  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#states.add(listener);
  }

  /** Hears that a log has gone on by an event that this version cannot read. @returns the way to stop hearing */
  onNumbered(listener: (event: NumberedEvent) => void): () => void {
    return this.#numbered.add(listener);
  }

  /** Hears one kind of event, as far as this version can read it. */
  on<Name extends ChatEventName>(name: Name, listener: (payload: ChatEvents[Name]) => void): () => void {
    const handler = (value: unknown): void => {
      let payload: ChatEvents[Name];
      try {
        payload = pushed[name].parse(value);
      } catch {
        this.#tellNumber(value);
        return;
      }
      listener(payload);
    };
    this.#hub.on(name, handler);
    return () => this.#hub.off(name, handler);
  }

  /** Begins, or tries again at once when waiting for the next try. Never fails: the state tells. */
  start(): void {
    if (this.#state.status === "connecting" || this.#state.status === "online") return;
    clearTimeout(this.#timer);
    void this.#connect();
  }

  /** Ends for good, or until the next `start`. */
  async stop(): Promise<void> {
    this.#end({ status: "stopped" });
    await this.#hub.stop();
  }

  /** Invokes one operation over the hub. @throws HubbubError; `NETWORK` when the answer did not come */
  async call<Name extends HubOperationName>(name: Name, input: OperationRequest<Name>): Promise<HubOutput<Name>> {
    const { hub } = hubMethods[name];
    let answer: unknown;
    try {
      answer = await this.#hub.invoke(hub.method, ...argumentsOf(hub, input));
    } catch (cause) {
      throw HubbubError.fromHub(cause);
    }
    try {
      return hub.output.parse(answer);
    } catch (cause) {
      throw HubbubError.unexpectedAnswer(cause);
    }
  }

  /** Invokes one operation without wanting an answer: what fails of it comes as the event `Error` [K9]. */
  tell<Name extends HubOperationName>(name: Name, input: OperationRequest<Name>): void {
    const { hub } = hubMethods[name];
    if (this.#state.status === "online") this.#hub.send(hub.method, ...argumentsOf(hub, input)).catch(() => undefined);
  }

  #overhear(target: string, value: unknown): void {
    if (!Object.hasOwn(chatEvents, target)) this.#tellNumber(value);
  }

  #tellNumber(value: unknown): void {
    const read = numberedEvent.safeParse(value);
    if (read.success) this.#numbered.emit(read.data);
  }

  async #connect(): Promise<void> {
    this.#setState({ status: "connecting" });
    try {
      await this.#hub.start();
    } catch (error) {
      await this.#renewIfRefused(error);
      this.#retryLater();
      return;
    }
    if (this.#state.status !== "connecting") return void (await this.#hub.stop());
    this.#onlineSince = Date.now();
    this.#setState({ status: "online" });
  }

  /**
   * A refused token may have been revoked with its session, which only a renewal tells. The library tells of the
   * refusal in the text of its error alone.
   */
  async #renewIfRefused(error: unknown): Promise<void> {
    if (!(error instanceof Error && error.message.includes("Status code '401'"))) return;
    await this.#api.renew().catch(() => undefined);
  }

  #retryLater(): void {
    if (this.#state.status === "signedOut" || this.#state.status === "stopped") return;
    if (this.#state.status === "online" && Date.now() - this.#onlineSince > settled) this.#failures = 0;
    this.#failures++;
    const delay = retryDelay(this.#failures);
    this.#timer = setTimeout(() => void this.#connect(), delay);
    this.#setState({ status: "offline", until: Date.now() + delay });
  }

  #end(state: ConnectionState): void {
    clearTimeout(this.#timer);
    this.#setState(state);
    if (state.status === "signedOut") void this.#hub.stop();
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#states.emit(state);
  }
}

/** A method's arguments: the fields of the input that the contract lists, or the input itself. */
function argumentsOf({ arguments: fields }: { readonly arguments?: readonly string[] }, input: object): unknown[] {
  const values = new Map<string, unknown>(Object.entries(input));
  if (fields === undefined) return [input];
  const given = fields.findLastIndex((field) => values.get(field) !== undefined) + 1;
  return fields.slice(0, given).map((field) => values.get(field));
}
