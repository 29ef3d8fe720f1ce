import {
  type CompletionMessage,
  type HubMessage,
  type InvocationMessage,
  MessageType,
  type Outcome,
  type StreamInvocationMessage,
} from "../protocol/messages.ts";
import type { ClientResults } from "./client-results.ts";
import { ClientStream } from "./client-stream.ts";
import type { Connection } from "./connection.ts";
import { ConnectionCalls } from "./connection-calls.ts";
import { describeError, errorTexts } from "./error-texts.ts";
import { type Groups, HubCall } from "./hub-call.ts";
import type { HubClients } from "./hub-clients.ts";
import { HubError, HubException, HubUnauthorizedError } from "./hub-error.ts";
import { type HubFilter, withFilters } from "./hub-filter.ts";
import type { HubMethod, HubSettings, HubTypes } from "./hub-options.ts";
import type { Logger } from "./logger.ts";
import { sendStream } from "./server-stream.ts";
import type { TurnBudget } from "./turn-budget.ts";

type CallMessage = InvocationMessage | StreamInvocationMessage;

/** What runs for a name, by the way it is invoked. */
interface KnownMethod<Types extends HubTypes> {
  readonly plain: HubMethod<Types>;
  readonly streamed: HubMethod<Types>;
}

interface Methods<Types extends HubTypes> {
  readonly filters?: readonly HubFilter<Types>[];
  readonly methods: Readonly<Record<string, HubMethod<Types>>>;
  readonly streams?: Readonly<Record<string, HubMethod<Types>>>;
}

/** @returns what stands for a method invoked the wrong way; arguments that do not fit are told first, as the reference server does */
function refusal<Types extends HubTypes>(
  { checkArguments }: HubMethod<Types>,
  textOf: (target: string) => string,
): HubMethod<Types> {
  return async ({ target }, ...args) => {
    await checkArguments?.(target, args);
    throw new HubError(textOf(target));
  };
}

/** What a dispatcher needs of its hub. */
export interface DispatcherHost<Types extends HubTypes> {
  readonly settings: HubSettings;
  readonly budget: TurnBudget;
  readonly logger: Logger;
  /** What was asked of clients. */
  readonly results: ClientResults;
  readonly clients: HubClients<Types["events"]>;
  readonly groups: Groups;
}

/** Runs hub methods for the messages of connections: in order, a bounded number at a time. */
export class Dispatcher<Types extends HubTypes> {
  readonly #methods = new Map<string, KnownMethod<Types>>();
  readonly #host: DispatcherHost<Types>;
  /** Of connections that have asked for something. */
  readonly #calls = new Map<Connection<Types>, ConnectionCalls<Types>>();

  /** @throws Error when two methods differ in nothing but case */
  constructor({ methods, streams = {}, filters = [] }: Methods<Types>, host: DispatcherHost<Types>) {
    this.#host = host;
    for (const [name, method] of Object.entries(methods)) {
      const streamed = refusal(method, errorTexts.plainInvokedAsStream);
      this.#define(name, { plain: withFilters(method, filters), streamed });
    }
    for (const [name, method] of Object.entries(streams)) {
      const plain = refusal(method, errorTexts.streamInvokedPlainly);
      this.#define(name, { plain, streamed: withFilters(method, filters) });
    }
  }

  dispatch(connection: Connection<Types>, message: HubMessage): void {
    switch (message.type) {
      case MessageType.invocation:
        this.#invoke(connection, message);
        return;
      case MessageType.streamInvocation:
        this.#startStream(connection, message);
        return;
      case MessageType.cancelInvocation:
        this.#calls.get(connection)?.calls.get(message.invocationId)?.cancel();
        return;
      case MessageType.streamItem:
        this.#calls.get(connection)?.uploads.get(message.invocationId)?.push(message.item);
        return;
      case MessageType.completion:
        this.#takeCompletion(connection, message);
        return;
      default:
        this.#host.logger.debug("A message was ignored.", { connectionId: connection.id, type: message.type });
    }
  }

  /** Whether invocations of a connection could run, were there time. */
  isBehind(connection: Connection<Types>): boolean {
    const calls = this.#calls.get(connection);
    return calls !== undefined && this.#host.budget.isWaiting(calls);
  }

  /** Cancels what runs and forgets what waits. */
  disconnected(connection: Connection<Types>): void {
    const calls = this.#calls.get(connection);
    if (calls === undefined) return;
    this.#calls.delete(connection);
    calls.waiting.length = 0;
    for (const call of calls.active) call.cancel();
    for (const upload of calls.uploads.values()) upload.complete(new Error("The connection ended."));
  }

  #define(name: string, method: KnownMethod<Types>): void {
    const key = name.toLowerCase();
    if (this.#methods.has(key))
      throw new Error(`Duplicate hub method '${name}': names are matched without regard to case.`);
    this.#methods.set(key, method);
  }

  #callsOf(connection: Connection<Types>): ConnectionCalls<Types> {
    const known = this.#calls.get(connection);
    if (known !== undefined) return known;
    const calls = new ConnectionCalls<Types>((own) => this.#startNext(connection, own));
    this.#calls.set(connection, calls);
    return calls;
  }

  /** Invocations that stream something do not take a slot: they may last. */
  #invoke(connection: Connection<Types>, message: InvocationMessage): void {
    const calls = this.#callsOf(connection);
    if ((calls.waiting.length === 0 && this.#mayStart(calls)) || message.streamIds !== undefined) {
      this.#start(connection, calls, message);
      return;
    }
    calls.waiting.push(message);
    if (calls.waiting.length >= this.#host.settings.maximumQueuedInvocations) this.#setFull(connection, calls, true);
  }

  #mayStart(calls: ConnectionCalls<Types>): boolean {
    return calls.running < this.#host.settings.maximumParallelInvocations;
  }

  /** Starts those that wait as long as there are slots and time. */
  #startWaiting(connection: Connection<Types>, calls: ConnectionCalls<Types>): void {
    let more = calls.waiting.length > 0;
    while (more && !this.#host.budget.isSpent) more = this.#startNext(connection, calls);
    if (more) this.#host.budget.wait(calls);
  }

  /** @returns whether another waits for which there is a slot */
  #startNext(connection: Connection<Types>, calls: ConnectionCalls<Types>): boolean {
    const message = this.#mayStart(calls) ? calls.waiting.shift() : undefined;
    if (message !== undefined) this.#start(connection, calls, message);
    // Read on for many at a time: to stop and to go on for each costs as much as a small message.
    if (calls.waiting.length <= this.#host.settings.maximumQueuedInvocations / 2)
      this.#setFull(connection, calls, false);
    return calls.waiting.length > 0 && this.#mayStart(calls);
  }

  #setFull(connection: Connection<Types>, calls: ConnectionCalls<Types>, full: boolean): void {
    if (calls.full === full) return;
    calls.full = full;
    connection.holdInput(full);
  }

  #start(connection: Connection<Types>, calls: ConnectionCalls<Types>, message: InvocationMessage): void {
    const { target, invocationId, streamIds } = message;
    const method = this.#find(connection, message);
    if (method === undefined) return;
    const refused = this.#refusalOfUploads(calls, streamIds);
    if (refused !== undefined) {
      this.#complete(connection, invocationId, { kind: "error", error: refused });
      return;
    }
    const setWaiting = (waiting: boolean) => {
      calls.running += waiting ? -1 : 1;
      if (waiting) this.#startWaiting(connection, calls);
    };
    const takesSlot = streamIds === undefined;
    const call = new HubCall(connection, {
      clients: this.#host.clients,
      groups: this.#host.groups,
      target,
      invocationId,
      headers: message.headers,
      streams: this.#openUploads(connection, calls, streamIds),
      ...(takesSlot ? { setWaiting } : {}),
    });
    if (takesSlot) calls.running++;
    calls.active.add(call);
    if (invocationId !== undefined) calls.calls.set(invocationId, call);
    void this.#run(method.plain, call, message).then((outcome) => {
      if (takesSlot) calls.running--;
      this.#forget(calls, call, message);
      this.#complete(connection, invocationId, outcome);
      this.#startWaiting(connection, calls);
      if (calls.isIdle && this.#calls.get(connection) === calls) this.#calls.delete(connection);
    });
  }

  #startStream(connection: Connection<Types>, message: StreamInvocationMessage): void {
    const { target, invocationId, streamIds } = message;
    const calls = this.#callsOf(connection);
    const method = this.#find(connection, message);
    if (method === undefined) return;
    const refused = this.#refusalOfStream(calls, message);
    if (refused !== undefined) {
      this.#complete(connection, invocationId, { kind: "error", error: refused });
      return;
    }
    const streams = this.#openUploads(connection, calls, streamIds);
    const call = new HubCall(connection, {
      clients: this.#host.clients,
      groups: this.#host.groups,
      target,
      invocationId,
      headers: message.headers,
      streams,
    });
    calls.active.add(call);
    calls.calls.set(invocationId, call);
    calls.streaming++;
    void this.#runStream(connection, method.streamed, call, message).then((outcome) => {
      calls.streaming--;
      this.#forget(calls, call, message);
      this.#complete(connection, invocationId, outcome);
    });
  }

  #refusalOfStream(calls: ConnectionCalls<Types>, message: StreamInvocationMessage): string | undefined {
    if (calls.calls.has(message.invocationId)) return errorTexts.invocationIdInUse(message.invocationId);
    if (calls.streaming >= this.#host.settings.maximumStreams) return errorTexts.tooManyStreams;
    return this.#refusalOfUploads(calls, message.streamIds);
  }

  #refusalOfUploads(calls: ConnectionCalls<Types>, streamIds: readonly string[] = []): string | undefined {
    const taken = streamIds.find((id, index) => calls.uploads.has(id) || streamIds.indexOf(id) < index);
    if (taken !== undefined) return errorTexts.streamIdInUse(taken);
    const { maximumStreams } = this.#host.settings;
    return calls.uploads.size + streamIds.length > maximumStreams ? errorTexts.tooManyStreams : undefined;
  }

  #find(connection: Connection<Types>, { target, invocationId }: CallMessage): KnownMethod<Types> | undefined {
    const method = this.#methods.get(target.toLowerCase());
    if (method === undefined) {
      const error = new HubException(errorTexts.methodUnknown);
      this.#complete(connection, invocationId, this.#failure(errorTexts.bindingFailed(target), error));
    }
    return method;
  }

  #openUploads(
    connection: Connection<Types>,
    calls: ConnectionCalls<Types>,
    streamIds: readonly string[] | undefined,
  ): readonly ClientStream[] | undefined {
    return streamIds?.map((id) => {
      const upload = new ClientStream((full) => connection.holdInput(full));
      calls.uploads.set(id, upload);
      return upload;
    });
  }

  /** A call that is over reads nothing more: its uploads end with it. */
  #forget(calls: ConnectionCalls<Types>, call: HubCall<Types>, { invocationId, streamIds }: CallMessage): void {
    calls.active.delete(call);
    if (invocationId !== undefined && calls.calls.get(invocationId) === call) calls.calls.delete(invocationId);
    streamIds?.forEach((id, index) => {
      const upload = call.streams[index];
      if (upload === undefined) return;
      void upload.return();
      if (calls.uploads.get(id) === upload) calls.uploads.delete(id);
    });
  }

  #takeCompletion(connection: Connection<Types>, { invocationId, outcome }: CompletionMessage): void {
    const upload = this.#calls.get(connection)?.uploads.get(invocationId);
    if (upload !== undefined) upload.complete(outcome.kind === "error" ? new HubException(outcome.error) : undefined);
    else this.#host.results.complete(connection.id, invocationId, outcome);
  }

  /** Starts the method at once, within the message's own turn. Never rejects. */
  async #run(handler: HubMethod<Types>, call: HubCall<Types>, message: CallMessage): Promise<Outcome> {
    try {
      return { kind: "result", result: (await handler(call, ...message.arguments)) ?? null };
    } catch (error) {
      if (error instanceof HubUnauthorizedError)
        return { kind: "error", error: errorTexts.unauthorized(message.target) };
      return this.#failure(errorTexts.invocationFailed(message.target), error);
    }
  }

  async #runStream(
    connection: Connection<Types>,
    handler: HubMethod<Types>,
    call: HubCall<Types>,
    message: StreamInvocationMessage,
  ): Promise<Outcome> {
    const started = await this.#run(handler, call, message);
    if (started.kind !== "result") return started;
    try {
      return await sendStream(connection, call, message.invocationId, started.result);
    } catch (error) {
      return this.#failure(errorTexts.streamFailed, error);
    }
  }

  #failure(text: string, error: unknown): Outcome {
    this.#host.logger.debug(text, { error });
    return { kind: "error", error: describeError(text, error, this.#host.settings.detailedErrors) };
  }

  #complete(connection: Connection<Types>, invocationId: string | undefined, outcome: Outcome): void {
    if (invocationId === undefined) return;
    try {
      connection.write({ type: MessageType.completion, invocationId, outcome });
    } catch (error) {
      this.#host.logger.warn("A result could not be encoded.", { connectionId: connection.id, error });
      const failure = this.#failure("The result could not be sent.", error);
      connection.write({ type: MessageType.completion, invocationId, outcome: failure });
    }
  }
}
