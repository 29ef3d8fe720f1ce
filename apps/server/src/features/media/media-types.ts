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

/** Names for one thing, and containers whose beginning does not tell which it is. */
const kin: readonly ReadonlySet<string>[] = [
  ["image/png", "image/apng", "image/vnd.mozilla.apng"],
  ["image/jpeg", "image/jpg", "image/pjpeg"],
  ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"],
  ["image/x-icon", "image/vnd.microsoft.icon"],
  ["video/webm", "audio/webm", "video/matroska", "video/x-matroska", "audio/x-matroska", "audio/matroska"],
  ["video/mp4", "audio/mp4", "audio/x-m4a", "audio/m4a", "video/x-m4v", "video/quicktime", "video/3gpp", "audio/3gpp"],
  ["audio/ogg", "video/ogg", "application/ogg", "audio/opus"],
  ["audio/mpeg", "audio/mp3"],
  ["audio/aac", "audio/x-aac", "audio/aacp"],
  ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
  ["audio/flac", "audio/x-flac"],
  ["video/vnd.avi", "video/x-msvideo", "video/avi"],
  ["application/x-msdownload", "application/vnd.microsoft.portable-executable", "application/x-ms-dos-executable"],
  ["application/x-rar-compressed", "application/vnd.rar", "application/x-rar"],
  ["application/gzip", "application/x-gzip", "application/x-tgz", "application/x-compressed-tar"],
  ["application/rtf", "text/rtf"],
].map((names) => new Set(names));

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
  if (contentType === UNKNOWN) return true;
  if (WRITTEN.test(contentType)) return isWritten(head);
  const found = (await fileTypeFromBuffer(head))?.mime.replace(/;.*/, "");
  if (found === undefined) return !supportedMimeTypes.has(contentType);
  if (found === contentType || kin.some((names) => names.has(found) && names.has(contentType))) return true;
  return containers.has(found) && (contentType.startsWith("application/vnd.") || !supportedMimeTypes.has(contentType));
}

/** UTF-8, or what says that it is UTF-16; the last character may be cut off. */
function isWritten(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  try {
    return !new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }).includes("\0");
  } catch {
    return false;
  }
}
