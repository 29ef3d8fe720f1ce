import { expect, test } from "bun:test";
import { relyingPartyOf } from "./relying-party.ts";

test("passkeys belong to the host of the public address, and to its page and the allowed ones alone", () => {
  const party = relyingPartyOf("https://chat.example.org:8443", ["https://app.chat.example.org"]);
  expect(party.id).toBe("chat.example.org");
  for (const own of ["https://chat.example.org:8443", "https://app.chat.example.org"])
    expect(party.isOwnOrigin(own)).toBe(true);
  for (const foreign of [
    "https://chat.example.org",
    "http://chat.example.org:8443",
    "https://evil.example",
    "null",
    "",
  ])
    expect(party.isOwnOrigin(foreign)).toBe(false);
});

test("without a public address they belong to localhost, on any port and without TLS", () => {
  const party = relyingPartyOf(undefined, []);
  expect(party.id).toBe("localhost");
  expect(party.isOwnOrigin("http://localhost:8080")).toBe(true);
  for (const foreign of ["http://localhost.evil.example", "http://127.0.0.1:8080", "https://evil.example", "null", ""])
    expect(party.isOwnOrigin(foreign)).toBe(false);
});
