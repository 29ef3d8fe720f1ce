import type { ChatConnection } from "@hubbub/client";
import type { ConversationId, OperationOutput } from "@hubbub/contract";
import { type Line, lineOf, type SentLine } from "./compare.ts";
import { openConnection } from "./connections.ts";
import type { Participant } from "./participants.ts";
import { findMissed } from "./search.ts";

/** Nothing has come for so long that nothing will, in ms. */
const silence = 10_000;

/** Someone who only listens, from before the first line until after the last, and keeps what arrives as it arrives. */
export class Reader {
  readonly heard: Line[] = [];
  readonly #participant: Participant;
  readonly #connection: ChatConnection;

  private constructor(participant: Participant, connection: ChatConnection) {
    this.#participant = participant;
    this.#connection = connection;
    connection.on("ReceiveMessage", (message) => this.heard.push(lineOf(message)));
  }

  static async connect(participant: Participant): Promise<Reader> {
    return new Reader(participant, await openConnection(participant.api));
  }

  /** Waits for so many lines, as long as they keep coming. */
  async hearOut(lines: number): Promise<void> {
    let lastAt = Date.now();
    let last = this.heard.length;
    while (this.heard.length < lines && Date.now() - lastAt < silence) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (this.heard.length === last) continue;
      last = this.heard.length;
      lastAt = Date.now();
    }
  }

  /** The whole history as REST tells it, which this reader may see from the first line on. */
  async history(conversationId: ConversationId): Promise<Line[]> {
    const lines: Line[] = [];
    for (let cursor: string | null = "0"; cursor !== null; ) {
      const query = { conversationId, afterSeq: Number(cursor), threads: "include", limit: 200 } as const;
      const page: OperationOutput<"listMessages"> = await this.#participant.api.call("listMessages", query);
      lines.push(...page.items.map(lineOf));
      cursor = page.nextCursor;
    }
    return lines;
  }

  /** Looks for some of the lines by their words. */
  search(conversationId: ConversationId, sent: readonly SentLine[]): ReturnType<typeof findMissed> {
    return findMissed(this.#participant.api, conversationId, sent);
  }

  close(): Promise<void> {
    return this.#connection.stop();
  }
}
