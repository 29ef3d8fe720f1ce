import { expect, test } from "bun:test";
import { fileName, limits } from "@hubbub/contract";
import { fileNameOf, pictureTypeOf, refusalOf, tellsOfCamera } from "./prepare-file.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("a picture is known by its first bytes, whatever its name says", () => {
  expect(pictureTypeOf(bytes("\x89PNG\r\n\x1a\n…"))).toBe("image/png");
  expect(pictureTypeOf(bytes("\xff\xd8\xff\xe0"))).toBe("image/jpeg");
  expect(pictureTypeOf(bytes("GIF89a"))).toBe("image/gif");
  expect(pictureTypeOf(bytes("RIFF\x10\0\0\0WEBPVP8 "))).toBe("image/webp");
  expect(pictureTypeOf(bytes("RIFF\x10\0\0\0WAVEfmt "))).toBeUndefined();
  expect(pictureTypeOf(bytes("<svg"))).toBeUndefined();
  expect(pictureTypeOf(bytes(""))).toBeUndefined();
});

test("a JPEG tells of its camera in an Exif segment before the picture, and nowhere else", () => {
  const segment = (marker: string, content: string): string =>
    `\xff${marker}\0${String.fromCharCode(content.length + 2)}${content}`;
  const jfif = segment("\xe0", "JFIF\0");
  const exif = segment("\xe1", "Exif\0\0place and time");
  const scan = segment("\xda", "…");
  expect(tellsOfCamera(bytes(`\xff\xd8${exif}${scan}`))).toBe(true);
  expect(tellsOfCamera(bytes(`\xff\xd8${jfif}${exif}${scan}`))).toBe(true);
  expect(tellsOfCamera(bytes(`\xff\xd8${jfif}${segment("\xe1", "http://ns.adobe.com/")}${scan}`))).toBe(false);
  expect(tellsOfCamera(bytes(`\xff\xd8${jfif}${scan}${exif}`))).toBe(false);
  expect(tellsOfCamera(bytes("\xff\xd8\xff"))).toBe(false);
});

test("every name that a disk allows becomes one that the server takes", () => {
  for (const name of [
    "a/b\\c.txt",
    "tab\there",
    "\u202egnp.exe",
    "  ",
    "",
    "é".repeat(400),
    "half \ud83d",
    `${"x".repeat(300)}.png`,
  ])
    expect(fileName.safeParse(fileNameOf(name)).success).toBe(true);
  expect(fileNameOf(`${"x".repeat(300)}.png`)).toEndWith(".png");
  expect(fileNameOf("holiday (2).jpg")).toBe("holiday (2).jpg");
});

test("what is empty or too large is refused before anything leaves", () => {
  expect(refusalOf({ size: 0 })).toBe("This is empty, or a folder.");
  expect(refusalOf({ size: limits.mediaSize })).toBeUndefined();
  expect(refusalOf({ size: limits.mediaSize + 1 })).toStartWith("Larger than");
});
