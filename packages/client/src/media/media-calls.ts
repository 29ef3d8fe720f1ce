import type { MediaId, MediaState } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { Listeners } from "../listeners.ts";
import { MediaAddresses } from "./media-addresses.ts";
import { type NewFile, Upload, type UploadPurpose } from "./upload.ts";

/** Milliseconds between two looks at what the server makes of an upload, for where its word does not come. */
const askEvery = 1_500;

/** Pictures, films, sound and files: how they get to the server, and from where they come. */
export class MediaCalls {
  readonly addresses: MediaAddresses;
  readonly #api: Pick<HubbubApi, "call">;
  readonly #states = new Listeners<{ readonly mediaId: MediaId; readonly state: MediaState }>();

  constructor(api: Pick<HubbubApi, "call">) {
    this.#api = api;
    this.addresses = new MediaAddresses(api);
  }

  /** Begins as soon as the file is made. */
  upload(file: Promise<NewFile>, purpose: UploadPurpose): Upload {
    return new Upload(file, purpose, { api: this.#api, states: this.#states, askEvery });
  }

  /** What the server says of a medium. */
  heard(told: { readonly mediaId: MediaId; readonly state: MediaState }): void {
    this.#states.emit(told);
  }
}
