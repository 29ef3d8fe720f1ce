import { randomUUID } from "node:crypto";
import { access, constants, type FileHandle, link, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Upload } from "@hubbub/contract";
import { type BlobStore, type Download, isBlobKey, type NewBlob, type StoredBlob } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SignedAddresses } from "./signed-addresses.ts";

/** What became of the bytes of an upload. */
export type Stored = "stored" | "alreadyThere" | "tooShort" | "tooLong";

/** Uploads under way. No key has such a name. */
const INCOMING = ".incoming";
/** Of an upload that was not written to for so long, in milliseconds, nothing is to come: a crash left it. */
const LEFT_BEHIND_MS = 60 * 60_000;
/** Characters of a key that name its folder: about three days of keys that begin with a time, as version 7 UUIDs do. */
const FOLDER_LENGTH = 5;

/** Blobs as files of a directory, uploaded to and downloaded from this server. */
export class FileBlobStore implements BlobStore {
  readonly #directory: string;
  readonly #addresses: SignedAddresses;
  readonly #clock: Clock;

  constructor(directory: string, addresses: SignedAddresses, clock: Clock) {
    this.#directory = directory;
    this.#addresses = addresses;
    this.#clock = clock;
  }

  async signUpload(blob: NewBlob, expiresAt: Date, serverUrl: string): Promise<Upload> {
    const url = this.#addresses.toUpload(blob, expiresAt, serverUrl);
    return { method: "PUT", url, headers: { "content-type": blob.contentType }, expiresAt: expiresAt.toISOString() };
  }

  async signDownload(blob: Download, expiresAt: Date, serverUrl: string): Promise<string> {
    return this.#addresses.toDownload(blob, expiresAt, serverUrl);
  }

  async sizeOf(key: string): Promise<number | undefined> {
    const found = await orAbsent(stat(this.pathOf(key)));
    return found?.size;
  }

  async readStart(key: string, most: number): Promise<Uint8Array> {
    const file = await orAbsent(open(this.pathOf(key)));
    if (file === undefined) return new Uint8Array();
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(most), 0, most, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.pathOf(key), { force: true });
  }

  async list(after: string | undefined, most: number): Promise<readonly StoredBlob[]> {
    if (after === undefined) await this.#sweep();
    const page: StoredBlob[] = [];
    for (const folder of await this.#folders()) {
      if (after !== undefined && folder < folderOf(after)) continue;
      const keys = (await orAbsent(readdir(join(this.#directory, folder)))) ?? [];
      for (const key of keys.filter(isBlobKey).sort()) {
        if (page.length === most) return page;
        if (after !== undefined && key <= after) continue;
        const found = await orAbsent(stat(this.pathOf(key)));
        if (found !== undefined) page.push({ key, storedAt: found.mtime });
      }
    }
    return page;
  }

  async check(): Promise<void> {
    await access(await this.#incoming(), constants.W_OK);
  }

  pathOf(key: string): string {
    if (!isBlobKey(key)) throw new RangeError(`${JSON.stringify(key)} is no key of a blob`);
    return join(this.#directory, folderOf(key), key);
  }

  /**
   * Keeps an upload if exactly so many bytes come and nothing lies under its key yet: all of it, on the disk, or nothing.
   * @throws what `chunks` throws
   */
  async store({ key, size }: NewBlob, chunks: AsyncIterable<Uint8Array>): Promise<Stored> {
    const incoming = join(await this.#incoming(), randomUUID());
    try {
      const written = await writeDurably(incoming, size, chunks);
      return written === "stored" ? await this.#place(incoming, this.pathOf(key)) : written;
    } finally {
      await rm(incoming, { force: true });
    }
  }

  /** Made where it is missing. */
  async #incoming(): Promise<string> {
    const path = join(this.#directory, INCOMING);
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncDirectory(dirname(this.#directory));
    return path;
  }

  async #place(incoming: string, path: string): Promise<Stored> {
    const folder = dirname(path);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await link(incoming, path); // unlike a renaming it never replaces
    } catch (error) {
      if (hasCode(error, "EEXIST")) return "alreadyThere";
      throw error;
    }
    await syncDirectory(folder);
    if (made !== undefined) await syncDirectory(this.#directory);
    return "stored";
  }

  async #folders(): Promise<string[]> {
    const names = (await orAbsent(readdir(this.#directory))) ?? [];
    return names.filter((name) => name.length === FOLDER_LENGTH).sort();
  }

  async #sweep(): Promise<void> {
    const incoming = join(this.#directory, INCOMING);
    for (const name of (await orAbsent(readdir(incoming))) ?? []) {
      const found = await orAbsent(stat(join(incoming, name)));
      if (found !== undefined && found.mtimeMs < this.#clock.now() - LEFT_BEHIND_MS)
        await rm(join(incoming, name), { force: true });
    }
  }
}

const folderOf = (key: string): string => key.slice(0, FOLDER_LENGTH);

/** Holds a chunk in memory at a time. */
async function writeDurably(path: string, size: number, chunks: AsyncIterable<Uint8Array>): Promise<Stored> {
  const file = await open(path, "wx", 0o600);
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > size) return "tooLong";
      await writeAll(file, chunk);
    }
    if (bytes < size) return "tooShort";
    await file.sync();
    return "stored";
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
}

/** A new name is on the disk when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

async function orAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
