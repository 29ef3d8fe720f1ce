import type { PrivacySetting, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** Those of the people who let this one do or see what the setting is about; never who blocked them [P4] [P7]. */
export async function whoAdmits(
  db: Database,
  setting: PrivacySetting,
  other: UserId,
  people: readonly UserId[],
): Promise<Set<UserId>> {
  if (people.length === 0) return new Set();
  const { rows } = await sql<{ id: UserId }>`
    select p.id from unnest(${people}::uuid[]) as p(id) where admits(p.id, ${setting}, ${other}::uuid)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** The other way: those of the others whom one person admits. */
export async function admittedBy(
  db: Database,
  setting: PrivacySetting,
  person: UserId,
  others: readonly UserId[],
): Promise<Set<UserId>> {
  if (others.length === 0) return new Set();
  const { rows } = await sql<{ id: UserId }>`
    select o.id from unnest(${others}::uuid[]) as o(id) where admits(${person}::uuid, ${setting}, o.id)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Those whom this person may take into a group or channel; the others are to be invited [P7]. */
export const whoMayBeAdded = (db: Database, actor: UserId, people: readonly UserId[]): Promise<Set<UserId>> =>
  whoAdmits(db, "addMe", actor, people);
