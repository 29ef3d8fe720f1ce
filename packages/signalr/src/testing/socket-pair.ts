import type { Frame } from "../protocol/frame.ts";
import type { Handled } from "../transports/hub-request.ts";
import { type OpenWebSocket, WebSocketTransport } from "../transports/web-socket.ts";

const idlePort = {
  remoteAddress: undefined,
  keepOpen: () => undefined,
  release: () => undefined,
  cut: () => undefined,
};

/** A server as a socket pair needs it. */
interface Handler {
  handle(request: Request, port: typeof idlePort): Promise<Handled>;
}

/** A WebSocket without a network: what the server writes is kept, write by write, and what a client sends arrives at once. */
export class SocketPair extends WebSocketTransport {
  readonly topics = null;
  protected readonly bufferedBytes = 0;
  /** What the server wrote, one entry a write. */
  readonly writes: (readonly Frame[])[] = [];
  /** The code the server closed with. */
  closedWith: number | null = null;
  isPaused = false;

  private constructor(open: OpenWebSocket) {
    super();
    open(this);
  }

  /** Opens a socket on a hub, without negotiating. */
  static async open(server: Handler, path: string): Promise<SocketPair> {
    const request = new Request(`http://localhost${path}`, { headers: { upgrade: "websocket" } });
    const handled = await server.handle(request, idlePort);
    if (handled.kind !== "upgrade") throw new Error(`The server did not upgrade: ${handled.kind}`);
    return new SocketPair(handled.open);
  }

  /** Every record the server wrote, parsed; text frames only. */
  get records(): unknown[] {
    const text = this.writes.flat().map(String).join("");
    return text
      .split("\x1e")
      .slice(0, -1)
      .map((record) => JSON.parse(record));
  }

  override receive(text: string): void {
    if (this.closedWith === null) super.receive(text);
  }

  /** The network breaks. */
  break(): void {
    if (this.closedWith !== null) return;
    this.closedWith = 1006;
    this.closed(1006);
  }

  write(frames: readonly Frame[]): void {
    if (this.closedWith !== null) throw new Error("The server wrote to a closed socket.");
    this.writes.push(frames);
  }

  setPaused(paused: boolean): void {
    this.isPaused = paused;
  }

  closeWith(code: number): void {
    if (this.closedWith !== null) return;
    this.closedWith = code;
    this.closed(code);
  }
}
