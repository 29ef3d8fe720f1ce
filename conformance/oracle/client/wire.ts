import type { TransportName } from "../script.ts";

export type Data = string | Uint8Array<ArrayBuffer>;

/** What a transport tells a raw client. */
export interface WireEvents {
  received(data: Data): void;
  /** @param how the close code, the status that ended polling, or the end of a stream */
  ended(how: string): void;
}

/** A connection's byte stream, over any transport, without a client's own ideas about it. */
export interface Wire {
  send(data: Data): Promise<void>;
  /** Ends the connection as a client does that leaves. */
  leave(): Promise<void>;
  /** Breaks the connection without a word. */
  drop(): void;
}

export interface WireOptions {
  readonly transport: TransportName;
  readonly token?: string;
  /** The negotiated token, for a connection that was negotiated by hand. */
  readonly id?: string;
}

/** Negotiates, unless that was done, and opens the transport. @throws Error when the server refuses */
export async function openWire(hub: string, options: WireOptions, events: WireEvents): Promise<Wire> {
  const id = options.id ?? (await negotiatedId(hub, options.token));
  const url = `${hub}?id=${id}${options.token === undefined ? "" : `&access_token=${options.token}`}`;
  switch (options.transport) {
    case "WebSockets":
      return openWebSocket(url, events);
    case "ServerSentEvents":
      return openEvents(url, events);
    case "LongPolling":
      return openPolls(url, events);
  }
}

/** @returns the secret token of a new connection */
export async function negotiatedId(hub: string, token?: string): Promise<string> {
  const query = token === undefined ? "" : `&access_token=${token}`;
  const response = await fetch(`${hub}/negotiate?negotiateVersion=1&useStatefulReconnect=true${query}`, {
    method: "POST",
  });
  if (!response.ok) throw new Error(`Negotiate was answered with ${response.status}.`);
  return (await response.json()).connectionToken;
}

export function openWebSocket(url: string, events: WireEvents): Promise<Wire> {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => events.received(typeof data === "string" ? data : new Uint8Array(data));
  return new Promise((resolve, reject) => {
    socket.onclose = ({ code }) => {
      events.ended(`close ${code}`);
      reject(new Error("The upgrade was refused."));
    };
    socket.onopen = () =>
      resolve({
        send: async (data) => socket.send(data),
        leave: async () => socket.close(1000),
        drop: () => terminate(socket),
      });
  });
}

/** Bun's WebSocket can break its connection; the types of browsers do not know that. */
function terminate(socket: WebSocket): void {
  if ("terminate" in socket && typeof socket.terminate === "function") socket.terminate();
}

async function openEvents(url: string, events: WireEvents): Promise<Wire> {
  const aborter = new AbortController();
  const response = await fetch(url, { headers: { accept: "text/event-stream" }, signal: aborter.signal });
  if (response.body === null || !response.ok) throw new Error(`Events were answered with ${response.status}.`);
  void readEvents(response.body, events).then(
    () => events.ended("end of stream"),
    () => events.ended("abort"),
  );
  const leave = async () => aborter.abort();
  return { send: (data) => post(url, data), leave, drop: () => void leave() };
}

async function readEvents(body: ReadableStream<Uint8Array>, events: WireEvents): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const lines = text.slice(0, end).split("\r\n");
      text = text.slice(end + 4);
      const data = lines.flatMap((line) => (line.startsWith("data: ") ? [line.slice(6)] : []));
      if (data.length > 0) events.received(data.join("\n"));
    }
  }
}

async function openPolls(url: string, events: WireEvents): Promise<Wire> {
  const aborter = new AbortController();
  const poll = () => fetch(url, { signal: aborter.signal });
  const first = await poll();
  if (!first.ok) throw new Error(`The first poll was answered with ${first.status}.`);
  const pollOn = async () => {
    for (;;) {
      const response = await poll();
      if (response.status !== 200) return events.ended(`poll ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > 0) events.received(bytes);
    }
  };
  void pollOn().catch(() => events.ended("abort"));
  const leave = async () => void (await fetch(url, { method: "DELETE" }));
  return { send: (data) => post(url, data), leave, drop: () => aborter.abort() };
}

async function post(url: string, body: Data): Promise<void> {
  await (await fetch(url, { method: "POST", body })).arrayBuffer();
}
