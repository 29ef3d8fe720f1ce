import type { Frame } from "../protocol/frame.ts";

const finalText = 0x81;
const finalBinary = 0x82;

/**
 * @returns the frame as a server sends it, header and payload in one piece
 * Source: RFC 6455, 5.2; servers do not mask.
 */
export function webSocketFrame(frame: Frame): Buffer {
  const length = typeof frame === "string" ? Buffer.byteLength(frame) : frame.length;
  const header = headerSize(length);
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = typeof frame === "string" ? finalText : finalBinary;
  if (length < 126) bytes[1] = length;
  else if (length < 0x10000) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeUIntBE(0, 2, 2);
    bytes.writeUIntBE(length, 4, 6);
  }
  if (typeof frame === "string") bytes.write(frame, header);
  else bytes.set(frame, header);
  return bytes;
}

function headerSize(length: number): number {
  if (length < 126) return 2;
  return length < 0x10000 ? 4 : 10;
}

/** Frames made in this turn: what many are sent is put into a frame once. */
export class FrameCache {
  readonly #frames = new Map<Frame, Buffer>();

  get(frame: Frame): Buffer {
    const known = this.#frames.get(frame);
    if (known !== undefined) return known;
    if (this.#frames.size === 0) setImmediate(() => this.#frames.clear());
    const made = webSocketFrame(frame);
    this.#frames.set(frame, made);
    return made;
  }
}
