import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { newMediaId, newUserId, type Upload } from "@hubbub/contract";
import type { BlobStore, NewBlob } from "../ports/blob-store.ts";
import { seededRandom, testSeed } from "./seeded-random.ts";

export interface StoreUnderTest {
  readonly store: BlobStore;
  /** The origin of the server, where the store has none of its own. */
  readonly serverUrl: string;
}

const soon = () => new Date(Date.now() + 60_000);
const newKey = () => newMediaId(newUserId());
const random = seededRandom(testSeed());

/** Puts as a client does that knows nothing but what it was told. */
export function put({ method, url, headers }: Upload, body: BodyInit): Promise<Response> {
  return fetch(url, { method, headers, body });
}

/** What every blob store promises, of a store that holds nothing yet. */
export function blobStoreContract(open: () => StoreUnderTest): void {
  const sign = (blob: NewBlob, until = soon()) => open().store.signUpload(blob, until, open().serverUrl);
  const address = (key: string, contentType = "text/plain", fileName = "a.txt", until = soon()) =>
    open().store.signDownload({ key, contentType, fileName, inline: false }, until, open().serverUrl);
  const stored = async (bytes: Uint8Array<ArrayBuffer>, contentType = "text/plain"): Promise<string> => {
    const key = newKey();
    const response = await put(await sign({ key, contentType, size: bytes.length }), bytes);
    expect(response.status, await response.text()).toBe(200);
    return key;
  };

  test("[M3] what is put as it was signed lies there, and comes back byte for byte", async () => {
    const bytes = randomBytes(1_000_000);
    const key = await stored(bytes, "image/png");
    const { store, serverUrl } = open();
    expect(await store.sizeOf(key)).toBe(bytes.length);
    expect(Buffer.from(await store.readStart(key, 100))).toEqual(bytes.subarray(0, 100));
    expect(Buffer.from(await store.readStart(key, 2_000_000))).toEqual(bytes);
    for (const inline of [true, false]) {
      const blob = { key, contentType: "image/png", fileName: "cat.png", inline };
      const response = await fetch(await store.signDownload(blob, soon(), serverUrl));
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("image/png");
      expect(response.headers.get("content-length")).toBe("1000000");
      expect(response.headers.get("content-disposition")).toStartWith(inline ? "inline;" : "attachment;");
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    }
  });

  test("[M3] an upload of another type or another length, or too late, is refused and leaves nothing", async () => {
    const blob = { key: newKey(), contentType: "image/png", size: 1000 };
    const upload = await sign(blob);
    const late = await sign(blob, new Date(Date.now() - 1_000));
    const refused: Record<string, Promise<Response>> = {
      "another type": put(
        { ...upload, headers: { ...upload.headers, "content-type": "text/html" } },
        randomBytes(1000),
      ),
      "no type": fetch(upload.url, { method: "PUT", body: randomBytes(1000) }),
      "a byte more": put(upload, randomBytes(1001)),
      "a byte less": put(upload, randomBytes(999)),
      nothing: put(upload, ""),
      "too late": put(late, randomBytes(1000)),
    };
    for (const [what, answer] of Object.entries(refused)) {
      const { status } = await answer;
      expect(status >= 400 && status < 500, `${what}: ${status}`).toBe(true);
      expect(await open().store.sizeOf(blob.key), what).toBeUndefined();
    }
    expect((await put(upload, randomBytes(1000))).status).toBe(200);
  });

  test("[M3] an address is good for its method and its key alone, and no part of it can be changed", async () => {
    const key = await stored(Buffer.from("of another"));
    const target = newKey();
    const upload = await sign({ key: target, contentType: "text/plain", size: 4 });
    const download = await address(key);
    const elsewhere = (url: string, from: string, to: string) => url.replace(from, to);
    expect((await put({ ...upload, url: elsewhere(upload.url, target, key) }, "evil")).status).toBe(403);
    expect((await put({ ...upload, url: download }, "evil")).status).toBe(403);
    expect((await fetch(upload.url)).status).toBe(403);
    expect((await fetch(elsewhere(download, key, await stored(Buffer.from("not yours"))))).status).toBe(403);
    expect((await fetch(await address(key, "text/plain", "a.txt", new Date(Date.now() - 1_000)))).status).toBe(403);
    for (const [url, send] of [
      [upload.url, (to: string) => put({ ...upload, url: to }, "evil")],
      [download, (to: string) => fetch(to)],
    ] as const) {
      for (const name of new URL(url).searchParams.keys()) {
        const changed = new URL(url);
        const value = changed.searchParams.get(name) ?? "";
        changed.searchParams.set(name, value.endsWith("1") ? `${value.slice(0, -1)}2` : `${value.slice(0, -1)}1`);
        const without = new URL(url);
        without.searchParams.delete(name);
        for (const each of [changed, without]) {
          const { status } = await send(each.href);
          expect(status >= 400 && status < 500, `${name}: ${status}`).toBe(true);
        }
      }
    }
    expect(await open().store.sizeOf(target)).toBeUndefined();
    expect(await (await fetch(download)).text()).toBe("of another");
  });

  test("the name of a file comes back whole, in whatever script", async () => {
    const key = await stored(Buffer.from("x"));
    const characters = [...`aZ09 ._-"'()*%;=+&#?!~^|<>\`éß漢字שלוםمرحبا🎉👩‍👩‍👧ｱ`];
    for (let round = 0; round < 20; round++) {
      const length = 1 + Math.floor(random() * 60);
      const pick = () => characters[Math.floor(random() * characters.length)] ?? "x";
      const fileName = Array.from({ length }, pick).join("");
      const response = await fetch(await address(key, "text/plain", fileName));
      const disposition = response.headers.get("content-disposition") ?? "";
      const [, exact = ""] =
        /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''([\w%.!#$&+^`|~-]+)$/.exec(disposition) ?? [];
      expect(decodeURIComponent(exact), disposition).toBe(fileName);
    }
  });

  test("a part of a blob can be asked for, and one that is not there is told", async () => {
    const bytes = randomBytes(10_000);
    const url = await address(await stored(bytes, "video/mp4"), "video/mp4");
    const range = (value: string) => fetch(url, { headers: { range: `bytes=${value}` } });
    const parts: readonly [range: string, from: number, to: number][] = [
      ["0-0", 0, 1],
      ["100-199", 100, 200],
      ["9000-", 9000, 10_000],
      ["-10", 9990, 10_000],
      ["9999-20000", 9999, 10_000],
    ];
    for (const [asked, from, to] of parts) {
      const response = await range(asked);
      expect(response.status, asked).toBe(206);
      expect(response.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/10000`);
      expect(response.headers.get("content-type")).toBe("video/mp4");
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes.subarray(from, to));
    }
    expect((await range("10000-")).status).toBe(416);
  });

  test("[M6] what is removed is gone, and removing it again is no error", async () => {
    const { store } = open();
    const keys = [await stored(Buffer.from("one")), await stored(Buffer.from("two"))];
    const stays = await stored(Buffer.from("stays"));
    const urls = await Promise.all(keys.map((key) => address(key)));
    await store.remove([]);
    await store.remove([...keys, newKey()]);
    await store.remove(keys);
    for (const key of keys) {
      expect(await store.sizeOf(key)).toBeUndefined();
      expect(await store.readStart(key, 10)).toHaveLength(0);
    }
    for (const url of urls) expect((await fetch(url)).status).toBe(404);
    expect(await store.sizeOf(stays)).toBe(5);
  });

  test("[M7] all keys are listed once, in their order, page by page, with when they were stored", async () => {
    const { store } = open();
    const listed = async (most: number) => {
      const all: { readonly key: string; readonly storedAt: Date }[] = [];
      for (;;) {
        const page = await store.list(all.at(-1)?.key, most);
        all.push(...page);
        if (page.length < most) return all;
      }
    };
    const before = (await listed(1000)).map(({ key }) => key);
    // of different times, so that they lie apart
    const keys = Array.from({ length: 25 }, () => newMediaId(newUserId(), Math.floor(random() * 2 ** 41)));
    const begun = Date.now();
    await Promise.all(keys.map(async (key) => put(await sign({ key, contentType: "text/plain", size: 1 }), "x")));
    for (const most of [1, 7, 25, 1000]) {
      const found = await listed(most);
      expect(found.map(({ key }) => key)).toEqual([...before, ...keys].sort());
      for (const { key, storedAt } of found)
        if (keys.some((each) => each === key)) expect(Math.abs(storedAt.getTime() - begun)).toBeLessThan(30_000);
    }
  });

  test("of several uploads to one key at once one lies there whole", async () => {
    const size = 300_000;
    const bodies = Array.from({ length: 8 }, () => randomBytes(size));
    const key = newKey();
    const upload = await sign({ key, contentType: "text/plain", size });
    const answers = await Promise.all(bodies.map((body) => put(upload, body)));
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(0);
    const lies = Buffer.from(await (await fetch(await address(key))).arrayBuffer());
    const winners = bodies.filter((_, index) => answers[index]?.ok);
    expect(winners.filter((body) => body.equals(lies))).toHaveLength(1);
  });

  test("a store that can be used says so", () => open().store.check());
}
