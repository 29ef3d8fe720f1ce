import { HubbubError } from "@hubbub/client";
import {
  type Change,
  type ConversationEventName,
  type ConversationId,
  chatEvents,
  conversationEvents,
  operations,
  type SyncAnswer,
} from "@hubbub/contract";
import type { HubConnection } from "@microsoft/signalr";
import { openHub, type Person } from "./person.ts";
import { insist } from "./senders.ts";

/** Milliseconds that a gap between pushes may last before it is asked for [L19]. */
const GAP_MS = 200;

type Logged = Pick<Change, "pts" | "event"> & { readonly payload?: unknown };

/**
 * A client that keeps nothing but the logs of some conversations: by pushes, and by `Sync` after each reconnect and
 * for each gap. Whatever must never happen on its connection is a fault.
 */
export class LogReader {
  readonly person: Person;
  readonly connection: HubConnection;
  readonly faults: string[] = [];
  /** Why the connection was lost, each time; undefined: the server asked to come back. */
  readonly losses: (Error | undefined)[] = [];
  readonly #logs: ReadonlyMap<ConversationId, Map<number, Logged>>;
  /** Up to where nothing was missing when it was last looked at. */
  readonly #complete = new Map<ConversationId, number>();
  /** The last pts pushed on this connection. */
  readonly #pushed = new Map<ConversationId, number>();
  #syncing: Promise<void> | undefined;
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor(person: Person, conversations: readonly ConversationId[]) {
    this.person = person;
    this.connection = openHub(person);
    this.#logs = new Map(conversations.map((id) => [id, new Map()]));
    this.#listen();
  }

  static async open(person: Person, conversations: readonly ConversationId[]): Promise<LogReader> {
    const reader = new LogReader(person, conversations);
    await reader.connection.start();
    await reader.synchronise();
    return reader;
  }

  /** What it knows of a conversation, in order of pts. */
  log(id: ConversationId): Logged[] {
    return [...(this.#logs.get(id)?.values() ?? [])].sort((a, b) => a.pts - b.pts);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#gapTimer);
    await this.connection.stop();
  }

  #listen(): void {
    for (const event of Object.keys(conversationEvents))
      if (isLogged(event)) this.connection.on(event, (payload: unknown) => this.#hear(event, payload));
    this.connection.on("ConversationHead", (payload: unknown) => {
      const { conversationId, pts } = chatEvents.ConversationHead.parse(payload);
      if (this.#logs.has(conversationId) && pts > this.#reached(conversationId)) void this.synchronise();
    });
    this.connection.on("SyncRequired", () => void this.synchronise());
    for (const event of ["NewConversationCreated", "AddedToConversation", "RemovedFromConversation"])
      this.connection.on(event, () => undefined); // of no concern to a log
    this.connection.onreconnecting((error) => this.losses.push(error));
    this.connection.onreconnected(() => {
      this.#pushed.clear();
      void this.synchronise();
    });
    this.connection.onclose((error) => {
      if (!this.#closed) this.faults.push(`The connection ended for good: ${error}`);
    });
  }

  #hear(event: ConversationEventName, value: unknown): void {
    const payload = conversationEvents[event].parse(value);
    const { conversationId, pts } = payload;
    if (!this.#logs.has(conversationId)) return;
    const last = this.#pushed.get(conversationId) ?? 0;
    if (pts <= last) this.faults.push(`${event} with pts ${pts} was pushed after ${last} of ${conversationId}`);
    this.#pushed.set(conversationId, pts);
    this.#keep(conversationId, { pts, event, payload });
    if (this.#reached(conversationId) < pts)
      this.#gapTimer ??= setTimeout(() => {
        this.#gapTimer = undefined;
        void this.synchronise();
      }, GAP_MS);
  }

  #keep(id: ConversationId, { pts, event, payload }: Logged): void {
    const log = this.#logs.get(id);
    const known = log?.get(pts);
    if (known === undefined) log?.set(pts, { pts, event, payload });
    else if (!Bun.deepEquals(known, { pts, event, payload }))
      this.faults.push(
        `pts ${pts} of ${id} came as ${JSON.stringify(known)} and as ${JSON.stringify({ event, payload })}`,
      );
  }

  /** Up to where nothing is missing. */
  #reached(id: ConversationId): number {
    const log = this.#logs.get(id);
    let pts = this.#complete.get(id) ?? 0;
    while (log?.has(pts + 1)) pts++;
    this.#complete.set(id, pts);
    return pts;
  }

  /** Asks until nothing is missing, or the connection is gone: its return asks again. */
  synchronise(): Promise<void> {
    this.#syncing ??= this.#catchUp()
      .catch((error: unknown) => {
        if (!(error instanceof HubbubError && error.retryable)) this.faults.push(`Sync failed: ${error}`);
      })
      .finally(() => {
        this.#syncing = undefined;
      });
    return this.#syncing;
  }

  async #catchUp(): Promise<void> {
    const { epoch } = await this.#ask({});
    for (let isBehind = true; isBehind && !this.#closed; ) {
      const conversations = Object.fromEntries([...this.#logs.keys()].map((id) => [id, this.#reached(id)]));
      const answer = await this.#ask({ epoch, conversations });
      for (const { id, changes = [], reset } of answer.conversations) {
        if (reset !== undefined) await this.#readChanges(id);
        for (const change of changes) this.#keep(id, change);
      }
      isBehind = answer.conversations.some(({ id, pts }) => this.#reached(id) < pts);
    }
  }

  /** What is too much for one sync. */
  async #readChanges(conversationId: ConversationId): Promise<void> {
    for (let after: string | null = String(this.#reached(conversationId)); after !== null; ) {
      const page: { items: Change[]; nextCursor: string | null } = await this.person.api.call("listChanges", {
        conversationId,
        afterPts: after,
        limit: 200,
      });
      for (const change of page.items) this.#keep(conversationId, change);
      after = page.nextCursor;
    }
  }

  #ask(input: object): Promise<SyncAnswer> {
    return insist(async () => {
      const answer: unknown = await this.connection.invoke("Sync", input).catch((error: unknown) => {
        throw HubbubError.fromHub(error);
      });
      return operations.sync.output.parse(answer);
    });
  }
}

function isLogged(event: string): event is ConversationEventName {
  return Object.hasOwn(conversationEvents, event);
}
