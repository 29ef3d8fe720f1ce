import { expect, test } from "bun:test";
import { randomId } from "./connection-ids.ts";
import { ConnectionTokens } from "./connection-tokens.ts";

test("[N5] a token is understood by who has the key, names who issued it, and cannot be changed or written anew", () => {
  const [here, there, stranger] = [new ConnectionTokens("k"), new ConnectionTokens("k"), new ConnectionTokens()];
  for (const resumable of [false, true]) {
    const promise = { connectionId: randomId(), resumable, issued: Date.now() };
    expect(there.read(here.issue(promise))).toEqual({ ...promise, node: here.node });
  }
  const token = here.issue({ connectionId: randomId(), resumable: false, issued: 1000 });
  expect(here.node).not.toBe(there.node);
  for (const other of ["", `${token}=`, `${token} `, ` ${token}`, `${token}AAAA`, token.slice(0, -1)]) {
    expect(there.read(other)).toBeUndefined();
  }
  expect(stranger.read(token)).toBeUndefined();
  const bytes = Buffer.from(token, "base64url");
  for (let at = 0; at < bytes.length; at++) {
    const forged = Buffer.from(bytes);
    forged.writeUInt8(forged.readUInt8(at) ^ 1, at);
    expect(there.read(forged.toString("base64url"))).toBeUndefined();
  }
});
