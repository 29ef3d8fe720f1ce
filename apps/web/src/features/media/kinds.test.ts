import { expect, test } from "bun:test";
import { newConversationId, newMediaId } from "@hubbub/contract";
import { gist, kindOf } from "./kinds.ts";

const of = (contentType: string, fileName = "a") => ({
  ...{ id: newMediaId(newConversationId()), fileName, contentType, size: 1 },
});

test("in passing, a message is told by what it carries and what it says", () => {
  const photo = of("image/png");
  expect(gist("Look", undefined)).toBe("Look");
  expect(gist("", [photo])).toBe("Photo");
  expect(gist("The lake", [photo, photo, photo])).toBe("3 photos: The lake");
  expect(gist("", [of("application/pdf", "minutes.pdf")])).toBe("minutes.pdf");
  expect(gist("", [photo, of("application/pdf")])).toBe("2 files");
  expect(gist("", [of("audio/ogg")])).toBe("Sound");
});

test("[M8] what could run is a file, whatever browsers make of it", () => {
  for (const type of ["image/svg+xml", "text/html", "application/pdf", "application/xhtml+xml", "toString"])
    expect(kindOf({ contentType: type })).toBe("file");
});
