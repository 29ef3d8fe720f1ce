import { type ClientMessageId, type ConversationId, newClientMessageId, type UserId } from "@hubbub/contract";

/** What a sender was told when its message was stored. */
export interface Acknowledgement {
  readonly messageId: string;
  readonly seq: number;
  readonly pts: number;
}

/** One message, from the first attempt to send it. */
export interface Entry {
  readonly conversationId: ConversationId;
  readonly clientMessageId: ClientMessageId;
  readonly senderId: UserId;
  /** Different for each message. */
  readonly text: string;
  attempts: number;
  acknowledgement: Acknowledgement | undefined;
}

/** What all senders of a run have tried, and what they were told. */
export class Ledger {
  readonly entries: Entry[] = [];

  begin(conversationId: ConversationId, senderId: UserId): Entry {
    const entry = {
      conversationId,
      clientMessageId: newClientMessageId(),
      senderId,
      text: `message ${this.entries.length + 1}`,
      attempts: 0,
      acknowledgement: undefined,
    };
    this.entries.push(entry);
    return entry;
  }

  get acknowledged(): number {
    return this.entries.filter(({ acknowledgement }) => acknowledgement !== undefined).length;
  }

  get repeated(): number {
    return this.entries.filter(({ attempts }) => attempts > 1).length;
  }
}
