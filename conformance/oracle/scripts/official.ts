import {
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  JsonHubProtocol,
  LogLevel,
  Subject,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { inTurn, type Note, type Script, type Target, type TransportName } from "../script.ts";
import { transportsFor } from "./transports.ts";

interface Options {
  readonly transport: TransportName;
  readonly token?: string;
  readonly skipNegotiation?: boolean;
  readonly stateful?: boolean;
}

/** What an application sees that uses the official client. */
export const official: Script = {
  name: "official",
  speaks: true,
  async run(target, note) {
    await inTurn(transportsFor(target), async (transport) => {
      const step: Note = (title, observed) => note(`${transport}: ${title}`, observed);
      await used(build(target, "/oracle", { transport, token: "admin" }), step);
      step("/authorized", await outcomeOf(build(target, "/authorized", { transport })));
      step("/authorized, refused", await outcomeOf(build(target, "/authorized", { transport, token: "refused" })));
      step("/absent", await outcomeOf(build(target, "/absent", { transport })));
    });
    const transport = "WebSockets";
    // Over server-sent events a client may also find the connection gone when it first posts.
    for (const hub of ["/failing", "/failing-openly"]) note(hub, await outcomeOf(build(target, hub, { transport })));
    note("a transport that is off", await outcomeOf(build(target, "/no-websockets", { transport })));
    await used(build(target, "/oracle", { transport, stateful: true }), (title, observed) =>
      note(`stateful: ${title}`, observed),
    );
    await used(build(target, "/authorized", { transport, token: "ada", skipNegotiation: true }), (title, observed) =>
      note(`without negotiate: ${title}`, observed),
    );
  },
};

function build({ address, protocol }: Target, hub: string, { transport, token, skipNegotiation, stateful }: Options) {
  const builder = new HubConnectionBuilder()
    .withUrl(address + hub, {
      transport: HttpTransportType[transport],
      skipNegotiation: skipNegotiation ?? false,
      ...(token === undefined ? {} : { accessTokenFactory: () => token }),
    })
    .withHubProtocol(protocol === "json" ? new JsonHubProtocol() : new MessagePackHubProtocol())
    .configureLogging(LogLevel.None);
  return (stateful ? builder.withStatefulReconnect() : builder).build();
}

async function used(client: HubConnection, note: Note): Promise<void> {
  const received: unknown[] = [];
  client.on("Message", (...args) => received.push(args));
  client.on("Ask", (question) => `${question}?`);
  await client.start();
  const tryTo = (method: string, ...args: readonly unknown[]) => settled(client.invoke(method, ...args));
  note("value", await tryTo("Echo", "x"));
  note("nothing", await tryTo("Nothing"));
  note("user", await tryTo("WhoAmI"));
  note("transport", await tryTo("Transport"));
  note("restricted", await tryTo("Restricted"));
  note("failures", [await tryTo("Fail"), await tryTo("FailOpenly"), await tryTo("Absent")]);
  note("pushes", [await tryTo("Push", 2), received]);
  note("asked", await tryTo("Ask", "why"));
  note("streams", [
    await items(client, "Count", 3),
    await items(client, "BreakOpenly"),
    await items(client, "Echo", "x"),
  ]);
  const subject = new Subject<number>();
  const sum = tryTo("Sum", subject);
  for (const number of [1, 2, 3]) subject.next(number);
  subject.complete();
  note("upload", await sum);
  const closed = new Promise((resolve) => client.onclose((error) => resolve(error?.message ?? "without an error")));
  await client.send("Abort");
  note("ended by the hub", await closed);
}

function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: Error) => ({ error: error.message }));
}

function items(client: HubConnection, method: string, ...args: readonly unknown[]): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  return new Promise((resolve) => {
    client.stream(method, ...args).subscribe({
      next: (item) => seen.push(item),
      error: (error: Error) => resolve([...seen, { error: error.message }]),
      complete: () => resolve(seen),
    });
  });
}

/** What ends a client while it starts or soon after: which of them it is, is a race between it and the server. */
async function outcomeOf(client: HubConnection): Promise<unknown> {
  const closed = new Promise<string>((resolve) => client.onclose((error) => resolve(error?.message ?? "no error")));
  const message = await client.start().then(
    () => closed,
    (error: Error) => error.message,
  );
  return message.replaceAll(/127\.0\.0\.1:\d+/g, "the server");
}
