import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";

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
  hub.on("Message", (value) => received.push(value));
  hub.on("Ask", (question: string) => {
    if (question === "boom") throw new Error("client boom");
    return question === "hang" ? new Promise(() => undefined) : `${question}!`;
  });
  await hub.start();
  await hub.invoke("Echo", "0");
  return { hub, id: hub.connectionId ?? "", received };
}
