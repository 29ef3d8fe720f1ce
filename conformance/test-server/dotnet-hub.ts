import { setTimeout as sleep } from "node:timers/promises";
import { HubError, type HubMethod } from "@hubbub/signalr";
import { bind, InvalidOperationException } from "./binding.ts";
import { cookieOf, headerOf } from "./javascript-hub.ts";
import type { Visitor } from "./visitor.ts";

/** What the hubs for the .NET client send. */
export interface DotnetEvents {
  readonly Echo: unknown;
  readonly NoClientHandler: null;
}

export interface DotnetTypes {
  readonly user: Visitor;
  readonly events: DotnetEvents;
}

type Method = HubMethod<DotnetTypes>;
type Methods = Readonly<Record<string, Method>>;

/** Milliseconds between two items of `Stream`. */
const pace = 20;

/** What the functional tests of the official .NET client call. */
export const dotnetMethods: Methods = {
  HelloWorld: bind([], () => "Hello World!"),
  Echo: bind(["string"], (_call, message) => message),
  CallEcho: bind(["string"], (call, message) => call.connection.send("Echo", message)),
  CallHandlerThatDoesntExist: bind([], (call) => call.connection.send("NoClientHandler", null)),
  GetCallerConnectionId: bind([], (call) => call.connectionId),
  GetUserIdentifier: bind([], (call) => (call.userId === "" ? null : call.userId)),
  GetHeaderValues: bind(["strings"], (call, names) =>
    Array.isArray(names) ? names.map((name) => headerOf(call, String(name))) : [],
  ),
  GetCookieValue: bind(["string"], (call, cookie) => cookieOf(call, String(cookie))),
  GetIHttpConnectionFeatureProperties: bind([], (call) => {
    const { socket } = call.user;
    if (socket === undefined) throw new InvalidOperationException("This runtime does not tell its sockets.");
    return [socket.localPort, socket.remotePort, socket.localAddress, socket.remoteAddress];
  }),
  GetActiveTransportName: bind([], (call) => call.connection.transportName),
  GetHttpProtocol: bind([], () => "HTTP/1.1"),
  Abort: bind([], (call) => call.connection.close()),
  CallWithUnserializableObject: bind([], failToSerialize),
  GetUnserializableObject: bind([], failToSerialize),
};

export const dotnetStreams: Methods = {
  Stream: bind(["number"], (_call, count) => paced(Number(count))),
  StreamException: bind([], () => {
    throw new InvalidOperationException("Error occurred while streaming.");
  }),
  StreamBroken: bind([], (call) => {
    const text = `The value returned by the streaming method '${call.target}' is not a ChannelReader<> or IAsyncEnumerable<>.`;
    throw new HubError(text);
  }),
  StreamEcho: bind([], (call) => echoItems(call)),
  StreamEchoInt: bind([], (call) => echoItems(call)),
  StreamIAsyncConsumer: bind([], (call) => call.streams[0] ?? []),
};

async function* paced(count: number) {
  for (let item = 0; item < count; item++) {
    yield item;
    await sleep(pace);
  }
}

/** The client's own error ends the echo, and is not echoed. */
async function* echoItems(call: Parameters<Method>[0]) {
  try {
    yield* call.streams[0] ?? [];
  } catch {
    return;
  }
}

/** The reference server ends a connection to which it cannot write a value; ours would only fail the invocation. */
function failToSerialize(call: Parameters<Method>[0]): void {
  const detail =
    call.connection.protocolName === "messagepack"
      ? "MessagePackSerializationException: Failed to serialize Microsoft.AspNetCore.SignalR.Client.FunctionalTests.TestHub+Unserializable value."
      : "JsonException: A possible object cycle was detected.";
  call.connection.close({ error: `Connection closed with an error. ${detail}` });
}
