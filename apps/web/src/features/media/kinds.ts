import type { Attachment } from "@hubbub/contract";

export type MediaKind = "picture" | "film" | "sound" | "file";

/** What browsers show in place, and nothing that could run [M8]. */
const shown: ReadonlyMap<string, MediaKind> = new Map([
  ...as("picture", "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
  ...as("film", "video/mp4", "video/webm", "video/ogg", "video/quicktime"),
  ...as("sound", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/ogg", "audio/webm"),
  ...as("sound", "audio/wav", "audio/flac", "audio/aac"),
]);

function as(kind: MediaKind, ...types: readonly string[]): readonly (readonly [string, MediaKind])[] {
  return types.map((type) => [type, kind]);
}

export function kindOf({ contentType }: Pick<Attachment, "contentType">): MediaKind {
  return shown.get(contentType) ?? "file";
}

const words: Readonly<Record<MediaKind, readonly [string, string]>> = {
  picture: ["Photo", "photos"],
  film: ["Video", "videos"],
  sound: ["Sound", "sounds"],
  file: ["File", "files"],
};

/** What a message says, in a line: its media, and its text. @param text as it is shown in passing */
export function gist(text: string, media: readonly Attachment[] | undefined): string {
  if (media === undefined) return text;
  return text === "" ? mediaText(media) : `${mediaText(media)}: ${text}`;
}

/** Media in a line: what they are, and of a single file what it is called. */
function mediaText(media: readonly Attachment[]): string {
  const [first] = media;
  if (first === undefined) return "";
  const kind = kindOf(first);
  const [one, many] = words[media.every((each) => kindOf(each) === kind) ? kind : "file"];
  if (media.length > 1) return `${media.length} ${many}`;
  return kind === "file" ? first.fileName : one;
}
