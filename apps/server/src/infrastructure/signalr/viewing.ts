import type { ConversationId } from "@hubbub/contract";

/** `coming`: its right to view is being judged. `hearing`: it hears the conversation because it views it. */
type View = "coming" | "viewing" | "hearing";

/** Which connection views which conversations. */
export class Viewing {
  readonly #byConnection = new Map<string, Map<ConversationId, View>>();
  readonly #byConversation = new Map<ConversationId, Set<string>>();

  of(connection: string): ReadonlySet<ConversationId> {
    return new Set(this.#byConnection.get(connection)?.keys());
  }

  conversations(): ConversationId[] {
    return [...this.#byConversation.keys()];
  }

  viewersOf(conversation: ConversationId): string[] {
    return [...(this.#byConversation.get(conversation) ?? [])];
  }

  begin(connection: string, conversation: ConversationId): void {
    const views = this.#byConnection.get(connection) ?? new Map<ConversationId, View>();
    this.#byConnection.set(connection, views);
    if (!views.has(conversation)) views.set(conversation, "coming");
  }

  /** @returns false if it was ended meanwhile */
  complete(connection: string, conversation: ConversationId, isHearing: boolean): boolean {
    const views = this.#byConnection.get(connection);
    if (views?.has(conversation) !== true) return false;
    views.set(conversation, isHearing ? "hearing" : "viewing");
    const viewers = this.#byConversation.get(conversation) ?? new Set();
    this.#byConversation.set(conversation, viewers.add(connection));
    return true;
  }

  /** @returns whether it heard the conversation because it viewed it */
  end(connection: string, conversation: ConversationId): boolean {
    const views = this.#byConnection.get(connection);
    const wasHearing = views?.get(conversation) === "hearing";
    if (views?.delete(conversation) && views.size === 0) this.#byConnection.delete(connection);
    const viewers = this.#byConversation.get(conversation);
    if (viewers?.delete(connection) && viewers.size === 0) this.#byConversation.delete(conversation);
    return wasHearing;
  }

  endAll(connection: string): void {
    for (const conversation of this.of(connection)) this.end(connection, conversation);
  }
}
