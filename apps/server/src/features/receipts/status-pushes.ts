import type { ChatEvents, UserId } from "@hubbub/contract";
import type { Broadcaster } from "../../ports/broadcaster.ts";

type Status = ChatEvents["MessageStatusUpdated"];

/** What is told, and to whom beside the member; null: to everyone in the conversation [P9]. */
interface News {
  readonly status: Status;
  readonly viewers: readonly UserId[] | null;
}

/** Milliseconds between two pushes about one member of a conversation [L22]. */
const BETWEEN_PUSHES = 1_000;

/** Tells a conversation of its members' marks: at once, and then of the latest when the time has passed [L22]. */
export class StatusPushes {
  readonly #broadcaster: Pick<Broadcaster, "toConversation" | "toUser">;
  readonly #later: (act: () => void, milliseconds: number) => void;
  /** Members who were told of lately, with what has come since. */
  readonly #recent = new Map<string, News | undefined>();

  /** @param later how to wait */
  constructor(
    broadcaster: Pick<Broadcaster, "toConversation" | "toUser">,
    later: (act: () => void, milliseconds: number) => void = (act, milliseconds) =>
      void setTimeout(act, milliseconds).unref(),
  ) {
    this.#broadcaster = broadcaster;
    this.#later = later;
  }

  push(status: Status, viewers: News["viewers"] = null): void {
    const member = `${status.conversationId} ${status.userId}`;
    if (!this.#recent.has(member)) this.#send(member, { status, viewers });
    else if (status.receiptsVersion > (this.#recent.get(member)?.status.receiptsVersion ?? 0))
      this.#recent.set(member, { status, viewers });
  }

  #send(member: string, { status, viewers }: News): void {
    if (viewers === null) this.#broadcaster.toConversation(status.conversationId, "MessageStatusUpdated", status);
    else
      for (const viewer of [status.userId, ...viewers])
        this.#broadcaster.toUser(viewer, "MessageStatusUpdated", status);
    this.#recent.set(member, undefined);
    this.#later(() => {
      const next = this.#recent.get(member);
      if (next === undefined) this.#recent.delete(member);
      else this.#send(member, next);
    }, BETWEEN_PUSHES);
  }
}
