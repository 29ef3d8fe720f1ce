import { crc32, deflateSync } from "node:zlib";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const uint32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const uint16 = (value: number): number[] => [value >>> 8, value & 255];

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined(ascii(type), data);
  return joined(uint32(data.length), body, uint32(crc32(body)));
}

/** A grey picture; of a large one the pixels are missing, as in a bomb. */
export function png(width: number, height: number): Uint8Array {
  const rows = width * height > 10_000 ? new Uint8Array(16) : new Uint8Array((width + 1) * height);
  return joined(
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    pngChunk("IHDR", joined(uint32(width), uint32(height), [8, 0, 0, 0, 0])),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", new Uint8Array()),
  );
}

/** The head of a photograph. @param orientation as a camera writes it, 1 to 8 (Exif) */
export function jpeg(width: number, height: number, orientation: number): Uint8Array {
  const tiff = joined(
    ascii("MM"),
    uint16(42),
    uint32(8),
    uint16(1),
    [...uint16(274), ...uint16(3), ...uint32(1)],
    [...uint16(orientation), ...uint16(0), ...uint32(0)],
  );
  const exif = joined(ascii("Exif"), [0, 0], tiff);
  const frame = joined([8], uint16(height), uint16(width), [1, 1, 0x11, 0]);
  return joined(
    [0xff, 0xd8],
    ...[[0xff, 0xe1], uint16(exif.length + 2), exif],
    ...[[0xff, 0xc0], uint16(frame.length + 2), frame],
    [0xff, 0xd9],
  );
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** One pixel. */
export const gif = fromBase64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
export const webp = fromBase64("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

/** The beginnings of files, as much as tells what they are. */
export const beginnings = {
  mp4: joined(uint32(24), ascii("ftypisom"), uint32(512), ascii("isomiso2"), uint32(8), ascii("free")),
  m4a: joined(uint32(24), ascii("ftypM4A "), uint32(512), ascii("isomiso2"), uint32(8), ascii("free")),
  webm: joined([0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84], ascii("webm")),
  ogg: joined(ascii("OggS"), [0, 2], new Uint8Array(20), [1, 19], ascii("OpusHead"), new Uint8Array(40)),
  mp3: joined(ascii("ID3"), [3, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0x64], new Uint8Array(64)),
  wav: joined(ascii("RIFF"), uint32(0x24000000), ascii("WAVEfmt "), new Uint8Array(28)),
  asf: joined([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9], new Uint8Array(64)),
  rar: joined(ascii("Rar!"), [0x1a, 7, 0], new Uint8Array(20)),
  cfb: joined([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], new Uint8Array(64)),
  rtf: ascii("{\\rtf1 words}"),
  pdf: ascii("%PDF-1.7\n%âãÏÓ\n"),
  exe: joined(ascii("MZ"), new Uint8Array(62)),
  gzip: joined([0x1f, 0x8b, 8, 0], new Uint8Array(20)),
} as const;

/** An entry of an archive that is not compressed. */
function zipEntry(name: string, content: Uint8Array): Uint8Array {
  const little = (value: number, bytes: number): number[] =>
    Array.from({ length: bytes }, (_, index) => (value >>> (8 * index)) & 255);
  const head = [...little(20, 2), ...little(0, 8), ...little(crc32(content), 4)];
  const sizes = [
    ...little(content.length, 4),
    ...little(content.length, 4),
    ...little(name.length, 2),
    ...little(0, 2),
  ];
  return joined(ascii("PK"), [3, 4], head, sizes, ascii(name), content);
}

const contentTypes = (main: string): Uint8Array =>
  ascii(`<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`);

const WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

export const archives = {
  zip: zipEntry("notes.txt", ascii("notes")),
  docx: zipEntry("[Content_Types].xml", contentTypes(WORD_MAIN)),
  /** What tells that it is one lies behind a large picture. */
  lateDocx: joined(
    zipEntry("word/media/image1.png", new Uint8Array(100_000)),
    zipEntry("[Content_Types].xml", contentTypes(WORD_MAIN)),
  ),
} as const;
