import type { HubMethod } from "@hubbub/signalr";
import { bind, InvalidOperationException } from "./binding.ts";
import type { Visitor } from "./visitor.ts";

/** What the hubs for the JavaScript client send. */
export interface JavascriptEvents {
  readonly Message: unknown;
  readonly CustomObject: unknown;
  readonly StreamCanceled: null;
  readonly Result: null;
}

export interface JavascriptTypes {
  readonly user: Visitor;
  readonly events: JavascriptEvents;
}

type Methods = Readonly<Record<string, HubMethod<JavascriptTypes>>>;

/** What the functional tests of the official JavaScript client call. */
export const javascriptMethods: Methods = {
  Echo: bind(["string"], (_call, message) => message),
  GetCallerConnectionId: bind([], (call) => call.connectionId),
  GetNumRedirects: bind([], (call) => Number(call.connection.request?.url.query("numRedirects"))),
  ThrowException: bind(["string"], (_call, message) => {
    throw new InvalidOperationException(String(message));
  }),
  InvokeWithString: bind(["string"], (call, message) => call.connection.send("Message", message)),
  SendCustomObject: bind(["object"], (call, object) => call.connection.send("CustomObject", object)),
  async StreamingConcat(call) {
    let text = "";
    for await (const item of call.streams[0] ?? []) text += item;
    return text;
  },
  GetActiveTransportName: bind([], (call) => call.connection.transportName),
  EchoComplexObject: bind(["object"], (_call, object) => object),
  SendComplexObject: bind([], (call) => complexObject(call.connection.protocolName === "messagepack")),
  GetContentTypeHeader: bind([], (call) => headerOf(call, "content-type")),
  GetHeader: bind(["string"], (call, header) => headerOf(call, String(header))),
  GetCookie: bind(["string"], (call, cookie) => cookieOf(call, String(cookie))),
};

export const javascriptStreams: Methods = {
  Stream: bind([], () => ["a", "b", "c"]),
  EmptyStream: bind([], () => []),
  InfiniteStream: bind([], (call) => {
    call.signal.addEventListener("abort", () => call.connection.send("StreamCanceled", null));
    return forever;
  }),
  StreamThrowException: bind(["string"], (_call, message) => {
    throw new InvalidOperationException(String(message));
  }),
};

const forever = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };

/** Bytes and times have types of their own in MessagePack, and are text in JSON. */
function complexObject(binary: boolean) {
  const bytes = Uint8Array.of(1, 2, 3);
  const time = "2000-01-01T00:00:00Z";
  return {
    ByteArray: binary ? bytes : Buffer.from(bytes).toString("base64"),
    DateTime: binary ? new Date(time) : time,
    Guid: "00010203-0405-0607-0706-050403020100",
    IntArray: [1, 2, 3],
    String: "hello world",
  };
}

/** A call, as far as its request matters. */
interface CallWithRequest {
  readonly connection: { readonly request: { readonly headers: Headers } | null };
}

/** @returns a header's value, or null when the request has none of that name */
export function headerOf(call: CallWithRequest, name: string): string | null {
  return call.connection.request?.headers.get(name) || null;
}

/** @returns a cookie's value, or null when the request carries none of that name */
export function cookieOf(call: CallWithRequest, name: string): string | null {
  for (const pair of (headerOf(call, "cookie") ?? "").split(";")) {
    const [key = "", ...value] = pair.split("=");
    if (key.trim() === name) return decodeURIComponent(value.join("="));
  }
  return null;
}
