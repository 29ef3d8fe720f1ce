import { expect, test } from "bun:test";
import { randomId } from "./connection-ids.ts";
import { ConnectionTokens } from "./connection-tokens.ts";

test("[N5] a token is understood by who has the key, for a while, and cannot be changed", () => {
  const [here, there, stranger] = [new ConnectionTokens("k"), new ConnectionTokens("k"), new ConnectionTokens()];
  const connectionId = randomId();
  const token = here.issue(connectionId, 1000);
  expect(there.verify(token, 16_000, 15_000)).toEqual({ connectionId });
  expect(there.verify(token, 16_001, 15_000)).toBeUndefined();
  expect(stranger.verify(token, 1000, 15_000)).toBeUndefined();
  expect(there.verify("", 1000, 15_000)).toBeUndefined();
  const bytes = Buffer.from(token, "base64url");
  for (let at = 0; at < bytes.length; at++) {
    const forged = Buffer.from(bytes);
    forged.writeUInt8(forged.readUInt8(at) ^ 1, at);
    expect(there.verify(forged.toString("base64url"), 1000, 15_000)).toBeUndefined();
  }
});
