import {
  allOperations,
  type ChatEvents,
  chatEvents,
  conversationEvents,
  type HubMethodRow,
  type HubName,
  type HubOperationName,
  type HubOutput,
  hubMethodOf,
  type NotificationEvents,
  notificationEvents,
  type OperationRequest,
  presenceEvents,
} from "@hubbub/contract";
import {
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  type IHubProtocol,
  JsonHubProtocol,
  LogLevel,
} from "@microsoft/signalr";
import type { z } from "zod";
import { eventually } from "./eventually.ts";
import { strictly } from "./strictly.ts";

/** Everything that any hub sends. */
const eventSchemas = { ...chatEvents, ...presenceEvents, ...notificationEvents };
type EventName = keyof typeof eventSchemas;
type Events = ChatEvents & NotificationEvents;
const schemas: { readonly [Name in EventName]: z.ZodType<Events[Name]> } = eventSchemas;

const sentBy: Readonly<Record<HubName, Readonly<Record<string, z.ZodType>>>> = {
  chat: chatEvents,
  presence: presenceEvents,
  notifications: notificationEvents,
};

const outputs: {
  readonly [Name in HubOperationName]: { readonly hub: { readonly output: z.ZodType<HubOutput<Name>> } };
} = allOperations;

/** A method and its arguments for an operation's input: the fields that the contract lists, or the input itself. */
function invocation(hub: HubMethodRow | undefined, input: object): [method: string, ...unknown[]] {
  if (hub === undefined) throw new Error("No hub offers this");
  const values = new Map<string, unknown>(Object.entries(input));
  return [hub.method, ...(hub.arguments?.map((field) => values.get(field)) ?? [input])];
}

export interface Push {
  readonly event: string;
  readonly payload: unknown;
}

/** The official client on one hub. It keeps all that it is sent, in order, each checked against the contract. */
export class HubClient {
  readonly connection: HubConnection;
  readonly pushes: Push[] = [];
  /** What must never happen: events and payloads beyond the contract. */
  readonly faults: string[] = [];
  /** Set once the connection has ended. */
  closed: { readonly error: Error | undefined } | undefined;

  private constructor(url: string, token: string, skipNegotiation: boolean, hub: HubName, protocol: IHubProtocol) {
    this.connection = new HubConnectionBuilder()
      .withUrl(`${url}/hubs/${hub}`, {
        accessTokenFactory: () => token,
        transport: HttpTransportType.WebSockets,
        skipNegotiation,
      })
      .withHubProtocol(protocol)
      .configureLogging({
        log: (level, message) => {
          if (level === LogLevel.Warning && message.startsWith("No client method")) this.faults.push(message);
        },
      })
      .build();
    for (const [event, schema] of Object.entries(sentBy[hub])) {
      this.connection.on(event, (...payloads: unknown[]) => this.#receive(event, schema, payloads));
    }
    this.connection.onclose((error) => {
      this.closed = { error };
    });
  }

  static async open(
    url: string,
    token: string,
    skipNegotiation = false,
    hub: HubName = "chat",
    protocol: IHubProtocol = new JsonHubProtocol(),
  ): Promise<HubClient> {
    const client = new HubClient(url, token, skipNegotiation, hub, protocol);
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
    return strictly(outputs[name].hub.output, await this.connection.invoke(...invocation(hubMethodOf(name), input)));
  }

  /** All that an operation streams. @throws when it is refused */
  stream<Name extends HubOperationName>(name: Name, input: OperationRequest<Name>): Promise<HubOutput<Name>[]> {
    const items: HubOutput<Name>[] = [];
    return new Promise((resolve, reject) =>
      this.connection.stream<unknown>(...invocation(hubMethodOf(name), input)).subscribe({
        next: (item) => items.push(strictly(outputs[name].hub.output, item)),
        complete: () => resolve(items),
        error: reject,
      }),
    );
  }

  send(input: OperationRequest<"sendMessage">) {
    return this.call("sendMessage", input);
  }

  sync(input: OperationRequest<"sync">) {
    return this.call("sync", input);
  }

  /** The payloads of one event so far. */
  heard<Name extends EventName>(event: Name): Events[Name][] {
    return this.pushes.flatMap((push) => (push.event === event ? [schemas[event].parse(push.payload)] : []));
  }

  /** The first payload of an event that fits, come or coming. @throws after 5 s, telling what came instead */
  async hears<Name extends EventName>(
    event: Name,
    fits: (payload: Events[Name]) => boolean = () => true,
  ): Promise<Events[Name]> {
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
