import { type MediaId, mediaId, type UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import { tellStates } from "./change-state.ts";

/** Rows that one statement changes, and keys that one look-up is about. */
const PAGE = 200;

/** Milliseconds for which a blob may wait for its row to be looked at: longer than an upload may take. */
const YOUNG_MS = 2 * 60 * 60_000;

export interface CleanUpMediaDeps {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, "remove" | "list">;
  readonly broadcaster: Pick<Broadcaster, "toUser">;
}

interface Changed {
  readonly lane: number;
  readonly id: MediaId;
  readonly owner_id: UserId;
}

/** Removes the bytes of what is to be deleted [M6]. Whatever dies in between, the next run does the rest. */
export async function deleteMediaBytes(
  { db, blobs, broadcaster }: CleanUpMediaDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await sql<Changed>`
      select lane, id, owner_id from media where state = 'deleting' order by changed_at limit ${PAGE}`.execute(db);
    if (rows.length === 0) return;
    await blobs.remove(rows.map(({ id }) => id));
    await change(db, sql`state = 'deleted'`, sql`state = 'deleting'`, rows);
    tellStates(broadcaster, rows, "deleted");
  }
}

/** Those of the rows that are still as they were. */
function change(db: Database, to: RawBuilder<unknown>, from: RawBuilder<unknown>, rows: readonly Changed[]) {
  return sql`
    update media m set changed_at = now(), ${to}
    from unnest(${rows.map(({ lane }) => lane)}::smallint[], ${rows.map(({ id }) => id)}::uuid[]) u(lane, id)
    where m.lane = u.lane and m.id = u.id and ${from}`.execute(db);
}

/** Ends uploads that came to nothing, and forgets those that ended long ago [M7]. */
export async function endStaleUploads(deps: CleanUpMediaDeps, signal: AbortSignal): Promise<void> {
  for (const stale of [neverConfirmed, neverReferredTo])
    while (!signal.aborted && (await endSome(deps, stale))) {
      // the next page
    }
  await removeLateBytes(deps, signal);
  while (!signal.aborted && (await forgetSome(deps.db))) {
    // the next page
  }
}

const neverConfirmed = sql`m.state = 'initiated' and m.created_at < now() - interval '2 hours'`;
const neverReferredTo = sql`m.state in ('uploaded', 'active') and m.changed_at < now() - interval '1 day'`;

/** @returns whether there may be more */
async function endSome({ db, broadcaster }: CleanUpMediaDeps, stale: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql<Changed>`
    update media m set state = 'deleting', changed_at = now()
    where (m.lane, m.id) in (
      -- what is being sent right now is not stale
      select m.lane, m.id from media m where ${stale} order by m.id limit ${PAGE} for update skip locked)
    returning lane, id, owner_id`.execute(db);
  tellStates(broadcaster, rows, "deleting");
  return rows.length === PAGE;
}

/** What failed, and what was put into the store, by an address that was still good, after it had been deleted. */
async function removeLateBytes({ db, blobs }: CleanUpMediaDeps, signal: AbortSignal): Promise<void> {
  for (let last: Changed | undefined; !signal.aborted; ) {
    const beyond = last === undefined ? sql`true` : sql`(m.lane, m.id) > (${last.lane}::smallint, ${last.id}::uuid)`;
    const { rows }: { rows: Changed[] } = await sql<Changed>`
      select lane, id, owner_id from media m
      where m.state in ('deleted', 'failed') and m.changed_at > now() - interval '4 hours'
        and m.created_at < now() - interval '1 hour' and ${beyond}
      order by lane, id limit ${PAGE}`.execute(db);
    await blobs.remove(rows.map(({ id }) => id));
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

/** @returns whether there may be more */
async function forgetSome(db: Database): Promise<boolean> {
  const over = sql`m.state in ('deleted', 'failed') and m.changed_at < now() - interval '30 days'`;
  const { numAffectedRows = 0n } = await sql`
    delete from media m where (m.lane, m.id) in (
      select m.lane, m.id from media m where ${over} limit ${PAGE} for update skip locked
    )`.execute(db);
  return numAffectedRows === BigInt(PAGE);
}

/** Removes what lies in the store and belongs to nothing, one query a page of keys [M7]. What is not ours is left alone. */
export async function removeOrphanBlobs(
  { db, blobs }: CleanUpMediaDeps,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  for (let after: string | undefined; !signal.aborted; ) {
    const page = await blobs.list(after, PAGE);
    const old = page.flatMap(({ key, storedAt }) => (now - storedAt.getTime() > YOUNG_MS ? idsAmong(key) : []));
    const orphans = await withoutRow(db, old);
    if (orphans.length > 0) await blobs.remove(orphans);
    after = page.at(-1)?.key;
    if (page.length < PAGE) return;
  }
}

/** A key is the id of a medium. */
function idsAmong(key: string): MediaId[] {
  const id = mediaId.safeParse(key);
  return id.success ? [id.data] : [];
}

async function withoutRow(db: Database, ids: readonly MediaId[]): Promise<MediaId[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: MediaId }>`
    select u.id from unnest(${ids}::uuid[]) u(id)
    where not exists (
      select from media m where m.lane = lane_of(u.id) and m.id = u.id and m.state not in ('deleted', 'failed')
    )`.execute(db);
  return rows.map(({ id }) => id);
}
