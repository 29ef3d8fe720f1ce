import { join } from "node:path";
import { BlobServer } from "../infrastructure/filesystem/blob-server.ts";
import { FileBlobStore } from "../infrastructure/filesystem/file-blob-store.ts";
import { SignedAddresses } from "../infrastructure/filesystem/signed-addresses.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { systemClock } from "../ports/clock.ts";

/** @param keys sign addresses, the first one first */
export function openBlobs(
  dataDirectory: string,
  keys: readonly [Uint8Array, ...Uint8Array[]],
): { readonly blobs: BlobStore; readonly blobServer: BlobServer } {
  const addresses = new SignedAddresses(keys, systemClock);
  const store = new FileBlobStore(join(dataDirectory, "media"), addresses, systemClock);
  return { blobs: store, blobServer: new BlobServer(store, addresses, systemClock) };
}
