import type { Download } from "./blob-store.ts";

/** How a browser shows or saves it, and under which name, also outside ASCII (RFC 6266, RFC 8187). */
export function contentDisposition({ fileName, inline }: Pick<Download, "fileName" | "inline">): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  const exact = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inline ? "inline" : "attachment"}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
