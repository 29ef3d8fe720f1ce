import type { Upload } from "@hubbub/contract";

/** 8 to 100 of `a-z`, `0-9` and `-`. */
export const isBlobKey = (text: string): boolean => /^[a-z\d-]{8,100}$/.test(text);

/** What an upload is bound to [M3]. */
export interface NewBlob {
  /** Made by the server. */
  readonly key: string;
  readonly contentType: string;
  /** bytes */
  readonly size: number;
}

export interface Download {
  readonly key: string;
  readonly contentType: string;
  readonly fileName: string;
  /** Whether a browser may show it in place [M8]. */
  readonly inline: boolean;
}

export interface StoredBlob {
  readonly key: string;
  readonly storedAt: Date;
}

/** Where the bytes of media lie. Times are absolute; what cannot be reached throws `Unavailable`. */
export interface BlobStore {
  /**
   * Signs without asking anyone.
   * @param serverUrl the origin under which the caller reaches this server; a store with an address of its own needs none
   */
  signUpload(blob: NewBlob, expiresAt: Date, serverUrl: string): Promise<Upload>;
  /** @returns an address, likewise */
  signDownload(blob: Download, expiresAt: Date, serverUrl: string): Promise<string>;
  /** @returns bytes, or undefined where there is none */
  sizeOf(key: string): Promise<number | undefined>;
  /** The first bytes, at most so many; none where there is no blob. */
  readStart(key: string, most: number): Promise<Uint8Array>;
  /** One that is not there is no error [M6]. */
  remove(keys: readonly string[]): Promise<void>;
  /** A page of keys in their order, behind `after`; the last one is shorter than `most`. */
  list(after: string | undefined, most: number): Promise<readonly StoredBlob[]>;
  /** Rejects while it cannot be used; answers within seconds. */
  check(): Promise<void>;
}
