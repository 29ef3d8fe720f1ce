import { ProtocolError } from "./protocol-error.ts";

/** How many values follow the header of a value, and how many bytes of its own it has behind the header. */
interface Header {
  readonly size: number;
  readonly bytes: number;
  readonly children: number;
}

/**
 * Walks over one MessagePack value without building anything, to refuse what would be dear to decode: a header may
 * promise billions of elements in five bytes, and decoders believe it.
 * @param maximumDepth levels of arrays and maps inside each other
 * @throws ProtocolError when the value is nested deeper, holds fewer bytes than it promises, or is followed by others
 */
export function scanMessagePack(bytes: Uint8Array, maximumDepth: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values still to come on each open level. */
  const open: number[] = [1];
  let position = 0;
  while (open.length > 0) {
    const left = open.pop() ?? 0;
    if (left === 0) continue;
    open.push(left - 1);
    if (position >= bytes.length) throw truncated();
    const header = readHeader(view, position);
    position += header.size + header.bytes;
    // Each child takes at least one byte, so more of them than bytes are a lie.
    if (position + header.children > bytes.length) throw truncated();
    if (header.children === 0) continue;
    open.push(header.children);
    if (open.length > maximumDepth + 1)
      throw new ProtocolError(`A message is nested deeper than ${maximumDepth} levels.`);
  }
  if (position !== bytes.length) throw new ProtocolError("A message has bytes behind its end.");
}

function truncated(): ProtocolError {
  return new ProtocolError("A message is shorter than it promises.");
}

function leaf(size: number, bytes: number): Header {
  return { size, bytes, children: 0 };
}

/** The formats are those of the MessagePack specification, by their first byte. */
function readHeader(view: DataView, position: number): Header {
  const format = view.getUint8(position);
  if (format < 0x80 || format >= 0xe0) return leaf(1, 0);
  if (format < 0x90) return { size: 1, bytes: 0, children: (format & 0x0f) * 2 };
  if (format < 0xa0) return { size: 1, bytes: 0, children: format & 0x0f };
  if (format < 0xc0) return leaf(1, format & 0x1f);
  if (format === 0xc1) throw new ProtocolError("A message holds the byte 0xC1, which MessagePack never uses.");
  if (format < 0xc4) return leaf(1, 0);
  const length = (width: number) => readLength(view, position + 1, width);
  if (format < 0xc7) return leaf(1 + widthOf(format - 0xc4), length(widthOf(format - 0xc4)));
  if (format < 0xca) return leaf(2 + widthOf(format - 0xc7), length(widthOf(format - 0xc7)));
  if (format < 0xcc) return leaf(1, format === 0xca ? 4 : 8);
  if (format < 0xd4) return leaf(1, 2 ** ((format - 0xcc) % 4));
  if (format < 0xd9) return leaf(2, 2 ** (format - 0xd4));
  if (format < 0xdc) return leaf(1 + widthOf(format - 0xd9), length(widthOf(format - 0xd9)));
  const width = format % 2 === 0 ? 2 : 4;
  return { size: 1 + width, bytes: 0, children: length(width) * (format < 0xde ? 1 : 2) };
}

/** Lengths are written in one, two or four bytes, in the order of their formats. */
function widthOf(order: number): 1 | 2 | 4 {
  if (order === 0) return 1;
  return order === 1 ? 2 : 4;
}

function readLength(view: DataView, position: number, width: number): number {
  if (position + width > view.byteLength) throw truncated();
  if (width === 1) return view.getUint8(position);
  return width === 2 ? view.getUint16(position) : view.getUint32(position);
}
