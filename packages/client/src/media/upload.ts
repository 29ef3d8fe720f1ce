import type { Upload as Begun, ConversationId, Media, MediaId, MediaState } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { HubbubError } from "../hubbub-error.ts";
import type { Listeners } from "../listeners.ts";
import { StateCell } from "../store/state-cell.ts";
import { putBytes } from "./put-bytes.ts";
import { nextUploadState, type UploadEvent, type UploadState } from "./upload-state.ts";

/** What a file is uploaded for. */
export type UploadPurpose = { readonly conversationId: ConversationId } | { readonly purpose: "avatar" };

export interface NewFile {
  readonly name: string;
  /** Of the type that it names. */
  readonly bytes: Blob;
}

export interface UploadOptions {
  readonly api: Pick<HubbubApi, "call">;
  /** What the server says of the states of media. */
  readonly states: Listeners<{ readonly mediaId: MediaId; readonly state: MediaState }>;
  /** How often the state is asked for where nothing is said, milliseconds. */
  readonly askEvery: number;
}

/** Milliseconds that an address to upload to must still be good for. */
const leftFor = 60_000;

/** One file on its way to the server [M1], [M2]. */
export class Upload {
  readonly #file: Promise<NewFile>;
  readonly #for: UploadPurpose;
  readonly #options: UploadOptions;
  readonly #state = new StateCell<UploadState>({ status: "sending", sent: 0 });
  /** What the last try reached: a next one goes on from there. */
  #begun: { readonly media: Media; readonly upload: Begun } | undefined;
  #isStored = false;
  #ends = new AbortController();

  /** @param file what it may take a while to make */
  constructor(file: Promise<NewFile>, purpose: UploadPurpose, options: UploadOptions) {
    this.#file = file.catch((cause: unknown) => {
      throw unreadable(cause);
    });
    this.#for = purpose;
    this.#options = options;
    void this.#run();
  }

  get state(): UploadState {
    return this.#state.get();
  }

  /** @returns the way to stop hearing */
  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** Settles when it has ended. @throws HubbubError when it failed or was given up */
  done(): Promise<Media> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { state } = this;
        if (state.status === "sending" || state.status === "checking") return;
        stop();
        const detail = state.status === "failed" ? state.failure : "The upload was given up.";
        if (state.status === "ready") resolve(state.media);
        else reject(new HubbubError({ code: "VALIDATION_FAILED", detail, retryable: true }));
      };
      const stop = this.#state.subscribe(look);
      look();
    });
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.state.status !== "failed") return;
    this.#apply({ kind: "retry" });
    void this.#run();
  }

  /** Gives it up, also when it is there already. */
  cancel(): void {
    if (this.state.status === "cancelled") return;
    this.#apply({ kind: "cancel" });
    this.#ends.abort();
    this.#takeBack();
  }

  async #run(): Promise<void> {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    try {
      const file = await this.#file;
      const begun = await this.#begin(file, signal);
      if (!this.#isStored) await this.#put(begun.upload, file, signal);
      this.#apply({ kind: "stored" });
      this.#apply({ kind: "active", media: await this.#check(begun.media.id, signal) });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof HubbubError)) throw error;
      if (!error.retryable) this.#forget(); // refused as it is: another try begins anew
      this.#apply({ kind: "refused", failure: error.errors[0]?.message ?? error.detail });
    }
  }

  async #begin(
    { name, bytes }: NewFile,
    signal: AbortSignal,
  ): Promise<{ readonly media: Media; readonly upload: Begun }> {
    const before = this.#begun;
    if (before !== undefined && (this.#isStored || Date.parse(before.upload.expiresAt) - Date.now() > leftFor))
      return before;
    signal.throwIfAborted();
    const contentType = bytes.type.split(";")[0]?.trim() || "application/octet-stream";
    const begun = await this.#options.api.call("createMedia", {
      ...{ fileName: name, contentType, size: bytes.size },
      ...this.#for,
    });
    this.#begun = begun;
    if (signal.aborted) this.#takeBack();
    signal.throwIfAborted();
    return begun;
  }

  async #put(upload: Begun, { bytes }: NewFile, signal: AbortSignal): Promise<void> {
    await putBytes(upload, bytes, (sent) => this.#apply({ kind: "sent", sent: sent / bytes.size }), signal);
    this.#isStored = true;
  }

  /** Has the server look at it, and waits until it has. @throws HubbubError */
  async #check(mediaId: MediaId, signal: AbortSignal): Promise<Media> {
    const { api, states, askEvery } = this.#options;
    let isTold = false;
    let wake = (): void => undefined;
    // its word may come before the answer
    const stop = states.add((told) => {
      if (told.mediaId !== mediaId) return;
      isTold = true;
      wake();
    });
    signal.addEventListener("abort", () => wake());
    try {
      let { media } = await api.call("confirmMedia", { mediaId });
      while (media.state !== "active" && media.state !== "attached") {
        if (media.state !== "uploaded") throw refused;
        if (!isTold && !signal.aborted)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, askEvery);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        signal.throwIfAborted();
        isTold = false;
        ({ media } = await api.call("getMedia", { mediaId }));
      }
      signal.throwIfAborted();
      return media;
    } finally {
      stop();
    }
  }

  /** One that could not be taken back goes by itself before long [M7]. */
  #takeBack(): void {
    if (this.#begun === undefined) return;
    this.#options.api.call("deleteMedia", { mediaId: this.#begun.media.id }).catch(() => undefined);
  }

  #forget(): void {
    this.#begun = undefined;
    this.#isStored = false;
  }

  #apply(event: UploadEvent): void {
    this.#state.update((state) => nextUploadState(state, event));
  }
}

function unreadable(cause: unknown): HubbubError {
  return new HubbubError({ code: "VALIDATION_FAILED", detail: "The file cannot be read.", retryable: false, cause });
}

const refused = new HubbubError({
  code: "VALIDATION_FAILED",
  detail: "The server could not read this file.",
  retryable: false,
});
