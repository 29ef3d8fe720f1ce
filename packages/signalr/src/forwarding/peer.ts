import type { ForwardedMessage } from "./forwarded-message.ts";
import type { Failure, SentRequest, Tell } from "./sent-request.ts";
import type { RequestOwner, ServedRequest } from "./served-request.ts";

/** Another node, as long as there is something between it and this one. */
export class Peer {
  /** What it is asked by this node. */
  readonly sent = new Map<number, SentRequest>();
  /** What this node is asked by it. */
  readonly served = new Map<number, ServedRequest>();
  /** When it was last heard of, in the wheel's milliseconds. */
  heard: number;
  readonly #tell: Tell;

  constructor(tell: Tell, now: number) {
    this.#tell = tell;
    this.heard = now;
  }

  get isIdle(): boolean {
    return this.sent.size + this.served.size === 0;
  }

  /** Shows that this node lives, and asks what the other knows of the requests that it was sent. */
  probe(): void {
    this.#tell({ kind: "probe", ids: [...this.sent.keys()] });
  }

  /** Ends everything between it and this node. */
  fail(failure: Failure): void {
    for (const request of [...this.sent.values()]) request.fail(failure);
    for (const request of [...this.served.values()]) request.abort();
  }

  /** Takes what it tells about requests that are under way. */
  take(message: Exclude<ForwardedMessage, { readonly kind: "request" }>, owner: RequestOwner): void {
    switch (message.kind) {
      case "answer":
        this.sent.get(message.id)?.answered(message);
        return;
      case "piece":
        this.#at(message)?.piece(message.number, message.bytes, message.isLast);
        return;
      case "taken":
        this.#at(message)?.taken(message.bytes);
        return;
      case "broken":
        if (message.to === "owner") this.served.get(message.id)?.abort();
        else this.sent.get(message.id)?.cut();
        return;
      case "undelivered":
        owner.undelivered(message.token);
        return;
      case "probe":
        this.#compare(message.ids);
        return;
      case "unknown":
        for (const id of message.ids) this.sent.get(id)?.fail("lost");
        return;
    }
  }

  /** What one node knows of and the other does not has got lost between them. */
  #compare(ids: readonly number[]): void {
    const asked = new Set(ids);
    for (const [id, request] of [...this.served]) if (!asked.has(id)) request.abort();
    if (ids.length > 0) this.#tell({ kind: "unknown", ids: ids.filter((id) => !this.served.has(id)) });
  }

  #at({ to, id }: { readonly to: "owner" | "client"; readonly id: number }): SentRequest | ServedRequest | undefined {
    return to === "owner" ? this.served.get(id) : this.sent.get(id);
  }
}
