import type { Clock } from "../../ports/clock.ts";
import { contentDisposition } from "../../ports/content-disposition.ts";
import type { FileBlobStore, Stored } from "./file-blob-store.ts";
import type { SignedAddresses } from "./signed-addresses.ts";

/** Seconds that an upload may be silent, and that a request may be otherwise, as the runtime has it. */
const SILENCE_SECONDS = { upload: 60, otherwise: 10 };
/** Of an upload on the average, once it had as long as it may be silent: slower ones hold a socket for nothing. */
const LEAST_BYTES_PER_SECOND = 2 * 1024;

/** Whoever has an address has what it allows, from any page: no cookie and no token counts here. */
const ANY_SITE = { "access-control-allow-origin": "*" };
const PREFLIGHT = {
  ...ANY_SITE,
  "access-control-allow-methods": "GET, HEAD, PUT",
  "access-control-allow-headers": "content-type, range",
  "access-control-max-age": "600",
};

/** What was uploaded never runs on our origin [M8]. */
const INERT = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "cross-origin",
  "access-control-expose-headers": "content-range",
};

/** An upload whose client went away, or is too slow. */
class UploadEnded extends Error {}

/** Takes and gives the bytes of a `FileBlobStore`, for signed addresses alone. */
export class BlobServer {
  readonly #store: FileBlobStore;
  readonly #addresses: SignedAddresses;
  readonly #clock: Clock;

  constructor(store: FileBlobStore, addresses: SignedAddresses, clock: Clock) {
    this.#store = store;
    this.#addresses = addresses;
    this.#clock = clock;
  }

  /** @param allowSilence lets the request's socket be silent for so many seconds from now on */
  async serve(request: Request, allowSilence: (seconds: number) => void): Promise<Response> {
    switch (request.method) {
      case "OPTIONS":
        return new Response(null, { status: 204, headers: PREFLIGHT });
      case "PUT":
        return this.#take(request, allowSilence);
      case "GET":
      case "HEAD":
        return this.#give(request);
      default:
        return told(405, "This address does not take that method.", { allow: "GET, HEAD, OPTIONS, PUT" });
    }
  }

  async #take(request: Request, allowSilence: (seconds: number) => void): Promise<Response> {
    const blob = this.#addresses.readUpload(addressOf(request));
    if (blob === undefined) return notSigned();
    if (request.headers.get("content-type") !== blob.contentType)
      return told(415, `The type must be ${blob.contentType}.`);
    if (Number(request.headers.get("content-length") ?? 0) > blob.size) return answerTo("tooLong");
    try {
      return answerTo(await this.#store.store(blob, this.#bodyOf(request, allowSilence)));
    } catch (error) {
      if (error instanceof UploadEnded) return told(408, "The upload was too slow.");
      throw error;
    } finally {
      allowSilence(SILENCE_SECONDS.otherwise); // it would stay with the connection
    }
  }

  async #give(request: Request): Promise<Response> {
    const blob = this.#addresses.readDownload(addressOf(request));
    if (blob === undefined) return notSigned();
    const file = Bun.file(this.#store.pathOf(blob.key));
    if (!(await file.exists())) return told(404, "There is nothing here.");
    const headers = {
      ...INERT,
      ...ANY_SITE,
      "content-type": blob.contentType,
      "content-disposition": contentDisposition(blob),
      "cache-control": `private, max-age=${blob.secondsLeft}, immutable`,
      "accept-ranges": "bytes",
    };
    return request.method === "HEAD"
      ? new Response(null, { headers: { ...headers, "content-length": String(file.size) } })
      : new Response(file, { headers }); // of a file the runtime answers ranges by itself
  }

  /** @throws UploadEnded */
  async *#bodyOf({ body }: Request, allowSilence: (seconds: number) => void): AsyncGenerator<Uint8Array> {
    const begun = this.#clock.now();
    let bytes = 0;
    allowSilence(SILENCE_SECONDS.upload);
    try {
      for await (const chunk of body ?? []) {
        bytes += chunk.length;
        const seconds = (this.#clock.now() - begun) / 1000;
        if (seconds > SILENCE_SECONDS.upload + bytes / LEAST_BYTES_PER_SECOND) throw new UploadEnded();
        yield chunk;
        allowSilence(SILENCE_SECONDS.upload);
      }
    } catch (error) {
      throw new UploadEnded("The body was not read to its end", { cause: error });
    }
  }
}

/** Also where the request names no host, or none that there could be. */
const addressOf = ({ url }: Request): URL => new URL(url, "http://localhost");

function answerTo(stored: Stored): Response {
  switch (stored) {
    case "stored":
      return new Response(null, { status: 200, headers: ANY_SITE });
    case "alreadyThere":
      return told(409, "This was uploaded already.");
    case "tooShort":
      return told(400, "There are fewer bytes than were announced.");
    case "tooLong":
      return told(413, "There are more bytes than were announced.");
  }
}

const notSigned = (): Response => told(403, "This address is not, or no longer, good.");

function told(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: {
      ...INERT,
      ...ANY_SITE,
      ...headers,
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
    },
  });
}
