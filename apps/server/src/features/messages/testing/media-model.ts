import type { Attachment, ConversationId, MediaId, MediaState, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../../ports/database.ts";
import type { MessageModel, ModelMessage } from "./message-model.ts";

export interface Upload {
  readonly owner: UserId;
  readonly picture: Attachment;
  wasAttached: boolean;
  /** Who reads a message elsewhere that it was forwarded to, and that stays. */
  readersElsewhere: readonly UserId[];
}

/** As the server keeps a medium, with the messages of its own conversation that refer to it. */
interface KeptMedia {
  readonly state: MediaState;
  readonly file_name: string;
  readonly seqs: readonly number[];
}

export async function readMedia(db: Database, id: ConversationId): Promise<Map<MediaId, KeptMedia>> {
  const { rows } = await sql<KeptMedia & { readonly id: MediaId }>`
    select m.id, m.state, m.file_name, array(
             select r.seq from message_media r
             where r.media_id = m.id and r.conversation_id = m.conversation_id order by r.seq) as seqs
    from media m where m.conversation_id = ${id}`.execute(db);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** What was uploaded for a group, and what its messages make of it. */
export class MediaModel {
  readonly #model: MessageModel;
  readonly uploads: Upload[] = [];

  constructor(model: MessageModel) {
    this.#model = model;
  }

  ownedBy(person: UserId): readonly Upload[] {
    return this.uploads.filter(({ owner }) => owner === person);
  }

  mayUse(person: UserId, upload: Upload): boolean {
    return upload.owner === person && this.stateOf(upload) !== "deleting";
  }

  /** The messages that refer to it. */
  referringTo({ picture }: Upload): readonly ModelMessage[] {
    const { messages, beforeSeq } = this.#model;
    return messages.filter(({ seq, media }) => seq >= beforeSeq && media?.some(({ id }) => id === picture.id));
  }

  /** [M6] */
  stateOf(upload: Upload): MediaState {
    if (upload.readersElsewhere.length > 0 || this.referringTo(upload).length > 0) return "attached";
    return upload.wasAttached ? "deleting" : "active";
  }

  /** What nothing refers to any more has lost its name. */
  rows(): Map<MediaId, KeptMedia> {
    return new Map(
      this.uploads.map((upload) => {
        const { id, fileName } = upload.picture;
        const state = this.stateOf(upload);
        const seqs = this.referringTo(upload).map(({ seq }) => seq);
        return [id, { state, file_name: state === "deleting" ? "" : fileName, seqs }];
      }),
    );
  }

  /** [M4] */
  isSeenBy(person: UserId, upload: Upload): boolean {
    if (this.stateOf(upload) !== "attached") return upload.owner === person;
    const seen = this.referringTo(upload).some((message) => this.#model.sees(person, message));
    return seen || upload.readersElsewhere.includes(person);
  }
}
