import { expect, test } from "bun:test";
import { archives, beginnings, gif, jpeg, png, webp } from "../../testing/sample-files.ts";
import { measurePicture } from "./measure-picture.ts";
import { agrees, avatarTypes, HEAD_BYTES, isFileType, isShown } from "./media-types.ts";

const text = (words: string) => new TextEncoder().encode(words);
const { mp4, m4a, webm, ogg, mp3, wav, asf, rar, cfb, rtf, pdf, exe, gzip } = beginnings;
const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const html = text("<!doctype html><script>alert(1)</script>");
const svg = text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');

test.each<[string, Uint8Array]>([
  ["image/png", png(2, 1)],
  ["image/jpeg", jpeg(2, 1, 1)],
  ["image/gif", gif],
  ["image/webp", webp],
  ["video/mp4", mp4],
  ["audio/mp4", m4a],
  ["audio/x-m4a", m4a],
  ["video/webm", webm],
  ["audio/webm", webm],
  ["audio/ogg", ogg],
  ["audio/mpeg", mp3],
  ["audio/wav", wav],
  ["application/pdf", pdf],
  ["application/x-msdownload", exe],
  ["application/gzip", gzip],
  ["application/x-gzip", gzip],
  ["video/x-ms-wmv", asf],
  ["application/x-compressed", rar],
  ["application/msword", cfb],
  ["application/msword", rtf],
  ["application/vnd.ms-excel", text("a;b")],
  ["application/x-zip-compressed", archives.zip],
  ["video/mp2t", text("const a: number = 1;")],
  ["application/zip", archives.zip],
  ["application/x-my-own-format", archives.zip],
  [word, archives.docx],
  [word, archives.lateDocx],
  ["text/plain", text("plain words")],
  ["text/plain", text("BMW and GIF87a are no pictures")],
  ["text/csv", text("a;b\n1;2")],
  ["text/csv", Uint8Array.of(0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72)],
  ["text/plain", Uint8Array.of(0xff, 0xfe, 0x61, 0)],
  ["text/html", html],
  ["image/svg+xml", svg],
  ["application/xml", text("<a/>")],
  ["application/json", text("{}")],
  ["application/x-nobody-knows", text("anything")],
  ["application/octet-stream", exe],
  ["application/octet-stream", png(2, 1)],
])("[M1] %s agrees with its bytes", async (contentType, bytes) => {
  expect(await agrees(contentType, bytes.subarray(0, HEAD_BYTES))).toBe(true);
});

test.each<[string, Uint8Array]>([
  ["image/png", html],
  ["image/png", svg],
  ["image/png", jpeg(2, 1, 1)],
  ["image/jpeg", gif],
  ["image/webp", exe],
  ["video/mp4", html],
  ["video/mp4", png(2, 1)],
  ["audio/mpeg", text("no sound")],
  ["application/pdf", html],
  ["application/pdf", archives.zip],
  ["video/mp2t", png(2, 1)],
  ["application/msword", exe],
  ["application/zip", exe],
  ["application/x-my-own-format", exe],
  ["application/x-my-own-format", png(2, 1)],
  ["text/plain", png(2, 1)],
  ["text/plain", exe],
  ["text/plain", Uint8Array.of(0xfc, 0, 0x61)],
  ["text/plain", jpeg(2, 1, 1)],
  ["text/html", archives.zip],
  ["image/svg+xml", png(2, 1)],
  ["application/json", exe],
])("[M1] %s does not agree with the bytes of something else", async (contentType, bytes) => {
  expect(await agrees(contentType, bytes)).toBe(false);
});

test("[M8] pictures, films and sound are shown in place, and nothing that a browser could run", () => {
  for (const shown of ["image/png", "image/avif", "video/mp4", "audio/ogg"]) expect(isShown(shown)).toBe(true);
  for (const other of [
    "image/svg+xml",
    "text/html",
    "text/plain",
    "application/xhtml+xml",
    "application/pdf",
    "image/x-icon",
  ])
    expect(isShown(other)).toBe(false);
  expect(avatarTypes.has("image/svg+xml")).toBe(false);
  expect(isFileType("multipart/x-mixed-replace")).toBe(false);
  expect(isFileType("application/zip")).toBe(true);
});

test("[M9] what a picture measures is read as it is shown, or not at all", () => {
  expect(measurePicture("image/png", png(30, 20))).toEqual({ width: 30, height: 20 });
  expect(measurePicture("image/gif", gif)).toEqual({ width: 1, height: 1 });
  expect(measurePicture("image/webp", webp)).toEqual({ width: 1, height: 1 });
  expect(measurePicture("image/jpeg", jpeg(30, 20, 1))).toEqual({ width: 30, height: 20 });
  expect(measurePicture("image/jpeg", jpeg(30, 20, 6))).toEqual({ width: 20, height: 30 });
  expect(measurePicture("image/png", png(100_000, 100_000))).toEqual({ width: 100_000, height: 100_000 });
  expect(measurePicture("image/png", png(0, 20))).toBeUndefined();
  expect(measurePicture("image/png", png(30, 20).subarray(0, 12))).toBeUndefined();
  expect(measurePicture("image/jpeg", new Uint8Array(1000).fill(255))).toBeUndefined();
  expect(measurePicture("image/avif", new Uint8Array(1024 * 1024))).toBeUndefined();
});
