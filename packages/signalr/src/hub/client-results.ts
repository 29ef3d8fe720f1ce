import type { Outcome } from "../protocol/messages.ts";
import { ProtocolError } from "../protocol/protocol-error.ts";
import { HubException } from "./hub-error.ts";

interface PendingResult {
  readonly connectionId: string;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
}

/** How an invocation ends whose client goes. */
export const disconnected: Outcome = { kind: "error", error: "Connection disconnected." };

/** What clients were asked for and have not answered yet. */
export class ClientResults {
  readonly #pending = new Map<string, PendingResult>();

  /**
   * Waits for a client's answer.
   * @param invocationId unique in this process
   * @param signal gives up waiting
   * @returns how the invocation ended; the end of the connection is an outcome too
   * @throws Error when the invocation was abandoned
   */
  async expect(invocationId: string, connectionId: string, signal?: AbortSignal): Promise<Outcome> {
    const giveUp = () => this.settle(invocationId, { kind: "error", error: "Invocation canceled by the server." });
    const outcome = new Promise<Outcome>((settle, fail) =>
      this.#pending.set(invocationId, { connectionId, settle, fail }),
    );
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp);
    try {
      return await outcome;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /**
   * Takes a client's answer; one to nothing, or to nothing any more, is ignored.
   * @throws ProtocolError when another connection was asked
   */
  complete(connectionId: string, invocationId: string, outcome: Outcome): void {
    const pending = this.#pending.get(invocationId);
    if (pending === undefined) return;
    if (pending.connectionId !== connectionId) throw new ProtocolError("Another connection was asked for that result.");
    this.#pending.delete(invocationId);
    pending.settle(outcome);
  }

  /** Takes an answer that another node has judged already. */
  settle(invocationId: string, outcome: Outcome): void {
    const pending = this.#pending.get(invocationId);
    if (pending !== undefined) this.complete(pending.connectionId, invocationId, outcome);
  }

  /** Forgets what was asked, for a reason that is not the client's; the answer will be ignored. */
  abandon(invocationId: string, error: Error): void {
    this.#pending.get(invocationId)?.fail(error);
    this.#pending.delete(invocationId);
  }

  disconnected(connectionId: string): void {
    for (const [invocationId, pending] of this.#pending) {
      if (pending.connectionId !== connectionId) continue;
      this.complete(connectionId, invocationId, disconnected);
    }
  }
}

/**
 * @returns what the client returned
 * @throws HubException with the client's error
 */
export function resultOf(outcome: Outcome): unknown {
  switch (outcome.kind) {
    case "error":
      throw new HubException(outcome.error);
    case "void":
      return undefined;
    case "result":
      return outcome.result;
  }
}
