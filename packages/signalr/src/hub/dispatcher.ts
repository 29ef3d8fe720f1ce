import { type HubMessage, type InvocationMessage, MessageType, type Outcome } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";
import { describeError, errorTexts } from "./error-texts.ts";
import { HubCall } from "./hub-call.ts";
import { HubException } from "./hub-error.ts";
import type { HubMethod, HubSettings, HubTypes } from "./hub-options.ts";
import { InvocationQueue } from "./invocation-queue.ts";
import type { Logger } from "./logger.ts";

/** Runs hub methods for the messages of connections: in order, a bounded number at a time. */
export class Dispatcher<Types extends HubTypes> {
  readonly #methods = new Map<string, HubMethod<Types>>();
  readonly #settings: HubSettings;
  readonly #logger: Logger;

  /** @throws Error when two methods differ in nothing but case */
  constructor(methods: Readonly<Record<string, HubMethod<Types>>>, settings: HubSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
    for (const [name, method] of Object.entries(methods)) {
      const key = name.toLowerCase();
      if (this.#methods.has(key))
        throw new Error(`Duplicate hub method '${name}': names are matched without regard to case.`);
      this.#methods.set(key, method);
    }
  }

  /** Makes invocations of a connection wait until `release`. */
  hold(connection: Connection<Types>): void {
    this.#queueOf(connection).held = true;
  }

  release(connection: Connection<Types>): void {
    const queue = this.#queueOf(connection);
    queue.held = false;
    this.#startWaiting(connection, queue);
    // Most connections only listen from here on, and need no queue.
    if (queue.running === 0) connection.invocations = null;
  }

  dispatch(connection: Connection<Types>, message: HubMessage): void {
    switch (message.type) {
      case MessageType.invocation:
        this.#enqueue(connection, message);
        return;
      case MessageType.cancelInvocation:
        connection.invocations?.calls.get(message.invocationId)?.cancel();
        return;
      default:
        this.#logger.debug("A message was ignored.", { connectionId: connection.id, type: message.type });
    }
  }

  /** Cancels what runs and forgets what waits. */
  disconnected(connection: Connection<Types>): void {
    const queue = connection.invocations;
    if (queue === null) return;
    queue.waiting.length = 0;
    for (const call of queue.calls.values()) call.cancel();
  }

  #queueOf(connection: Connection<Types>): InvocationQueue<Types> {
    connection.invocations ??= new InvocationQueue();
    return connection.invocations;
  }

  #enqueue(connection: Connection<Types>, message: InvocationMessage): void {
    const queue = this.#queueOf(connection);
    if (this.#mayStart(queue) && queue.waiting.length === 0) {
      this.#start(connection, queue, message);
      return;
    }
    if (queue.waiting.length >= this.#settings.maximumQueuedInvocations) {
      const error = "Too many invocations are waiting.";
      connection.end({ kind: "overloaded", error }, { type: MessageType.close, error, allowReconnect: true });
      return;
    }
    queue.waiting.push(message);
  }

  #mayStart(queue: InvocationQueue<Types>): boolean {
    return !queue.held && queue.running < this.#settings.maximumParallelInvocations;
  }

  #startWaiting(connection: Connection<Types>, queue: InvocationQueue<Types>): void {
    while (connection.isOpen && this.#mayStart(queue)) {
      const message = queue.waiting.shift();
      if (message === undefined) return;
      this.#start(connection, queue, message);
    }
  }

  #start(connection: Connection<Types>, queue: InvocationQueue<Types>, message: InvocationMessage): void {
    const { target, invocationId } = message;
    const method = this.#methods.get(target.toLowerCase());
    if (method === undefined) {
      const error = new HubException(errorTexts.methodUnknown);
      this.#complete(connection, invocationId, this.#failure(errorTexts.bindingFailed(target), error));
      return;
    }
    const call = new HubCall(connection, target, invocationId, message.headers);
    queue.running++;
    if (invocationId !== undefined) queue.calls.set(invocationId, call);
    void this.#run(method, call, message).then((outcome) => {
      queue.running--;
      if (invocationId !== undefined && queue.calls.get(invocationId) === call) queue.calls.delete(invocationId);
      this.#complete(connection, invocationId, outcome);
      this.#startWaiting(connection, queue);
    });
  }

  /** Starts the method at once, within the message's own turn. Never rejects. */
  async #run(method: HubMethod<Types>, call: HubCall<Types>, message: InvocationMessage): Promise<Outcome> {
    try {
      return { kind: "result", result: await method(call, ...message.arguments) };
    } catch (error) {
      return this.#failure(errorTexts.invocationFailed(message.target), error);
    }
  }

  #failure(text: string, error: unknown): Outcome {
    this.#logger.debug(text, { error });
    return { kind: "error", error: describeError(text, error, this.#settings.detailedErrors) };
  }

  #complete(connection: Connection<Types>, invocationId: string | undefined, outcome: Outcome): void {
    if (invocationId === undefined) return;
    try {
      connection.write({ type: MessageType.completion, invocationId, outcome });
    } catch (error) {
      this.#logger.error("A result could not be encoded.", { connectionId: connection.id, error });
      const failure = this.#failure("The result could not be sent.", error);
      connection.write({ type: MessageType.completion, invocationId, outcome: failure });
    }
  }
}
