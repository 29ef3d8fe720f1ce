import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { limits, newMediaId, newUserId } from "@hubbub/contract";
import { createSecretKey } from "../src/infrastructure/filesystem/secret-key.ts";
import { SignedAddresses } from "../src/infrastructure/filesystem/signed-addresses.ts";
import type { NewBlob } from "../src/ports/blob-store.ts";
import { systemClock } from "../src/ports/clock.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing/database.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

const HUBBUB_SECRET_KEY = "a secret key of the tests of blobs";
const addresses = new SignedAddresses([createSecretKey(HUBBUB_SECRET_KEY).deriveKey("blob addresses")], systemClock);
const home = temporaryDirectory();
let database: TestDatabase;
let server: ServerProcess;

const start = () =>
  ServerProcess.start({ dataDirectory: home.path, env: { DATABASE_URL: database.url, HUBBUB_SECRET_KEY } });
beforeAll(async () => {
  database = await createTestDatabase();
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await database.drop();
  home.remove();
});

const soon = () => new Date(Date.now() + 60_000);
const mostMemory = () =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) * 1024;

test.skipIf(process.platform !== "linux")(
  "files of the largest size come and go without being held in memory, and outlive the server",
  async () => {
    const bytes = new Uint8Array(limits.mediaSize).fill(7);
    const contentType = "video/mp4";
    const blobs = Array.from({ length: 4 }, () => ({ key: newMediaId(newUserId()), contentType, size: bytes.length }));
    const upload = async (blob: NewBlob) =>
      fetch(addresses.toUpload(blob, soon(), await server.url), {
        method: "PUT",
        headers: { "content-type": contentType },
        body: bytes,
      });
    const download = async (blob: NewBlob) =>
      fetch(addresses.toDownload({ ...blob, fileName: "a.mp4", inline: true }, soon(), await server.url));
    const before = mostMemory();
    for (const { status } of await Promise.all(blobs.map(upload))) expect(status).toBe(200);
    for (const blob of blobs) {
      const got = await (await download(blob)).bytes();
      expect(got.length === bytes.length && Buffer.compare(got, bytes) === 0).toBe(true);
    }
    // garbage that is not cleared away yet is some of it
    expect(mostMemory() - before).toBeLessThan((blobs.length * limits.mediaSize) / 2);
    server.kill("SIGKILL");
    await server.ended();
    server = await start();
    for (const blob of blobs)
      expect((await download(blob)).headers.get("content-length")).toBe(String(limits.mediaSize));
  },
);

test("what is no blob's address is none, whatever it looks like", async () => {
  const url = await server.url;
  const paths = ["/blobs", "/blobs/", "/blobs/a/b", "/blobs/..%2f..%2fsecret.key", `/blobs/${newMediaId(newUserId())}`];
  for (const path of paths) {
    for (const method of ["GET", "HEAD", "PUT"]) {
      const { status } = await fetch(url + path, { method });
      expect([403, 404], `${method} ${path}`).toContain(status);
    }
  }
});
