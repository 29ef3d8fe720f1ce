import type { Socket } from "bun";
import { clientFrame, FrameReader } from "./frame-reader.ts";

export interface RawSocketHandler {
  /** @param payload good only until the call returns */
  message(payload: Buffer): void;
  /** The socket is gone without our asking. */
  lost(code: number): void;
}

const endOfHeaders = "\r\n\r\n";
/** Milliseconds. */
const OPEN_PATIENCE = 15_000;

/** A WebSocket client that does as little as it can: a thousand of them hardly disturb the server that they measure. */
export class RawSocket {
  readonly #handler: RawSocketHandler;
  readonly #reader: FrameReader;
  readonly #opened = Promise.withResolvers<void>();
  readonly #unsent: Buffer[] = [];
  #socket: Socket | undefined;
  #headers: string | undefined = "";
  #closing = false;
  /** How often bytes came: at most the writes of the server, fewer when this process lags. */
  chunks = 0;

  private constructor(handler: RawSocketHandler) {
    this.#handler = handler;
    this.#reader = new FrameReader({
      message: (payload) => handler.message(payload),
      ping: (payload) => this.#write(clientFrame("pong", payload)),
      closed: (code) => this.#lost(code),
    });
  }

  /**
   * @param url `ws://host:port/path`
   * @throws Error when the server refuses the upgrade or does not answer within 15 s
   */
  static async open(url: string, handler: RawSocketHandler): Promise<RawSocket> {
    const raw = new RawSocket(handler);
    const timer = setTimeout(() => raw.#opened.reject(new Error("The server did not answer.")), OPEN_PATIENCE);
    try {
      await raw.#connect(new URL(url));
      await raw.#opened.promise;
      return raw;
    } finally {
      clearTimeout(timer);
    }
  }

  sendText(text: string): void {
    this.#write(clientFrame("text", text));
  }

  /** @param frame as `clientFrame` makes it, ahead of time */
  sendFrame(frame: Buffer): void {
    this.#write(frame);
  }

  close(): void {
    this.#closing = true;
    this.#socket?.end();
  }

  async #connect({ hostname, port, pathname, search }: URL): Promise<void> {
    this.#socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data: (_socket, chunk) => this.#receive(chunk),
        drain: () => this.#flush(),
        close: () => this.#lost(1006),
        // ours: a handler threw
        error: (_socket, error) => {
          console.error(error);
          this.#lost(1006);
        },
      },
    });
    this.#write(
      Buffer.from(
        `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
      ),
    );
  }

  #receive(chunk: Buffer): void {
    this.chunks++;
    if (this.#headers === undefined) {
      this.#reader.read(chunk);
      return;
    }
    this.#headers += chunk.toString("latin1");
    const end = this.#headers.indexOf(endOfHeaders);
    if (end < 0) return;
    const headers = this.#headers.slice(0, end);
    const rest = Buffer.from(this.#headers.slice(end + endOfHeaders.length), "latin1");
    this.#headers = undefined;
    if (!headers.startsWith("HTTP/1.1 101")) {
      this.#opened.reject(new Error(`The server refused the upgrade: ${headers.split("\r\n")[0]}`));
      return;
    }
    this.#opened.resolve();
    if (rest.length > 0) this.#reader.read(rest);
  }

  #lost(code: number): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#opened.reject(new Error(`The socket closed with ${code} before it was open.`));
    this.#handler.lost(code);
  }

  #write(bytes: Buffer): void {
    this.#unsent.push(bytes);
    if (this.#unsent.length === 1) this.#flush();
  }

  #flush(): void {
    for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[0]) {
      const written = Math.max(0, this.#socket?.write(next) ?? 0);
      if (written < next.length) {
        this.#unsent[0] = next.subarray(written);
        return; // `drain` goes on
      }
      this.#unsent.shift();
    }
  }
}
