import type { ConversationId, Receipt } from "@hubbub/contract";
import type { ChatConnection } from "../connection/chat-connection.ts";
import { HubbubError } from "../hubbub-error.ts";
import type { MemberMarks } from "./conversation-state.ts";

interface MarkSenderOptions {
  readonly connection: Pick<ChatConnection, "call" | "state">;
  /** Told what the server has stored. */
  readonly stored: (id: ConversationId, receipt: Receipt) => void;
  /** The least time between two marks of a conversation, and what a delivery waits for its being read; milliseconds. */
  readonly pause: number;
  /** @returns how long to wait after that many failures in a row, milliseconds */
  readonly retryDelay: (failures: number) => number;
}

/** Sends one's own marks, a few at a time and the latest alone, until they are stored: they only rise [L22]. */
export class MarkSender {
  readonly #options: MarkSenderOptions;
  readonly #wanted = new Map<ConversationId, MemberMarks>();
  /** Conversations whose marks may be sent only when this fires. */
  readonly #waiting = new Map<ConversationId, ReturnType<typeof setTimeout>>();
  readonly #sentAt = new Map<ConversationId, number>();
  /** Read up to there here; the server has not confirmed it. */
  readonly #unsent = new Map<ConversationId, number>();
  #isWorking = false;
  #stopped = false;

  constructor(options: MarkSenderOptions) {
    this.#options = options;
  }

  /** At once, if none was sent just now. */
  read(id: ConversationId, seq: number): void {
    this.#want(id, { readSeq: seq, deliveredSeq: seq });
    this.#unsent.set(id, Math.max(seq, this.#unsent.get(id) ?? 0));
    const sentAgo = Date.now() - (this.#sentAt.get(id) ?? 0);
    this.#sendIn(id, this.#options.pause - sentAgo);
  }

  /** Soon, unless it is read before. */
  delivered(id: ConversationId, seq: number): void {
    this.#want(id, { readSeq: 0, deliveredSeq: seq });
    if (!this.#waiting.has(id)) this.#sendIn(id, this.#options.pause);
  }

  /** @returns up to where it was read here without the server's knowing yet */
  unsent(id: ConversationId): number | undefined {
    return this.#unsent.get(id);
  }

  /** Goes on when there is a connection again. */
  resume(): void {
    if (!this.#isWorking) void this.#work();
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  #want(id: ConversationId, { readSeq, deliveredSeq }: MemberMarks): void {
    const before = this.#wanted.get(id);
    this.#wanted.set(id, {
      readSeq: Math.max(readSeq, before?.readSeq ?? 0),
      deliveredSeq: Math.max(deliveredSeq, before?.deliveredSeq ?? 0),
    });
  }

  #sendIn(id: ConversationId, milliseconds: number): void {
    clearTimeout(this.#waiting.get(id));
    const send = (): void => {
      this.#waiting.delete(id);
      this.resume();
    };
    if (milliseconds > 0) this.#waiting.set(id, setTimeout(send, milliseconds));
    else send();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    let failures = 0;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const [id, marks] = next;
      this.#wanted.delete(id);
      this.#sentAt.set(id, Date.now());
      try {
        await this.#send(id, marks);
        this.#settle(id, marks.readSeq);
        failures = 0;
      } catch (error) {
        if (!(error instanceof HubbubError)) throw error;
        if (!error.retryable) {
          this.#settle(id, marks.readSeq);
          continue;
        }
        this.#want(id, marks);
        await new Promise((resolve) => setTimeout(resolve, this.#options.retryDelay(++failures)));
      }
    }
    // in the same step as the last look, or what is wanted in between would wait for the next
    this.#isWorking = false;
  }

  #settle(id: ConversationId, readSeq: number): void {
    if ((this.#unsent.get(id) ?? 0) <= readSeq) this.#unsent.delete(id);
  }

  #next(): [ConversationId, MemberMarks] | undefined {
    if (this.#stopped || this.#options.connection.state.status !== "online") return undefined;
    return [...this.#wanted].find(([id]) => !this.#waiting.has(id));
  }

  async #send(conversationId: ConversationId, { readSeq, deliveredSeq }: MemberMarks): Promise<void> {
    const { connection, stored } = this.#options;
    if (readSeq > 0)
      stored(conversationId, await connection.call("markMessageAsRead", { conversationId, seq: readSeq }));
    if (deliveredSeq > readSeq)
      stored(conversationId, await connection.call("markMessageAsDelivered", { conversationId, seq: deliveredSeq }));
  }
}
