import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { BlobServer } from "../infrastructure/filesystem/blob-server.ts";
import { FileBlobStore } from "../infrastructure/filesystem/file-blob-store.ts";
import { SignedAddresses } from "../infrastructure/filesystem/signed-addresses.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { systemClock } from "../ports/clock.ts";
import { type DerivedKeys, derivedKeysOf, type Storage } from "./storage.ts";

/** Where blobs lie, and who gives them to browsers: this server, or one of another origin. */
export interface Blobs {
  readonly store: BlobStore;
  readonly servedBy: BlobServer | { readonly origin: string };
}

/** The library that speaks S3 is loaded by servers that use it alone. */
export async function openBlobs({ s3 }: Config, storage: Storage): Promise<Blobs> {
  if (s3 === undefined) return filesIn(storage.directory, derivedKeysOf(storage, "blob addresses"));
  const { S3BlobStore } = await import("../infrastructure/s3/s3-blob-store.ts");
  return { store: new S3BlobStore(s3, systemClock), servedBy: { origin: new URL(s3.publicUrl).origin } };
}

function filesIn(dataDirectory: string, keys: DerivedKeys): Blobs {
  const addresses = new SignedAddresses(keys, systemClock);
  const store = new FileBlobStore(join(dataDirectory, "media"), addresses, systemClock);
  return { store, servedBy: new BlobServer(store, addresses, systemClock) };
}
