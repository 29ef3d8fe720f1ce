import { ByteBuffer } from "./byte-buffer.ts";
import { bytesOf, type Chunk, decodeUtf8, utf8Length } from "./frame.ts";
import { messageTooLarge, ProtocolError } from "./protocol-error.ts";

/** Ends every JSON message and every handshake: ASCII 0x1E, "record separator". */
export const recordSeparator = "\x1e";
const separatorByte = 0x1e;

/**
 * Cuts a client's byte stream into records. A text frame of whole records, the usual case, is cut as a string;
 * anything else is gathered as bytes, because a character may be split between two frames.
 */
export class RecordReader {
  readonly #limit: number;
  #text: string | null = null;
  #position = 0;
  #bytes: ByteBuffer | null = null;
  /** How far into the gathered bytes there is known to be no separator. */
  #scanned = 0;

  /** @param limit largest record in bytes, its separator left out */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get hasPartial(): boolean {
    return this.#text !== null || this.#bytes !== null;
  }

  /** Adds a chunk. Every record must have been taken with `next` before the next chunk is added. */
  append(chunk: Chunk): void {
    if (typeof chunk === "string" && !this.hasPartial) {
      this.#text = chunk;
      this.#position = 0;
      return;
    }
    if (chunk.length === 0) return;
    this.#bytes ??= new ByteBuffer();
    this.#bytes.append(bytesOf(chunk));
  }

  /**
   * @returns the next whole record without its separator, or undefined when more bytes are needed
   * @throws ProtocolError when a record is too large or not UTF-8
   */
  next(): string | undefined {
    if (this.#text !== null) return this.#nextOfText(this.#text);
    if (this.#bytes !== null) return this.#nextOfBytes(this.#bytes);
    return undefined;
  }

  /** @returns what was received after the last record taken, as it came; the reader is empty afterwards. */
  takeRest(): Chunk {
    const rest = this.#text !== null ? this.#text.slice(this.#position) : (this.#bytes?.peek().slice() ?? "");
    this.#text = null;
    this.#bytes = null;
    this.#scanned = 0;
    return rest;
  }

  #nextOfText(text: string): string | undefined {
    const end = text.indexOf(recordSeparator, this.#position);
    if (end < 0) {
      const rest = this.takeRest();
      this.#checkSize(typeof rest === "string" ? this.#sizeOf(rest) : rest.length);
      if (rest.length > 0) this.#keep(rest);
      return undefined;
    }
    const record = text.slice(this.#position, end);
    this.#position = end + 1;
    if (this.#position === text.length) this.#text = null;
    this.#checkSize(this.#sizeOf(record));
    return record;
  }

  #nextOfBytes(buffer: ByteBuffer): string | undefined {
    const bytes = buffer.peek();
    const end = bytes.indexOf(separatorByte, this.#scanned);
    this.#checkSize(end < 0 ? bytes.length : end);
    if (end < 0) {
      this.#scanned = bytes.length;
      return undefined;
    }
    const record = this.#decode(bytes.subarray(0, end));
    buffer.skip(end + 1);
    this.#scanned = 0;
    if (buffer.length === 0) this.#bytes = null;
    return record;
  }

  #keep(rest: Chunk): void {
    this.#bytes = new ByteBuffer();
    this.#bytes.append(bytesOf(rest));
  }

  /** A UTF-16 unit takes at most three bytes, so most texts need not be measured. */
  #sizeOf(text: string): number {
    return text.length * 3 <= this.#limit ? text.length : utf8Length(text);
  }

  #checkSize(size: number): void {
    if (size > this.#limit) throw messageTooLarge(this.#limit);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return decodeUtf8(bytes);
    } catch {
      throw new ProtocolError("A message is not valid UTF-8.");
    }
  }
}
