import type { NewFile } from "@hubbub/client";
import { limits } from "@hubbub/contract";
import { formatSize } from "./sizes.ts";

/** What is wrong with a file, to be told before anything leaves; undefined where it can go. */
export function refusalOf({ size }: Pick<File, "size">): string | undefined {
  if (size === 0) return "This is empty, or a folder.";
  if (size > limits.mediaSize) return `Larger than ${formatSize(limits.mediaSize)}.`;
  return undefined;
}

/** A file as it is sent: of the type that it is, and without what a camera wrote into it. */
export async function prepareFile(file: File): Promise<NewFile> {
  const name = fileNameOf(file.name);
  const head = new Uint8Array(await file.slice(0, 64 * 1024).arrayBuffer());
  const type = pictureTypeOf(head);
  if (type === "image/jpeg" && tellsOfCamera(head)) {
    const redrawn = await redraw(file).catch(() => undefined);
    if (redrawn !== undefined) return { name, bytes: redrawn };
  }
  return { name, bytes: type === undefined || type === file.type ? file : file.slice(0, file.size, type) };
}

/** The server takes a plain name of bounded length [M1]. */
export function fileNameOf(name: string): string {
  const plain = name
    .toWellFormed()
    .replace(/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "_")
    .trim();
  return [...plain].slice(-limits.fileName).join("") || "file";
}

const signatures: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
];

/** By its first bytes: browsers go by the ending of the name, which often lies about pictures from the web. */
export function pictureTypeOf(head: Uint8Array): string | undefined {
  return signatures.find(([, at, bytes]) => textAt(head, at, bytes.length) === bytes)?.[0];
}

/** Whether a JPEG has an Exif segment: where and when it was taken, and with what (Exif 2.32, 4.7.2). */
export function tellsOfCamera(head: Uint8Array): boolean {
  for (let at = 2; at + 4 <= head.length && head[at] === 0xff; ) {
    const [marker, high = 0, low = 0] = head.subarray(at + 1, at + 4);
    if (marker === 0xda) return false;
    if (marker === 0xe1 && textAt(head, at + 4, 4) === "Exif") return true;
    at += 2 + high * 256 + low;
  }
  return false;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** The same picture, upright, and nothing besides. */
async function redraw(file: Blob): Promise<Blob | undefined> {
  const picture = await createImageBitmap(file);
  if (picture.width * picture.height > limits.pixels) return undefined; // the server says so better
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  picture.close();
  return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), "image/jpeg", 0.92));
}
