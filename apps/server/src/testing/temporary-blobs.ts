import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileBlobStore } from "../infrastructure/filesystem/file-blob-store.ts";
import { SignedAddresses } from "../infrastructure/filesystem/signed-addresses.ts";
import { systemClock } from "../ports/clock.ts";

/** A store whose directory goes with the test file: `afterAll(() => blobs.drop())`. */
export class TemporaryBlobs extends FileBlobStore {
  readonly directory: string;

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), "hubbub-blobs-"));
    super(directory, new SignedAddresses([crypto.getRandomValues(new Uint8Array(32))], systemClock), systemClock);
    this.directory = directory;
  }

  /** Puts bytes there as an upload does. */
  async put(key: string, contentType: string, bytes: Uint8Array): Promise<void> {
    const chunks = new Blob([bytes.slice()]).stream();
    const stored = await this.store({ key, contentType, size: bytes.length }, chunks);
    if (stored !== "stored") throw new Error(`The bytes of ${key} were not taken: ${stored}`);
  }

  drop(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
