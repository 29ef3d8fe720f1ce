import { fileTypeFromBuffer, supportedMimeTypes } from "file-type";

/** The first bytes of a file by which its type is told. */
export const HEAD_BYTES = 64 * 1024;

/** The pictures that browsers show; what they measure is read. SVG is a document with scripts, and none of these. */
export const pictureTypes: ReadonlySet<string> = new Set([
  ...["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"],
]);
/** Those that every browser shows. */
export const avatarTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** What a browser may show in place, by names that say nothing else [M8]. */
const shownTypes: ReadonlySet<string> = new Set([
  ...pictureTypes,
  ...["video/mp4", "video/webm", "video/ogg", "video/quicktime"],
  ...["audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/ogg", "audio/webm", "audio/wav", "audio/flac", "audio/aac"],
]);
export const isShown = (contentType: string): boolean => shownTypes.has(contentType);

/** Kinds of things that are files. `multipart` is not one: browsers take it apart. */
const FILES = /^(application|audio|font|image|message|model|text|video)\//;
export const isFileType = (contentType: string): boolean => FILES.test(contentType);

/** Says nothing of what is inside, and is never shown. */
const UNKNOWN = "application/octet-stream";

/** Names for one thing, as browsers on different systems tell them, and containers whose beginning does not tell which it is. */
const kin: readonly ReadonlySet<string>[] = [
  ["image/png", "image/apng", "image/vnd.mozilla.apng"],
  ["image/jpeg", "image/jpg", "image/pjpeg"],
  ["image/bmp", "image/x-ms-bmp", "image/x-bmp"],
  ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"],
  ["image/x-icon", "image/vnd.microsoft.icon"],
  ["image/tiff", "image/x-adobe-dng", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw"],
  ["video/webm", "audio/webm", "video/matroska", "video/x-matroska", "audio/x-matroska", "audio/matroska"],
  ["video/mp4", "audio/mp4", "audio/x-m4a", "audio/m4a", "video/x-m4v", "video/quicktime", "video/3gpp", "audio/3gpp"],
  ["audio/ogg", "video/ogg", "application/ogg", "audio/opus"],
  ["audio/mpeg", "audio/mp3"],
  ["audio/aac", "audio/x-aac", "audio/aacp"],
  ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
  ["audio/flac", "audio/x-flac"],
  ["audio/midi", "audio/mid", "audio/x-midi"],
  ["video/vnd.avi", "video/x-msvideo", "video/avi"],
  ["application/vnd.ms-asf", "video/x-ms-asf", "audio/x-ms-asf", "video/x-ms-wmv", "audio/x-ms-wma"],
  ["application/x-msdownload", "application/vnd.microsoft.portable-executable", "application/x-ms-dos-executable"],
  ["application/x-rar-compressed", "application/vnd.rar", "application/x-rar", "application/x-compressed"],
  ["application/gzip", "application/x-gzip", "application/x-tgz", "application/x-compressed-tar"],
  ["application/x-bzip2", "application/x-bzip", "application/x-bzip-compressed-tar"],
  ["application/x-xz", "application/x-xz-compressed-tar"],
  ["application/zstd", "application/x-zstd"],
  ["application/rtf", "text/rtf", "application/msword"],
  ["application/pdf", "application/postscript", "application/illustrator"],
].map((names) => new Set(names));

/** Of these many files have no magic bytes, or another kind of file has the same ending: TypeScript is `.ts`, as films are. */
const unsure: ReadonlySet<string> = new Set(["application/x-apple-diskimage", "model/stl", "video/mp2t"]);

/** What many other types are built of, whose first bytes may not tell which it is. */
const containers: ReadonlySet<string> = new Set([
  ...["application/zip", "application/x-cfb", "application/gzip", "application/x-sqlite3"],
]);

const WRITTEN = /^text\/|^application\/(xml|json)$|\+(xml|json)$/;

/**
 * Whether the first bytes of a file agree with what it is said to be. What is shown in place must be recognised as what it
 * says; text has no magic bytes, so it must be text.
 */
export async function agrees(contentType: string, head: Uint8Array): Promise<boolean> {
  if (contentType === UNKNOWN || (WRITTEN.test(contentType) && isUnicode(head))) return true;
  const found = (await fileTypeFromBuffer(head))?.mime.replace(/;.*/, "");
  if (WRITTEN.test(contentType)) return found === undefined && !head.includes(0); // in an encoding of former times
  if (found === undefined) return unsure.has(contentType) || !supportedMimeTypes.has(contentType);
  if (found === contentType || kin.some((names) => names.has(found) && names.has(contentType))) return true;
  return containers.has(found) && (contentType.startsWith("application/vnd.") || !supportedMimeTypes.has(contentType));
}

/** UTF-8, or what says that it is UTF-16; the last character may be cut off. */
function isUnicode(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  try {
    return !new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }).includes("\0");
  } catch {
    return false;
  }
}
