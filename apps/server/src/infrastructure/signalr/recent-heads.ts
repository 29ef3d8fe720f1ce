import type { ConversationId } from "@hubbub/contract";

/** Milliseconds for which a head is remembered at least. */
const KEPT_MS = 60_000;

/** How far the conversations that are active here were told of, for as long as anybody asks. */
export class RecentHeads {
  #young = new Map<ConversationId, number>();
  #old = new Map<ConversationId, number>();
  #turned = performance.now();

  note(conversation: ConversationId, pts: number): void {
    this.#turn();
    if (pts > this.#known(conversation)) this.#young.set(conversation, pts);
  }

  /** Whether less than this was told; what was told too long ago counts as nothing. */
  isBehind(conversation: ConversationId, pts: number): boolean {
    return this.#known(conversation) < pts;
  }

  #known(conversation: ConversationId): number {
    return this.#young.get(conversation) ?? this.#old.get(conversation) ?? 0;
  }

  #turn(): void {
    const now = performance.now();
    if (now - this.#turned < KEPT_MS) return;
    this.#turned = now;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
