import {
  type ChatEventName,
  type ConversationId,
  newSessionId,
  newUserId,
  type OperationRow,
  type UserId,
} from "@hubbub/contract";
import {
  conversationOperations,
  conversationsOf,
  erasureConsumer,
  leaveForDeletedConsumer,
} from "../features/conversations/index.ts";
import { forgetDeletedMediaConsumer, lookIntoUploadedConsumer, mediaOperations } from "../features/media/index.ts";
import { messageOperations, trimHistory } from "../features/messages/index.ts";
import { forgetDeletedConsumer, friendsByEmailConsumer, peopleOperations } from "../features/people/index.ts";
import { readPresence } from "../features/presence/index.ts";
import { receiptOperations } from "../features/receipts/index.ts";
import { searchMessagesOperation } from "../features/search/index.ts";
import { inboxConsumer, syncOperations } from "../features/sync/index.ts";
import { openDatabase } from "../infrastructure/postgres/database.ts";
import { LaneWriters } from "../infrastructure/postgres/lane-writers.ts";
import { PostgresOutbox } from "../infrastructure/postgres/outbox.ts";
import type { Operation, Origin } from "../operations/operation.ts";
import { ok, type Result } from "../operations/result.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Broadcaster } from "../ports/broadcaster.ts";
import { type Clock, systemClock } from "../ports/clock.ts";
import type { Database, Tables } from "../ports/database.ts";

export const fromHere: Origin = {
  address: "127.0.0.1",
  isLoopback: true,
  serverUrl: "http://localhost",
  site: "none",
};

export interface Push {
  readonly to: ConversationId | UserId;
  readonly event: ChatEventName;
  readonly payload: object;
}

/** Keeps what a node pushes; nobody is connected. */
export class RecordingBroadcaster implements Broadcaster {
  readonly pushes: Push[] = [];

  toConversation(to: ConversationId, event: ChatEventName, payload: object): void {
    this.pushes.push({ to, event, payload });
  }

  toConversations(ids: readonly ConversationId[], event: ChatEventName, payload: object): void {
    for (const id of ids) this.toConversation(id, event, payload);
  }

  toUser(to: UserId, event: ChatEventName, payload: object): void {
    this.pushes.push({ to, event, payload });
  }

  toViewers(to: ConversationId, event: ChatEventName, payload: object): void {
    this.pushes.push({ to, event, payload });
  }

  alert(): void {
    // nobody is connected
  }

  alertUser(): void {
    // nobody is connected
  }

  isOnline(): boolean {
    return true;
  }

  subscribe(): void {
    // nobody is connected
  }

  unsubscribe(): void {
    // nobody is connected
  }

  follow(): Promise<void> {
    return Promise.resolve();
  }

  followAlerts(): Promise<void> {
    return Promise.resolve();
  }

  tellHead(): void {
    // nobody is connected
  }

  tellInbox(): void {
    // nobody is connected
  }

  endSession(): void {
    // nobody is connected
  }

  subscribers(): UserId[] {
    return [];
  }
}

export interface TestNodeOptions {
  readonly writers?: number;
  readonly friendsOnly?: boolean;
  readonly clock?: Clock;
  /** In place of connections of its own for what only reads. */
  readonly reads?: Database;
  /** Without it the node has no media. */
  readonly blobs?: BlobStore;
  /** Bytes of files that one person may have. */
  readonly quotaBytes?: number;
}

/** A node of a fleet, without its sockets: several of them share one database as servers would. */
export class TestNode {
  readonly broadcaster = new RecordingBroadcaster();
  readonly errors: unknown[] = [];
  readonly #writer: LaneWriters;
  readonly #operations: readonly Operation[];
  readonly #trim: () => Promise<void>;
  readonly #close: () => Promise<void>;

  constructor(url: string, options: TestNodeOptions = {}) {
    const { writers = 2, friendsOnly = false, clock = systemClock, blobs, quotaBytes = 1024 ** 3 } = options;
    const pools = openDatabase<Tables>(url);
    const { reads = pools.reads.kysely } = options;
    const db = pools.writer.kysely;
    const onError = (error: unknown) => this.errors.push(error);
    this.#writer = new LaneWriters({ db, writers, reconcile: () => Promise.resolve(), onError });
    const { broadcaster } = this;
    const outbox = new PostgresOutbox({ db, onError });
    const people = { db: reads, broadcaster, clock };
    outbox.register([
      friendsByEmailConsumer(people),
      forgetDeletedConsumer(people),
      leaveForDeletedConsumer({ db, writer: this.#writer, broadcaster, outbox }),
      inboxConsumer({ db, broadcaster }),
      erasureConsumer({ db }),
    ]);
    if (blobs !== undefined)
      outbox.register([lookIntoUploadedConsumer({ db, blobs, broadcaster }), forgetDeletedMediaConsumer({ db })]);
    const deps = { db: reads, writer: this.#writer, broadcaster, outbox, friendsOnly };
    this.#operations = [
      ...conversationOperations(deps),
      ...peopleOperations({
        ...people,
        outbox,
        conversationsOf: (user) => conversationsOf(people.db, user),
        presenceOf: (viewer, ids) => readPresence(people.db, viewer, ids),
      }),
      ...messageOperations(deps),
      ...receiptOperations(deps),
      ...syncOperations(deps),
      searchMessagesOperation(deps),
      ...(blobs === undefined ? [] : mediaOperations({ ...deps, clock, blobs, quotaBytes })),
    ];
    const trimming = { db: reads, writer: this.#writer, broadcaster, outbox, retentionDays: 365 };
    this.#trim = () => trimHistory(trimming, new AbortController().signal);
    this.#close = async () => {
      await this.#writer.drain();
      await outbox.stop();
      await pools.close();
    };
  }

  /** Calls an operation as REST would, and gives its body. */
  async call<Output>(row: OperationRow<unknown, Output>, userId: UserId, request: object): Promise<Result<Output>> {
    const operation = this.#operations.find((each) => each.row === row);
    if (operation === undefined) throw new Error(`A test node has no ${row.route.method} ${row.route.path}`);
    const result = await operation.call(request, { userId, sessionId: newSessionId() }, fromHere);
    return result.ok ? ok(row.output.parse(result.value.rest.body)) : result;
  }

  /** Does what a server does once a day. */
  trimHistory(): Promise<void> {
    return this.#trim();
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** People with accounts that nobody can log in to. */
export async function addPeople(db: Database, count: number): Promise<UserId[]> {
  const ids = Array.from({ length: count }, () => newUserId());
  if (count === 0) return ids;
  const rows = ids.map((id) => {
    const name = `u${id.replaceAll("-", "").slice(-30)}`;
    return {
      id,
      username: name,
      email: `${name}@example.org`,
      email_key: `${name}@example.org`,
      display_name: name,
      password_hash: "-",
    };
  });
  await db.insertInto("users").values(rows).execute();
  return ids;
}

/** The value of a result that must be good. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.detail ?? ""}`);
  return result.value;
}
