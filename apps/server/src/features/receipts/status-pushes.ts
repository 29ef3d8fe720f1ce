import type { ChatEvents } from "@hubbub/contract";
import type { Broadcaster } from "../../ports/broadcaster.ts";

type Status = ChatEvents["MessageStatusUpdated"];

/** Milliseconds between two pushes about one member of a conversation [L22]. */
const BETWEEN_PUSHES = 1_000;

/** Tells a conversation of its members' marks: at once, and then of the latest when the time has passed [L22]. */
export class StatusPushes {
  readonly #broadcaster: Pick<Broadcaster, "toConversation">;
  readonly #later: (act: () => void, milliseconds: number) => void;
  /** Members who were told of lately, with what has come since. */
  readonly #recent = new Map<string, Status | undefined>();

  /** @param later how to wait */
  constructor(
    broadcaster: Pick<Broadcaster, "toConversation">,
    later: (act: () => void, milliseconds: number) => void = (act, milliseconds) =>
      void setTimeout(act, milliseconds).unref(),
  ) {
    this.#broadcaster = broadcaster;
    this.#later = later;
  }

  push(status: Status): void {
    const member = `${status.conversationId} ${status.userId}`;
    if (!this.#recent.has(member)) this.#send(member, status);
    else if (status.receiptsVersion > (this.#recent.get(member)?.receiptsVersion ?? 0))
      this.#recent.set(member, status);
  }

  #send(member: string, status: Status): void {
    this.#broadcaster.toConversation(status.conversationId, "MessageStatusUpdated", status);
    this.#recent.set(member, undefined);
    this.#later(() => {
      const next = this.#recent.get(member);
      if (next === undefined) this.#recent.delete(member);
      else this.#send(member, next);
    }, BETWEEN_PUSHES);
  }
}
