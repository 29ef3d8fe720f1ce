import type { Socket } from "bun";

const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

/** Milliseconds within which a server that reads takes what it is sent. */
const writePatience = 2000;

export type FrameKind = keyof typeof opcode;

export interface FrameOptions {
  readonly kind?: FrameKind;
  readonly final?: boolean;
  /** The length the header tells, where it is not the payload's. */
  readonly promisedLength?: number;
}

/** @returns a client's WebSocket frame, masked with zeros, which leave the payload as it is */
export function frame(payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { kind = "text", final = true, promisedLength } = options;
  const body = Buffer.from(payload);
  const length = promisedLength ?? body.length;
  const first = opcode[kind] | (final ? 0x80 : 0);
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(length));
  let header = [first, 0x80 | length];
  if (length >= 0x10000) header = [first, 0x80 | 127, ...long];
  else if (length >= 126) header = [first, 0x80 | 126, ...long.subarray(6)];
  return Buffer.concat([Buffer.from(header), Buffer.alloc(4), body]);
}

/** A TCP socket that breaks the rules of whatever is spoken over it, and tells how the server ended it. */
export class HostileSocket {
  #socket: Socket<HostileSocket> | null = null;
  /** What was received, as far as it was read. */
  received = Buffer.alloc(0);
  #unsent: Buffer = Buffer.alloc(0);
  readonly #onData: (() => void)[] = [];
  readonly #onDrain: (() => void)[] = [];
  #end: () => void = () => undefined;
  #open = true;
  readonly #ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  static async connect(address: string): Promise<HostileSocket> {
    const { hostname, port } = new URL(address);
    const hostile = new HostileSocket();
    await Bun.connect<HostileSocket>({
      hostname,
      port: Number(port),
      data: hostile,
      socket: {
        open: (socket) => socket.data.#opened(socket),
        data: (socket, bytes) => socket.data.#receive(bytes),
        drain: (socket) => socket.data.#flush(),
        close: (socket) => socket.data.#close(),
        error: (socket) => socket.data.#close(),
        end: (socket) => socket.data.#close(),
      },
    });
    return hostile;
  }

  /** Opens a WebSocket. @param extra lines of the request's header */
  static async upgrade(address: string, target: string, extra = ""): Promise<HostileSocket> {
    const socket = await HostileSocket.connect(address);
    await socket.write(upgradeRequest(target, extra));
    await socket.until(() => socket.received.includes("\r\n\r\n"));
    socket.received = socket.received.subarray(socket.received.indexOf("\r\n\r\n") + 4);
    return socket;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Resolves when the server has taken the bytes or will not in a while, or the socket is over. */
  write(bytes: string | Uint8Array): Promise<void> {
    if (!this.#open) return Promise.resolve();
    this.#unsent = this.#unsent.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#unsent, Buffer.from(bytes)]);
    this.#flush();
    if (this.#unsent.length === 0 || !this.#open) return Promise.resolve();
    const drained = new Promise<void>((resolve) => this.#onDrain.push(resolve));
    return Promise.race([drained, Bun.sleep(writePatience)]);
  }

  /** Resolves when what was received fulfils the condition, or the socket is over. */
  async until(condition: () => boolean): Promise<void> {
    while (this.#open && !condition()) await new Promise<void>((resolve) => this.#onData.push(resolve));
  }

  /** Reads no more. */
  pause(): void {
    this.#socket?.pause();
  }

  /**
   * Waits for the server to end the socket.
   * @returns how: `closed 1011` by a close frame with that code, `cut` without one, or `open` when it did not
   */
  async outcome(milliseconds: number): Promise<string> {
    await Promise.race([
      this.until(() => closeCodeIn(this.received) !== undefined),
      this.#ended,
      Bun.sleep(milliseconds),
    ]);
    const found = closeCodeIn(this.received);
    if (found !== undefined) return `closed ${found}`;
    return this.#open ? "open" : "cut";
  }

  destroy(): void {
    this.#socket?.terminate();
    this.#close();
  }

  #opened(socket: Socket<HostileSocket>): void {
    this.#socket = socket;
  }

  #receive(bytes: Uint8Array): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (const resolve of this.#onData.splice(0)) resolve();
  }

  #flush(): void {
    const written = this.#socket?.write(this.#unsent) ?? 0;
    this.#unsent = this.#unsent.subarray(Math.max(0, written));
    if (this.#unsent.length > 0) return;
    for (const resolve of this.#onDrain.splice(0)) resolve();
  }

  #close(): void {
    this.#open = false;
    this.#end();
    for (const resolve of [...this.#onData.splice(0), ...this.#onDrain.splice(0)]) resolve();
  }
}

export function upgradeRequest(target: string, extra = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extra}\r\n`;
}

/** @returns the code of the close frame among a server's frames; 1005 when it has none */
function closeCodeIn(bytes: Buffer): number | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const bytesOfLength = { 126: 2, 127: 8 }[short] ?? 0;
    const header = 2 + bytesOfLength;
    if (at + header > bytes.length) return undefined;
    // No server here sends a frame longer than what the last six of eight bytes tell.
    const length =
      bytesOfLength === 0
        ? short
        : bytes.readUIntBE(at + header - Math.min(6, bytesOfLength), Math.min(6, bytesOfLength));
    if ((bytes.readUInt8(at) & 0x0f) === opcode.close) {
      if (length === 0) return 1005;
      return at + header + 2 <= bytes.length ? bytes.readUInt16BE(at + header) : undefined;
    }
    at += header + length;
  }
  return undefined;
}
