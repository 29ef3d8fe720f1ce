import { expect } from "bun:test";
import type { Backplane, BackplaneFactory } from "../backplanes/backplane.ts";
import { HubClients } from "../hub/hub-clients.ts";
import type { CloseOptions } from "../hub/hub-types.ts";
import { InMemoryLifetimeManager } from "../hub/in-memory-lifetime-manager.ts";
import { consoleLogger, type Logger } from "../hub/logger.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { messagePackProtocol } from "../protocol/messagepack-protocol.ts";
import { MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import type { TestClient } from "./test-client.ts";

/** What nodes are joined by for the length of a test. */
export interface BackplaneSetting extends AsyncDisposable {
  /** Makes each node's backplane; group commands wait no longer than half a second for their acknowledgement. */
  readonly backplane: BackplaneFactory;
  /** Milliseconds by which a message may come behind a later one to someone else; absent where order is kept. */
  readonly disorder?: number;
}

/** Losses are warned of, and some tests bring them about. */
const logger: Logger = { ...consoleLogger, warn: () => undefined };

interface Events {
  readonly Message: unknown;
  readonly Ask: unknown;
  /** As they were recorded. */
  ping(): void;
  obj(value: object, number: number): void;
}

/** What a connection would be told at its end, as an event, for a `TestClient` has no end. */
function farewell(options: CloseOptions): SerializedMessage {
  return new SerializedMessage({
    type: MessageType.invocation,
    target: "Message",
    arguments: [{ end: { ...options } }],
  });
}

/** One node: its connections and its way to the others. */
export class ContractNode {
  readonly local = new InMemoryLifetimeManager();
  readonly backplane: Backplane;
  readonly clients: HubClients<Events>;

  constructor(
    factory: BackplaneFactory,
    protocols: readonly HubProtocol[] = [jsonProtocol, messagePackProtocol],
    { path = "/contract", onError = logger.error }: { path?: string; onError?: Logger["error"] } = {},
  ) {
    this.backplane = factory({
      ...{ path, local: this.local, protocols, logger: { ...logger, error: onError } },
      disconnectUser: (userId, options) => this.local.deliver({ kind: "user", id: userId }, farewell(options)),
    });
    this.clients = new HubClients(this.backplane);
  }

  async connect(client: TestClient): Promise<TestClient> {
    this.local.add(client);
    await this.backplane.reachable(client.id, client.userId);
    return client;
  }
}

export async function until(condition: () => boolean, milliseconds = 4000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition() && Date.now() < end) await Bun.sleep(1);
  expect(condition()).toBe(true);
}

let lastMark = 0;

/**
 * Waits until everything sent before has arrived: a mark that each node sends to everyone comes behind it.
 * @returns what each client has received since the last time, without the marks
 */
export async function settle(
  nodes: readonly ContractNode[],
  clients: readonly TestClient[],
  { disorder = 0 }: BackplaneSetting,
): Promise<unknown[][]> {
  for (const node of nodes) {
    const mark = `mark ${++lastMark}`;
    node.clients.all.send("Message", mark);
    await until(() => clients.every(({ received }) => received.includes(mark)));
  }
  if (disorder > 0) await Bun.sleep(disorder);
  return clients.map((client) => client.take().filter((value) => !String(value).startsWith("mark ")));
}

export async function startNodes(setting: BackplaneSetting) {
  const nodes = [new ContractNode(setting.backplane), new ContractNode(setting.backplane)] as const;
  await Promise.all(nodes.map(({ backplane }) => backplane.ready));
  const [a, b] = nodes;
  return { a, b, [Symbol.asyncDispose]: async () => void (await Promise.all(nodes.map((n) => n.backplane.close()))) };
}
