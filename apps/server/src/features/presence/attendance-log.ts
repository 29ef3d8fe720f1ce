import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import { type AttendanceChange, GRACE_MS } from "./attendance.ts";

/** Seconds that a node counts without renewing its lease: so long is someone seen whose server was killed. */
export const LEASE_SECONDS = 15;

const isInvisible = sql`p.chosen = 'invisible' and (p.status_expires_at > now()) is not false`;

/** One statement, however many came and went. */
export async function writeAttendance(db: Database, node: string, { arrived, gone }: AttendanceChange): Promise<void> {
  await sql`
    with here as (
      insert into present_users (user_id, node)
      select a.user_id, ${node}::uuid from unnest(${arrived}::uuid[]) a (user_id) on conflict do nothing
    ), left_behind as (
      delete from present_users where node = ${node}::uuid and user_id = any(${gone}::uuid[])
    )
    insert into user_presence as p (user_id, changed_at)
    select u.id, clock_timestamp() from users u
    where u.id = any(${[...arrived, ...gone]}::uuid[]) and u.deleted_at is null order by u.id
    on conflict (user_id) do update set
      changed_at = excluded.changed_at,
      last_seen_at = case
        when p.user_id = any(${gone}::uuid[]) and not (${isInvisible})
        then now() - make_interval(secs => ${GRACE_MS / 1000})
        else p.last_seen_at end
  `.execute(db);
}

export interface Renewal {
  /** The lease had run out: what was written for this node before is gone. */
  readonly isNew: boolean;
  /** Some node has someone connected to its notifications hub. */
  readonly anyTakesAlerts: boolean;
}

export async function renewLease(db: Database, node: string, takesAlerts: boolean): Promise<Renewal> {
  const { rows } = await sql<Renewal>`
    with renewed as (
      insert into presence_nodes (node, renewed_at, expires_at, takes_alerts)
      values (${node}::uuid, now(), now() + make_interval(secs => ${LEASE_SECONDS}), ${takesAlerts})
      on conflict (node) do update set
        renewed_at = excluded.renewed_at, expires_at = excluded.expires_at, takes_alerts = excluded.takes_alerts
      returning xmax = 0 as is_new
    )
    select is_new as "isNew",
           exists (select 1 from presence_nodes where takes_alerts and expires_at > now()) as "anyTakesAlerts"
    from renewed
  `.execute(db);
  const [renewal] = rows;
  if (renewal === undefined) throw new Error("A lease was not renewed");
  return renewal;
}

/** An orderly end: who was here has as long to come back elsewhere as after any lost connection. */
export async function endLease(db: Database, node: string): Promise<void> {
  await sql`
    update presence_nodes set expires_at = now() + make_interval(secs => ${GRACE_MS / 1000}), takes_alerts = false
    where node = ${node}::uuid
  `.execute(db);
}

/** Marks as changed what time alone has changed: who was on nodes whose lease ran out, and statuses that expired. */
export async function sweepPresence(db: Database): Promise<void> {
  await sql`
    with dead as (
      delete from presence_nodes where expires_at <= now() returning node, renewed_at
    ), gone as (
      delete from present_users x using dead where x.node = dead.node returning x.user_id, dead.renewed_at
    ), last_seen as (
      select user_id, max(renewed_at) as renewed_at from gone group by user_id order by user_id
    )
    update user_presence p set
      changed_at = clock_timestamp(),
      last_seen_at = case when ${isInvisible} then p.last_seen_at else greatest(p.last_seen_at, l.renewed_at) end
    from last_seen l where p.user_id = l.user_id
  `.execute(db);
  await sql`
    update user_presence
    set chosen = 'online', status_text = null, status_expires_at = null, changed_at = clock_timestamp()
    where status_expires_at <= now()
  `.execute(db);
}
