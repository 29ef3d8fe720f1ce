import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newMediaId, newUserId } from "@hubbub/contract";
import { requireSwift } from "../../../../../scripts/services.ts";
import { systemClock } from "../../ports/clock.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import { blobStoreContract, put } from "../../testing/blob-store-contract.ts";
import { S3Server } from "../../testing/s3-server.ts";
import { temporaryDirectory } from "../../testing/server-process.ts";
import { S3BlobStore } from "./s3-blob-store.ts";

const swift = requireSwift();
let server: S3Server;
let store: S3BlobStore;

const soon = () => new Date(Date.now() + 60_000);
const newBlob = (size: number) => ({ key: newMediaId(newUserId()), contentType: "text/plain", size });
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.skipIf(swift === undefined)("blobs in S3", () => {
  beforeAll(async () => {
    server = await S3Server.start(swift ?? "");
    store = new S3BlobStore(server.settings, systemClock);
  }, 30_000);
  afterAll(() => server.stop());

  blobStoreContract(() => ({ store, serverUrl: "https://not.used" }));

  test("[M3] addresses are signed for the public host, and asking nobody; bytes are read by the inner one", async () => {
    const inner = "http://127.0.0.1:1";
    const { endpoint } = server.settings;
    const outside = new S3BlobStore({ ...server.settings, endpoint: inner }, systemClock);
    const blob = newBlob(4);
    const upload = await outside.signUpload(blob, soon());
    expect(upload.url).toStartWith(`${endpoint}/media/`);
    expect((await put(upload, "text")).status).toBe(200);
    const download = await outside.signDownload({ ...blob, fileName: "a.txt", inline: false }, soon());
    expect(await (await fetch(download)).text()).toBe("text");
    const renamed = download.replace("127.0.0.1", "localhost");
    const { status } = await fetch(renamed);
    expect(status).toBe(403);
    expect(await rejection(outside.sizeOf(blob.key))).toBeInstanceOf(Unavailable);
    const behind = new S3BlobStore({ ...server.settings, publicUrl: "https://files.example.org" }, systemClock);
    expect(await behind.sizeOf(blob.key)).toBe(4);
    expect((await behind.signUpload(blob, soon())).url).toStartWith("https://files.example.org/media/");
  });

  test("a store that is frozen, away or not ours is told from a blob that is not there", async () => {
    const blob = newBlob(4);
    const away = new S3BlobStore({ ...server.settings, endpoint: "http://127.0.0.1:1" }, systemClock);
    const calls = [away.check(), away.readStart(blob.key, 1), away.remove([blob.key]), away.list(undefined, 1)];
    for (const error of await Promise.all(calls.map(rejection))) expect(error).toBeInstanceOf(Unavailable);
    server.freeze();
    expect(await rejection(store.sizeOf(blob.key))).toBeInstanceOf(Unavailable);
    server.goOn();
    expect(await store.sizeOf(blob.key)).toBeUndefined();
    const secretAccessKey = "sesame";
    const wrong = { accessKeyId: "test:tester", secretAccessKey };
    const refused = await rejection(
      new S3BlobStore({ ...server.settings, credentials: wrong }, systemClock).sizeOf(blob.key),
    );
    expect(refused).not.toBeInstanceOf(Unavailable);
    expect(Bun.inspect(refused)).toContain("403");
    expect(Bun.inspect(refused)).not.toContain(secretAccessKey);
    const missing = new S3BlobStore({ ...server.settings, bucket: "other" }, systemClock);
    expect(String(await rejection(missing.check()))).toContain("There is no bucket other");
  });

  test("without keys of its own the store takes those of the usual AWS chain: the environment, or a profile", async () => {
    const home = temporaryDirectory();
    const { credentials, ...settings } = server.settings;
    const { accessKeyId = "", secretAccessKey = "" } = credentials ?? {};
    const check = async (env: Readonly<Record<string, string>>) => {
      const script = `
        import { S3BlobStore } from ${JSON.stringify(join(import.meta.dir, "s3-blob-store.ts"))};
        await new S3BlobStore({ ...${JSON.stringify(settings)}, credentials: undefined }, { now: Date.now }).check();
        console.log("usable");`;
      const child = Bun.spawn([process.execPath, "-e", script], {
        env: { PATH: process.env["PATH"] ?? "", HOME: home.path, AWS_EC2_METADATA_DISABLED: "true", ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      return new Response(child.stdout).text();
    };
    try {
      expect(await check({})).toBe("");
      expect(await check({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })).toBe("usable\n");
      mkdirSync(join(home.path, ".aws"));
      writeFileSync(
        join(home.path, ".aws", "credentials"),
        `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
      );
      expect(await check({})).toBe("usable\n");
    } finally {
      home.remove();
    }
  });
});
