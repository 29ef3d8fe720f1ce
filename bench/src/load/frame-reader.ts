const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** Of a frame's first byte: the message ends with it. */
const FINAL = 0x80;

export interface FrameHandler {
  message(payload: Buffer): void;
  ping(payload: Buffer): void;
  closed(code: number): void;
}

/** Reads a server's WebSocket frames (RFC 6455) from a byte stream, without copying what comes whole. */
export class FrameReader {
  readonly #handler: FrameHandler;
  #rest: Buffer | undefined;
  /** Of a message that came in several frames. */
  #parts: Buffer[] = [];

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  read(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = this.#readFrames(bytes);
    // a chunk's memory is the runtime's again after the callback
    this.#rest = end === bytes.length ? undefined : Buffer.from(bytes.subarray(end));
  }

  /** @returns where the first frame begins that is not whole */
  #readFrames(bytes: Buffer): number {
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const header = headerSizes[short] ?? 2;
      if (at + header > bytes.length) return at;
      const size = sizeOf(bytes, at, short);
      if (at + header + size > bytes.length) return at;
      this.#take(bytes[at] ?? 0, bytes.subarray(at + header, at + header + size));
      at += header + size;
    }
    return at;
  }

  #take(first: number, payload: Buffer): void {
    const opcode = first & 0xf;
    if (opcode === OPCODE.ping) this.#handler.ping(payload);
    else if (opcode === OPCODE.close) this.#handler.closed(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
    else if (opcode <= OPCODE.binary) this.#takePart((first & FINAL) !== 0, payload);
  }

  #takePart(final: boolean, payload: Buffer): void {
    if (final && this.#parts.length === 0) {
      this.#handler.message(payload);
      return;
    }
    this.#parts.push(Buffer.from(payload));
    if (!final) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#handler.message(whole);
  }
}

/** By the seven bits of a frame's length. */
const headerSizes: Readonly<Record<number, number>> = { 126: 4, 127: 10 };

function sizeOf(bytes: Buffer, at: number, short: number): number {
  if (short === 126) return bytes.readUInt16BE(at + 2);
  return short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
}

/** @returns a client's frame; its mask is zero, which is as good as any for bytes that meet no proxy */
export function clientFrame(opcode: "text" | "pong", payload: string | Buffer): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const header = body.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
  header[0] = FINAL | OPCODE[opcode];
  if (body.length < 126) header[1] = 0x80 | body.length;
  else {
    if (body.length > 0xffff) throw new RangeError("A load generator's message has at most 65,535 bytes.");
    header[1] = 0x80 | 126;
    header.writeUInt16BE(body.length, 2);
  }
  return Buffer.concat([header, body]);
}
