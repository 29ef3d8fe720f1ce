import { afterAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { newMediaId, newUserId } from "@hubbub/contract";
import { systemClock } from "../../ports/clock.ts";
import { blobStoreContract, put } from "../../testing/blob-store-contract.ts";
import { temporaryDirectory } from "../../testing/server-process.ts";
import { BlobServer } from "./blob-server.ts";
import { FileBlobStore } from "./file-blob-store.ts";
import { SignedAddresses } from "./signed-addresses.ts";

const home = temporaryDirectory();
const directory = join(home.path, "media");
const secret = randomBytes(32);
const addresses = new SignedAddresses([secret], systemClock);
const store = new FileBlobStore(directory, addresses, systemClock);
const blobs = new BlobServer(store, addresses, { now: () => Date.now() + leap });
/** Milliseconds by which uploads seem to last longer than they do. */
let leap = 0;
const silences: number[] = [];
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  development: false,
  fetch: (request, self) =>
    blobs.serve(request, (seconds) => {
      silences.push(seconds);
      self.timeout(request, seconds);
    }),
});
afterAll(async () => {
  await server.stop(true);
  home.remove();
});
const serverUrl = server.url.origin;

const newBlob = (size: number) => ({ key: newMediaId(newUserId()), contentType: "text/plain", size });
const soon = () => new Date(Date.now() + 60_000);
const incoming = () => readdir(join(directory, ".incoming"));

describe("blobs as files", () => {
  blobStoreContract(() => ({ store, serverUrl }));
});

test("[M3] a key is taken once: what was confirmed cannot be exchanged while its address is still good", async () => {
  const blob = newBlob(4);
  const upload = await store.signUpload(blob, soon(), serverUrl);
  expect((await put(upload, "good")).status).toBe(200);
  expect((await put(upload, "evil")).status).toBe(409);
  expect(Buffer.from(await store.readStart(blob.key, 10)).toString()).toBe("good");
});

test("a body that announces no length is cut where it is longer than signed, and refused where it is shorter", async () => {
  const upload = await store.signUpload(newBlob(100_000), soon(), serverUrl);
  const streamed = (chunks: number) =>
    put(
      upload,
      new ReadableStream({
        start(controller) {
          for (let chunk = 0; chunk < chunks; chunk++) controller.enqueue(randomBytes(10_000));
          controller.close();
        },
      }),
    );
  expect((await streamed(11)).status).toBe(413);
  expect((await streamed(9)).status).toBe(400);
  expect((await streamed(10)).status).toBe(200);
  expect(await incoming()).toEqual([]);
});

test("an upload that breaks off leaves nothing, and can be made again", async () => {
  const blob = newBlob(100_000);
  const upload = await store.signUpload(blob, soon(), serverUrl);
  const { pathname, search } = new URL(upload.url);
  const socket = connect(Number(server.port), "127.0.0.1");
  const head = `PUT ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n`;
  socket.write(head);
  socket.write(randomBytes(50_000));
  while ((await incoming()).length === 0) await Bun.sleep(5);
  socket.destroy();
  while ((await incoming()).length > 0) await Bun.sleep(5);
  expect(await store.sizeOf(blob.key)).toBeUndefined();
  expect((await put(upload, randomBytes(100_000))).status).toBe(200);
});

test("an upload that trickles for hours is cut", async () => {
  const blob = newBlob(100_000);
  const upload = await store.signUpload(blob, soon(), serverUrl);
  const trickle = new ReadableStream({
    async pull(controller) {
      controller.enqueue(randomBytes(100));
      while ((await incoming()).length === 0) await Bun.sleep(5);
      leap = 62_000;
    },
  });
  expect((await put(upload, trickle)).status).toBe(408);
  leap = 0;
  expect(await store.sizeOf(blob.key)).toBeUndefined();
});

test("an upload that is announced longer than it was signed is refused before it is sent", async () => {
  const upload = await store.signUpload(newBlob(10), soon(), serverUrl);
  expect((await put(upload, randomBytes(30_000_000))).status).toBe(413);
});

test("an upload may be silent for a minute, and what comes after it on the same connection no longer than usual", async () => {
  silences.length = 0;
  await put(await store.signUpload(newBlob(4), soon(), serverUrl), "text");
  expect(silences[0]).toBe(60);
  expect(silences.at(-1)).toBe(10);
});

test("[M7] what a crash left of uploads goes when the blobs are looked through, and nothing that is under way", async () => {
  await mkdir(join(directory, ".incoming"), { recursive: true });
  for (const name of ["left", "under-way"]) await writeFile(join(directory, ".incoming", name), "half");
  const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
  await utimes(join(directory, ".incoming", "left"), longAgo, longAgo);
  await store.list(undefined, 1);
  expect(await incoming()).toEqual(["under-way"]);
});

test("[M8] what is downloaded is inert, named, and kept by nobody but the one who asked", async () => {
  const blob = newBlob(25);
  const html = "<script>alert(1)</script>";
  await put(await store.signUpload(blob, soon(), serverUrl), html);
  const download = { key: blob.key, contentType: "text/html", fileName: "x.html", inline: false };
  const url = await store.signDownload(download, soon(), serverUrl);
  for (const response of [await fetch(url), await fetch(url, { headers: { range: "bytes=0-3" } })]) {
    const { headers } = response;
    expect(headers.get("content-disposition")).toStartWith("attachment;");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    const [, seconds] = /^private, max-age=(\d+), immutable$/.exec(headers.get("cache-control") ?? "") ?? [];
    expect(Number(seconds)).toBeWithin(30, 61);
  }
  const head = await fetch(url, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "25"]);
});

test("any page may use an address that it has, and no cookie counts", async () => {
  const { url } = await store.signUpload(newBlob(4), soon(), serverUrl);
  const preflight = await fetch(url, {
    method: "OPTIONS",
    headers: { origin: "https://app.example.org", "access-control-request-method": "PUT" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
  expect(preflight.headers.get("access-control-allow-headers")).toContain("content-type");
  expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
});

test("a directory that cannot be used is told", async () => {
  await writeFile(join(home.path, "file"), "");
  const nowhere = new FileBlobStore(join(home.path, "file", "media"), addresses, systemClock);
  expect(await nowhere.check().catch((error: unknown) => error)).toBeInstanceOf(Error);
});

test("while the secret key is replaced addresses signed with the one before are good, and with others never", async () => {
  const newer = randomBytes(32);
  const rotated = new BlobServer(store, new SignedAddresses([newer, secret], systemClock), systemClock);
  const stranger = new BlobServer(store, new SignedAddresses([newer], systemClock), systemClock);
  const blob = newBlob(3);
  const { url, headers } = await store.signUpload(blob, soon(), serverUrl);
  const request = () => new Request(url, { method: "PUT", headers, body: "old" });
  expect((await stranger.serve(request(), () => undefined)).status).toBe(403);
  expect((await rotated.serve(request(), () => undefined)).status).toBe(200);
});
