import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Download, NewBlob } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";

/** Under which the blobs are served. */
export const BLOBS_PATH = "/blobs";

type Method = "GET" | "PUT";

const time = z.coerce.number().transform((milliseconds) => new Date(milliseconds));
const uploadQuery = z.strictObject({ expires: time, type: z.string(), size: z.coerce.number() });
const downloadQuery = z.strictObject({
  expires: time,
  type: z.string(),
  name: z.string(),
  inline: z.enum(["true", "false"]).transform((value) => value === "true"),
});

/** Addresses on this server whose query says what whoever has them may do, under an HMAC-SHA-256 of all of it [M3]. */
export class SignedAddresses {
  readonly #keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly #clock: Clock;

  /** @param keys the first one signs, the others are still good */
  constructor(keys: readonly [Uint8Array, ...Uint8Array[]], clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  toUpload({ key, contentType, size }: NewBlob, expiresAt: Date, serverUrl: string): string {
    const query = { expires: String(expiresAt.getTime()), type: contentType, size: String(size) };
    return this.#sign("PUT", key, new URLSearchParams(query), serverUrl);
  }

  toDownload({ key, contentType, fileName, inline }: Download, expiresAt: Date, serverUrl: string): string {
    const query = {
      expires: String(expiresAt.getTime()),
      type: contentType,
      name: fileName,
      inline: String(inline),
    };
    return this.#sign("GET", key, new URLSearchParams(query), serverUrl);
  }

  /** @returns what the address allows to upload; undefined unless all of it is as it was signed, and its time is not over */
  readUpload(url: URL): NewBlob | undefined {
    const signed = this.#verify("PUT", url);
    if (signed === undefined) return undefined;
    const { expires, type, size } = uploadQuery.parse(signed.query);
    return this.#isOver(expires) ? undefined : { key: signed.key, contentType: type, size };
  }

  /** @returns what it allows to download, likewise */
  readDownload(url: URL): (Download & { readonly secondsLeft: number }) | undefined {
    const signed = this.#verify("GET", url);
    if (signed === undefined) return undefined;
    const { expires, type, name, inline } = downloadQuery.parse(signed.query);
    if (this.#isOver(expires)) return undefined;
    const secondsLeft = Math.floor((expires.getTime() - this.#clock.now()) / 1000);
    return { key: signed.key, contentType: type, fileName: name, inline, secondsLeft };
  }

  #sign(method: Method, key: string, query: URLSearchParams, serverUrl: string): string {
    query.set("signature", signatureOf(this.#keys[0], method, key, query).toString("base64url"));
    return new URL(`${BLOBS_PATH}/${key}?${query}`, serverUrl).href;
  }

  #verify(method: Method, url: URL): { readonly key: string; readonly query: Record<string, string> } | undefined {
    const key = url.pathname.slice(BLOBS_PATH.length + 1);
    const query = new URLSearchParams(url.search);
    const given = Buffer.from(query.get("signature") ?? "", "base64url");
    query.delete("signature");
    const isOurs = this.#keys.some((each) => isSame(signatureOf(each, method, key, query), given));
    return isOurs ? { key, query: Object.fromEntries(query) } : undefined;
  }

  #isOver(expires: Date): boolean {
    return expires.getTime() <= this.#clock.now();
  }
}

function signatureOf(secret: Uint8Array, method: Method, key: string, query: URLSearchParams): Buffer {
  return createHmac("sha256", secret).update(`${method} ${key}?${query}`).digest();
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
