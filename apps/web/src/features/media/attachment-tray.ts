import type { ChatStore, NewMessage, Upload } from "@hubbub/client";
import { type Attachment, type ConversationId, limits, type Media } from "@hubbub/contract";
import { kindOf } from "./kinds.ts";
import { prepareFile, refusalOf } from "./prepare-file.ts";

/** A file that someone chose: on its way, or refused before it went. */
export type ChosenFile = {
  readonly key: number;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
} & (
  | { readonly refusal: string }
  /** The address of a picture that is shown at once, from what is at hand. */
  | { readonly upload: Upload; readonly preview: string | undefined }
);
export type UploadingFile = Extract<ChosenFile, { upload: Upload }>;

/** A message that waits for its files. */
export interface Outgoing {
  readonly key: number;
  readonly message: NewMessage;
  readonly files: readonly UploadingFile[];
}

interface TrayState {
  /** Chosen for what is being written. */
  readonly files: readonly ChosenFile[];
  readonly outgoing: readonly Outgoing[];
  /** What was wrong with the last choice as a whole. */
  readonly notice: string | undefined;
}

const empty: TrayState = { files: [], outgoing: [], notice: undefined };

/** What was chosen in one place, a conversation or a thread. It goes on while another place is shown. */
export class AttachmentTray {
  readonly #store: ChatStore;
  readonly #conversationId: ConversationId;
  readonly #listeners = new Set<() => void>();
  #state = empty;
  #keys = 0;

  constructor(store: ChatStore, conversationId: ConversationId) {
    this.#store = store;
    this.#conversationId = conversationId;
  }

  readonly getState = (): TrayState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes files in, and uploads those that can go. */
  readonly add = (chosen: readonly File[]): void => {
    if (chosen.length === 0) return;
    const room = limits.media - this.#state.files.filter(isUploading).length;
    const files = chosen.slice(0, room).map((file) => this.#take(file));
    const notice = chosen.length > room ? `A message takes at most ${limits.media} files.` : undefined;
    this.#set({ ...this.#state, files: [...this.#state.files, ...files], notice });
  };

  /** Takes one out, of what is being written or of what waits. */
  remove(key: number): void {
    const { files, outgoing, notice } = this.#state;
    for (const file of [...files, ...outgoing.flatMap((each) => each.files)]) if (file.key === key) giveUp(file);
    const isLeft = (file: ChosenFile): boolean => file.key !== key;
    const waiting = outgoing.map((each) => ({ ...each, files: each.files.filter(isLeft) }));
    const says = ({ message, files: left }: Outgoing): boolean => left.length > 0 || message.text !== "";
    this.#set({ files: files.filter(isLeft), outgoing: waiting.filter(says), notice });
    this.#sendReady();
  }

  /** Gives up a message that waits. */
  discard(key: number): void {
    for (const each of this.#state.outgoing) if (each.key === key) each.files.forEach(giveUp);
    this.#set({ ...this.#state, outgoing: this.#state.outgoing.filter((each) => each.key !== key) });
  }

  /** Sends what was written with what was chosen, as soon as all of it is there. */
  send(message: NewMessage): void {
    const files = this.#state.files.filter(isUploading);
    const next: Outgoing = { key: ++this.#keys, message, files };
    this.#set({ files: [], outgoing: [...this.#state.outgoing, next], notice: undefined });
    this.#sendReady();
  }

  /** Whether leaving the page would lose something. */
  get isBusy(): boolean {
    return this.#state.files.some(isUploading) || this.#state.outgoing.length > 0;
  }

  stop(): void {
    for (const file of [...this.#state.files, ...this.#state.outgoing.flatMap(({ files }) => files)]) giveUp(file);
    this.#set(empty);
  }

  #take(file: File): ChosenFile {
    const { name, type: contentType, size } = file;
    const about = { key: ++this.#keys, name, contentType, size };
    const refusal = refusalOf(file);
    if (refusal !== undefined) return { ...about, refusal };
    const upload = this.#store.media.upload(prepareFile(file), { conversationId: this.#conversationId });
    const preview = kindOf({ contentType }) === "picture" ? URL.createObjectURL(file) : undefined;
    upload.subscribe(() => {
      const { state } = upload;
      if (state.status !== "ready") return;
      if (preview !== undefined) this.#store.media.addresses.keep(state.media.id, preview);
      this.#sendReady();
    });
    return { ...about, upload, preview };
  }

  #sendReady(): void {
    for (const { key, message, files } of this.#state.outgoing) {
      const attachments = files.flatMap(({ upload: { state } }) =>
        state.status === "ready" ? [told(state.media)] : [],
      );
      if (attachments.length < files.length) continue;
      this.#set({ ...this.#state, outgoing: this.#state.outgoing.filter((each) => each.key !== key) });
      this.#store.messages.send(this.#conversationId, { ...message, ...(attachments.length > 0 && { attachments }) });
    }
  }

  #set(state: TrayState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

function isUploading(file: ChosenFile): file is UploadingFile {
  return "upload" in file;
}

function giveUp(file: ChosenFile): void {
  if (!isUploading(file)) return;
  file.upload.cancel();
  if (file.preview !== undefined) URL.revokeObjectURL(file.preview);
}

/** What a message tells of it. */
function told({ state: _, createdAt: __, conversationId: ___, purpose: ____, ...attachment }: Media): Attachment {
  return attachment;
}
