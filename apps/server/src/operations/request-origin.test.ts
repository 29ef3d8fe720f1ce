import { expect, test } from "bun:test";
import { originOf } from "./request-origin.ts";

test("addresses given to a caller begin with the public one, or where there is none with the one they came by", () => {
  const settings = { allowedOrigins: [], isTrustedProxy: () => false };
  const serverUrl = (url: string, publicUrl?: string) =>
    originOf(new Request(url), "192.0.2.1", { ...settings, publicUrl }).serverUrl;
  const came = "http://192.0.2.7:8080/api/v1/media?x=1";
  expect(serverUrl(came)).toBe("http://192.0.2.7:8080");
  expect(serverUrl(came, "https://chat.example.org")).toBe("https://chat.example.org");
});
