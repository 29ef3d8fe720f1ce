import {
  type ChatEventName,
  type ChatEvents,
  chatEvents,
  conversationEvents,
  type HubOperationName,
  type HubOutput,
  type OperationRequest,
  type OperationRow,
  operations,
} from "@hubbub/contract";
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import type { z } from "zod";
import { eventually } from "./eventually.ts";
import { strictly } from "./strictly.ts";

const eventSchemas: { readonly [Name in ChatEventName]: z.ZodType<ChatEvents[Name]> } = chatEvents;

const outputs: {
  readonly [Name in HubOperationName]: { readonly hub: { readonly output: z.ZodType<HubOutput<Name>> } };
} = operations;

/** A method and its arguments for an operation's input: the fields that the contract lists, or the input itself. */
function invocation({ hub }: OperationRow, input: object): [method: string, ...unknown[]] {
  if (hub === undefined) throw new Error("The hub does not offer this");
  const values = new Map<string, unknown>(Object.entries(input));
  return [hub.method, ...(hub.arguments?.map((field) => values.get(field)) ?? [input])];
}

export interface Push {
  readonly event: string;
  readonly payload: unknown;
}

/** The official client on the chat hub. It keeps all that it is sent, in order, each checked against the contract. */
export class HubClient {
  readonly connection: HubConnection;
  readonly pushes: Push[] = [];
  /** What must never happen: events and payloads beyond the contract. */
  readonly faults: string[] = [];
  /** Set once the connection has ended. */
  closed: { readonly error: Error | undefined } | undefined;

  private constructor(url: string, token: string, skipNegotiation: boolean) {
    this.connection = new HubConnectionBuilder()
      .withUrl(`${url}/hubs/chat`, {
        accessTokenFactory: () => token,
        transport: HttpTransportType.WebSockets,
        skipNegotiation,
      })
      .configureLogging({
        log: (level, message) => {
          if (level === LogLevel.Warning && message.startsWith("No client method")) this.faults.push(message);
        },
      })
      .build();
    for (const [event, schema] of Object.entries(eventSchemas)) {
      this.connection.on(event, (...payloads: unknown[]) => this.#receive(event, schema, payloads));
    }
    this.connection.onclose((error) => {
      this.closed = { error };
    });
  }

  static async open(url: string, token: string, skipNegotiation = false): Promise<HubClient> {
    const client = new HubClient(url, token, skipNegotiation);
    await client.connection.start();
    return client;
  }

  #receive(event: string, schema: z.ZodType, payloads: readonly unknown[]): void {
    const [payload] = payloads;
    if (payloads.length !== 1) this.faults.push(`${event} came with ${payloads.length} arguments`);
    try {
      strictly(schema, payload);
    } catch (error) {
      this.faults.push(`${event}: ${error}`);
    }
    this.pushes.push({ event, payload });
  }

  /** Calls an operation by its hub method. @throws when it is refused */
  async call<Name extends HubOperationName>(name: Name, input: OperationRequest<Name>): Promise<HubOutput<Name>> {
    return strictly(outputs[name].hub.output, await this.connection.invoke(...invocation(operations[name], input)));
  }

  send(input: OperationRequest<"sendMessage">) {
    return this.call("sendMessage", input);
  }

  sync(input: OperationRequest<"sync">) {
    return this.call("sync", input);
  }

  /** The payloads of one event so far. */
  heard<Name extends ChatEventName>(event: Name): ChatEvents[Name][] {
    return this.pushes.flatMap((push) => (push.event === event ? [eventSchemas[event].parse(push.payload)] : []));
  }

  /** The first payload of an event that fits, come or coming. @throws after 5 s, telling what came instead */
  async hears<Name extends ChatEventName>(
    event: Name,
    fits: (payload: ChatEvents[Name]) => boolean = () => true,
  ): Promise<ChatEvents[Name]> {
    return eventually(
      () => this.heard(event).find(fits),
      () => `No such ${event} among ${JSON.stringify(this.pushes)}`,
    );
  }

  /** Waits until the connection has ended. @throws after 5 s */
  async ends(): Promise<void> {
    await eventually(
      () => this.closed,
      () => "The connection is still open",
    );
  }

  /** Closes. @throws when anything beyond the contract was pushed */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.stop();
    if (this.faults.length > 0) throw new Error(this.faults.join("\n"));
  }
}

/** What was pushed of one conversation's log, in order; what not everyone may see as a mere ConversationChanged [L10]. */
export function conversationPushes(hub: HubClient, conversationId: string): Push[] {
  return hub.pushes.filter(
    ({ event, payload }) =>
      (Object.hasOwn(conversationEvents, event) || event === "ConversationChanged") &&
      Object(payload).conversationId === conversationId,
  );
}
