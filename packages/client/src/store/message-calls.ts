import {
  type ClientMessageId,
  type ConversationId,
  limits,
  type Mention,
  type Message,
  type MessageEdit,
  type MessageId,
  type MessageReceipt,
  newClientMessageId,
  type OperationOutput,
} from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import type { NewMessage } from "./conversation-state.ts";
import type { Outbox } from "./outbox.ts";

/** What a person does with messages. The state learns of it by the conversation's changes. */
export class MessageCalls {
  readonly #api: Pick<HubbubApi, "call">;
  readonly #outbox: Pick<Outbox, "send" | "change" | "retry" | "discard">;
  readonly #heard: (id: ConversationId, pts: number) => void;

  /** @param heard is told what an answer says of a conversation's head */
  constructor(
    api: Pick<HubbubApi, "call">,
    outbox: Pick<Outbox, "send" | "change" | "retry" | "discard">,
    heard: (id: ConversationId, pts: number) => void,
  ) {
    this.#api = api;
    this.#outbox = outbox;
    this.#heard = heard;
  }

  /** Shows the message at once, and sends it until it is stored or refused. */
  send(id: ConversationId, written: NewMessage): void {
    this.#outbox.send(id, written);
  }

  /** Sends again what was refused: a message or a change to one. */
  retry(id: ConversationId, message: ClientMessageId): void {
    this.#outbox.retry(id, message);
  }

  /** Gives up what was refused. */
  discard(id: ConversationId, message: ClientMessageId): void {
    this.#outbox.discard(id, message);
  }

  /**
   * Shown at once, and asked for until it is done or refused; so are the three below.
   * @param mentions whom it calls from now on
   */
  edit(message: Message, text: string, mentions: readonly Mention[]): void {
    this.#outbox.change(message, { kind: "edit", text, mentions });
  }

  /** For everyone. */
  delete(message: Message): void {
    this.#outbox.change(message, { kind: "delete" });
  }

  react(message: Message, emoji: string): void {
    this.#outbox.change(message, { kind: "react", emoji });
  }

  unreact(message: Message, emoji: string): void {
    this.#outbox.change(message, { kind: "unreact", emoji });
  }

  /** For everyone in the conversation. @throws HubbubError */
  async pin(messageId: MessageId, isPinned: boolean): Promise<void> {
    this.#heardOf(await this.#api.call(isPinned ? "pinMessage" : "unpinMessage", { messageId }));
  }

  /** What a message says, to all of the conversations or to none. @throws HubbubError */
  async forward(messageId: MessageId, conversationIds: readonly ConversationId[]): Promise<void> {
    const input = { messageId, conversationIds: [...conversationIds], clientMessageId: newClientMessageId() };
    const { items } = await this.#api.call("forwardMessage", input);
    for (const message of items) this.#heardOf({ message });
  }

  /** Who got and who read a message; at most 200. @throws HubbubError */
  async readReceipts(messageId: MessageId): Promise<readonly MessageReceipt[]> {
    return (await this.#api.call("listMessageReceipts", { messageId, limit: limits.page.most })).items;
  }

  /** A page of those who reacted with an emoji, in the order in which they did. @throws HubbubError */
  async readReactions(messageId: MessageId, emoji: string, cursor?: string): Promise<OperationOutput<"listReactions">> {
    return this.#api.call("listReactions", { messageId, emoji, ...(cursor !== undefined && { cursor }) });
  }

  /** The texts that a message had before, oldest first; at most 200. @throws HubbubError */
  async readEdits(messageId: MessageId): Promise<readonly MessageEdit[]> {
    return (await this.#api.call("listMessageEdits", { messageId, limit: limits.page.most })).items;
  }

  #heardOf({ message }: OperationOutput<"getMessage">): void {
    this.#heard(message.conversationId, message.pts);
  }
}
