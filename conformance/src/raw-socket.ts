import { operations } from "@hubbub/contract";
import { eventually } from "./eventually.ts";

const recordSeparator = "\x1e";

export type Frame = Readonly<Record<string, unknown>>;

/** The JSON hub protocol by hand, for what the official client never sends. */
export class RawSocket {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  #closed = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      for (const frame of String(data).split(recordSeparator)) if (frame !== "") this.frames.push(JSON.parse(frame));
    };
    socket.onclose = () => {
      this.#closed = true;
    };
  }

  /** @throws when the server refuses the upgrade */
  static async open(url: string, token: string): Promise<RawSocket> {
    const address = `${url.replace(/^http/, "ws")}/hubs/chat?access_token=${encodeURIComponent(token)}`;
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error("The upgrade was refused"));
    });
    return new RawSocket(socket);
  }

  /** Sends messages in one WebSocket frame. */
  write(...messages: readonly object[]): void {
    this.writeText(messages.map((message) => JSON.stringify(message) + recordSeparator).join(""));
  }

  writeText(text: string): void {
    this.#socket.send(text);
  }

  /** The frames so far, as soon as they satisfy the caller. @throws after 5 s */
  async until(enough: (frames: readonly Frame[]) => boolean): Promise<readonly Frame[]> {
    await eventually(
      () => enough(this.frames),
      () => `Only ${JSON.stringify(this.frames)} came`,
    );
    return this.frames;
  }

  /** Waits until the connection has ended. @throws after 5 s */
  async ends(): Promise<void> {
    await eventually(
      () => this.#closed,
      () => "The connection is still open",
    );
  }

  [Symbol.dispose](): void {
    this.#socket.close(1000);
  }
}

export const handshake = { protocol: "json", version: 1 };

/** An invocation of SendMessage, answered under its id. */
export const sendInvocation = (invocationId: string, argument: object) => ({
  type: 1,
  invocationId,
  target: operations.sendMessage.hub?.method,
  arguments: [argument],
});

/** The status that a WebSocket upgrade with these headers gets: 101 when it is accepted. */
export async function upgradeStatus(
  url: string,
  token: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const { hostname, port, protocol, host } = new URL(url);
  const tls = protocol === "https:";
  const lines = Object.entries({
    Host: host,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  }).map(([header, value]) => `${header}: ${value}\r\n`);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = await Bun.connect({
    hostname,
    port: Number(port || (tls ? 443 : 80)),
    tls,
    socket: {
      data: (_, data) => resolve(data.toString("latin1")),
      close: () => reject(new Error("Closed unanswered")),
    },
  });
  socket.write(`GET /hubs/chat?access_token=${token} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const answer = await promise;
  socket.end();
  return Number(answer.split(" ")[1]);
}
