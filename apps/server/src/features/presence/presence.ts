import { limits, type UserId, type UserStatus } from "@hubbub/contract";
import type { Clock } from "../../ports/clock.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { ConnectionObserver, HubConnections, PresentConnection } from "../../ports/hub-connections.ts";
import { Attendance } from "./attendance.ts";
import { endLease, renewLease, sweepPresence, writeAttendance } from "./attendance-log.ts";
import { type ChangedRow, type Pair, readChanged, readMemberships, readVisible } from "./read-presence.ts";
import { ownPresence, seenPresence, unseen } from "./seen-presence.ts";
import { Watches } from "./watches.ts";

/** Milliseconds between two looks at what changed: changes in between are told as one. */
const LOOK_EVERY_MS = 1_000;
/** Milliseconds from the first who came to the statement that writes all who came meanwhile. */
const GATHER_MS = 100;
/** A lease is renewed at every so manieth look. */
const RENEW_EVERY = 5;
/** Seconds that a look reaches back further than the last one: what a commit may be late. */
const REACH_BACK_SECONDS = 10;

export interface PresenceDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly connections: Pick<HubConnections, "userOf" | "viewedConversations" | "viewersOf" | "tell">;
  readonly takesAlerts: () => boolean;
  readonly onError: (error: unknown) => void;
}

/**
 * Who is present. What is connected here is written to the database, and what changed there, on whichever node, is told
 * to who watches here: nodes need nothing but the database to agree.
 */
export class Presence implements ConnectionObserver {
  readonly node = crypto.randomUUID();
  readonly watches = new Watches();
  readonly #deps: PresenceDeps;
  readonly #attendance = new Attendance();
  /** What the last look saw, by the time of its change. */
  #seen = new Map<UserId, number>();
  #lookedAt: number;
  #turn = 0;
  #anyTakesAlerts = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
    this.#lookedAt = deps.clock.now();
  }

  /** Whether anybody, on any node, takes alerts; may be late by the time between two renewals. */
  get anyTakesAlerts(): boolean {
    return this.#anyTakesAlerts || this.#deps.takesAlerts();
  }

  connected(connection: PresentConnection): void {
    this.#attendance.connected(connection);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#enqueue(() => this.#write());
    }, GATHER_MS);
  }

  disconnected(connection: PresentConnection): void {
    this.#attendance.disconnected(connection, this.#deps.clock.now());
    this.watches.end(connection.id);
  }

  start(): void {
    this.#enqueue(() => this.turn());
    this.#timer = setInterval(() => {
      if (!this.#isWorking) this.#enqueue(() => this.turn());
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    this.#enqueue(() => endLease(this.#deps.db, this.node));
    await this.#working;
  }

  /** Writes, renews and looks, each as it is due. */
  async turn(): Promise<void> {
    const { db, takesAlerts } = this.#deps;
    if (this.#turn++ % RENEW_EVERY === 0) {
      const { isNew, anyTakesAlerts } = await renewLease(db, this.node, takesAlerts());
      this.#anyTakesAlerts = anyTakesAlerts;
      if (isNew) this.#attendance.forgotten();
      await sweepPresence(db);
    }
    await this.#write();
    await this.#look();
  }

  /** One after another; what fails for want of the database is due again at the next turn. */
  #enqueue(work: () => Promise<void>): void {
    this.#working = this.#working.then(async () => {
      this.#isWorking = true;
      try {
        await work();
      } catch (error) {
        this.#turn = 0;
        if (!(error instanceof Unavailable)) this.#deps.onError(error);
      } finally {
        this.#isWorking = false;
      }
    });
  }

  async #write(): Promise<void> {
    const { db, clock } = this.#deps;
    const change = this.#attendance.take(clock.now());
    if (change.arrived.length + change.gone.length === 0) return;
    try {
      await writeAttendance(db, this.node, change);
    } catch (error) {
      this.#attendance.giveBack(change);
      throw error;
    }
  }

  async #look(): Promise<void> {
    const { db, clock, connections } = this.#deps;
    const viewed = connections.viewedConversations();
    const startedAt = clock.now();
    const reach = REACH_BACK_SECONDS + (startedAt - this.#lookedAt) / 1000;
    this.#lookedAt = startedAt;
    if (viewed.length === 0 && this.watches.isEmpty) return;
    let changed: ChangedRow[];
    try {
      const rows = await readChanged(db, reach);
      changed = rows.filter((row) => this.#seen.get(row.user_id) !== row.changed_at.getTime());
      const memberships = await readMemberships(
        db,
        changed.map((row) => row.user_id),
        viewed,
        limits.presenceMembers,
      );
      const audience = new Map(changed.map((row) => [row.user_id, new Set(this.watches.watchersOf(row.user_id))]));
      for (const { user_id, conversation_id } of memberships)
        for (const connection of connections.viewersOf(conversation_id)) audience.get(user_id)?.add(connection);
      await this.#tell(changed, audience);
      this.#seen = new Map(rows.map((row) => [row.user_id, row.changed_at.getTime()]));
    } catch (error) {
      this.#lookedAt -= (reach - REACH_BACK_SECONDS) * 1000; // the next look reaches back to the last that saw something
      throw error;
    }
  }

  async #tell(changed: readonly ChangedRow[], audience: ReadonlyMap<UserId, ReadonlySet<string>>): Promise<void> {
    const { db, connections } = this.#deps;
    const pairs = new Map<string, Pair>();
    const concerned: (Pair & { readonly connection: string; readonly row: ChangedRow })[] = [];
    for (const row of changed)
      for (const connection of audience.get(row.user_id) ?? []) {
        const viewer = connections.userOf(connection);
        if (viewer === undefined) continue;
        const pair = { viewer, person: row.user_id };
        pairs.set(keyOf(pair), pair);
        concerned.push({ ...pair, connection, row });
      }
    const visible = new Set((await readVisible(db, [...pairs.values()])).map(keyOf));
    for (const { connection, row, ...pair } of concerned) {
      const status = visible.has(keyOf(pair)) ? viewOf(row, pair.viewer) : unseen(pair.person);
      if (this.watches.isNews(connection, status)) connections.tell(connection, status);
    }
  }
}

const keyOf = ({ viewer, person }: Pair): string => `${viewer} ${person}`;

function viewOf(row: ChangedRow, viewer: UserId): UserStatus {
  return row.user_id === viewer ? ownPresence(row) : seenPresence(row);
}
