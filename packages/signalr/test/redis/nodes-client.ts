import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { until } from "../../src/testing/contract-node.ts";

/** An official client of the nodes' hub, which notes what it is sent and answers what it is asked. */
export interface NodesClient {
  readonly hub: HubConnection;
  readonly id: string;
  readonly received: unknown[];
}

/** @param address of the hub, with its path */
export async function connectTo(address: string, token: string, withMessagePack = false): Promise<NodesClient> {
  const builder = new HubConnectionBuilder()
    .withUrl(address, { accessTokenFactory: () => token })
    .configureLogging(LogLevel.None);
  const hub = (withMessagePack ? builder.withHubProtocol(new MessagePackHubProtocol()) : builder).build();
  const received: unknown[] = [];
  hub.on("Message", (...values) => received.push(values.length === 1 ? values[0] : values));
  hub.on("Ask", (question: string) => {
    if (question === "boom") throw new Error("client boom");
    return question === "hang" ? new Promise(() => undefined) : `${question}!`;
  });
  await hub.start();
  await hub.invoke("Echo", "0");
  return { hub, id: hub.connectionId ?? "", received };
}

export async function stopAll(clients: readonly NodesClient[]): Promise<void> {
  await Promise.all(clients.map(({ hub }) => hub.stop()));
}

/** @returns what each has received since the last time, once what all of them have sent has arrived everywhere */
export async function settle(clients: readonly NodesClient[]): Promise<readonly unknown[][]> {
  for (const { hub, id } of clients) {
    const mark = `mark ${id} ${crypto.randomUUID()}`;
    await hub.invoke("All", mark);
    await until(() => clients.every(({ received }) => received.includes(mark)));
  }
  return clients.map(({ received }) => received.splice(0).filter((value) => !String(value).startsWith("mark ")));
}
