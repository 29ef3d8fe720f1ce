import type { Backplane, NodeListener } from "../backplanes/backplane.ts";
import type { Logger } from "../hub/logger.ts";
import type { Timed, TimerWheel } from "../hub/timer-wheel.ts";
import type { HubPart, HubRequest } from "../transports/hub-request.ts";
import { nodeUnreachable } from "../transports/responses.ts";
import { decodeForwarded, encodeForwarded } from "./forwarded-message.ts";
import { Peer } from "./peer.ts";
import { type Failure, SentRequest, type Tell } from "./sent-request.ts";
import { type RequestOwner, ServedRequest } from "./served-request.ts";

/** Milliseconds between two looks at the other nodes, and after which one that says nothing is given up. */
const times = { probe: 5000, silence: 15_000, drain: 5000 } as const;

/** Requests of clients of this node that others answer; each takes some kilobytes here and there. */
const maximumSent = 20_000;

export interface ForwardingContext {
  /** The name of this node, which no other has. */
  readonly node: string;
  readonly backplane: Pick<Backplane, "hear" | "tell">;
  readonly wheel: TimerWheel;
  readonly logger: Logger;
}

/** Lets requests be answered by the node that has their connection, and answers those that other nodes were asked. */
export class Forwarding implements NodeListener, Timed {
  readonly #context: ForwardingContext;
  readonly #owner: RequestOwner;
  readonly #peers = new Map<string, Peer>();
  #lastId = 0;
  #isClosing = false;
  readonly #onDrained: (() => void)[] = [];

  constructor(context: ForwardingContext, owner: RequestOwner) {
    this.#context = context;
    this.#owner = owner;
    context.backplane.hear(context.node, this);
  }

  /** @returns what `node` answers; 404 when it is gone, 503 when it cannot be reached */
  forward(node: string, incoming: HubRequest, part: HubPart): Promise<Response> | Response {
    if (this.#isClosing || this.#sentCount >= maximumSent) return nodeUnreachable();
    const peer = this.#peer(node);
    const id = ++this.#lastId;
    const request = new SentRequest(id, incoming, this.#tellerOf(node), () => {
      peer.sent.delete(id);
      this.#settled();
    });
    peer.sent.set(id, request);
    request.send(part);
    return request.answer;
  }

  told(payload: Uint8Array): void {
    const [from, message] = decodeForwarded(payload);
    if (message === null) return;
    if (message.kind !== "request") {
      const { now } = this.#context.wheel;
      const known = this.#peers.get(from) ?? new Peer(this.#tellerOf(from), now);
      known.heard = now;
      known.take(message, this.#owner);
      return;
    }
    const peer = this.#peer(from);
    peer.heard = this.#context.wheel.now;
    const request = new ServedRequest(message.id, this.#tellerOf(from), () => {
      peer.served.delete(message.id);
      this.#settled();
    });
    peer.served.set(message.id, request);
    void request.serve(message, this.#owner, this.#context.logger);
  }

  lost(): void {
    for (const peer of this.#peers.values()) peer.fail("lost");
  }

  onTimer(now: number): number | null {
    for (const [name, peer] of this.#peers) {
      if (!peer.isIdle && now - peer.heard >= times.silence) this.#fail(name, "lost");
      else peer.probe();
      if (peer.isIdle) this.#peers.delete(name);
    }
    return this.#peers.size === 0 ? null : times.probe;
  }

  /** Takes no more requests, and calls back those that may last. */
  shutdown(): void {
    this.#isClosing = true;
    for (const { sent } of this.#peers.values()) for (const request of [...sent.values()]) request.recall();
  }

  /** Resolves when nothing is under way any more, for which the other nodes are given a few seconds. */
  async drained(): Promise<void> {
    if (this.#isIdle) return;
    this.#context.wheel.schedule({ onTimer: () => this.#giveUp() }, times.drain);
    await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  get #isIdle(): boolean {
    return [...this.#peers.values()].every((peer) => peer.isIdle);
  }

  get #sentCount(): number {
    let count = 0;
    for (const { sent } of this.#peers.values()) count += sent.size;
    return count;
  }

  #giveUp(): null {
    this.lost();
    return null;
  }

  #settled(): void {
    if (this.#onDrained.length > 0 && this.#isIdle) for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  #peer(name: string): Peer {
    const known = this.#peers.get(name);
    if (known !== undefined) return known;
    const { wheel } = this.#context;
    if (this.#peers.size === 0) wheel.schedule(this, times.probe);
    const peer = new Peer(this.#tellerOf(name), wheel.now);
    this.#peers.set(name, peer);
    return peer;
  }

  #fail(name: string, failure: Failure): void {
    const peer = this.#peers.get(name);
    this.#peers.delete(name);
    peer?.fail(failure);
  }

  #tellerOf(name: string): Tell {
    const { backplane, node } = this.#context;
    return (message, onFailure) => {
      backplane.tell(name, encodeForwarded(node, message)).then(
        (isThere) => {
          if (isThere) return;
          this.#fail(name, "gone");
          onFailure?.();
        },
        () => onFailure?.(),
      );
    };
  }
}
