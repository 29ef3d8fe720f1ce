import { newUserId, type UserId } from "@hubbub/contract";
import type { SQL } from "bun";

const first =
  "Ada Alan Amara Anton Aylin Björn Chen Clara Dmitri Elif Emma Fatima Hana Hugo Ines Ivan Jonas Kenji Lena Lin Luca Mara Mei Mila Nia Noor Olga Omar Paul Priya Rosa Sven Tariq Uma Yuki Zoe";
const last =
  "Adler Bauer Costa Demir Eriksen Fischer García Haddad Ito Jensen Kaya Lopez Mori Nowak Okafor Petrov Quist Rossi Sato Tanaka Ueda Vogel Wang Yilmaz Zhou";
const firstNames = first.split(" ");
const lastNames = last.split(" ");

/** Rows of one statement. */
const BATCH = 5_000;

export interface WrittenPeople {
  readonly ids: readonly UserId[];
  /** Whom one logs in as: the one who is in every conversation. */
  readonly firstUsername: string;
}

/** @param tag keeps the accounts of several seeds on one server apart */
export async function writePeople(
  sql: SQL,
  { count, tag, passwordHash, at }: { count: number; tag: string; passwordHash: string; at: Date },
  onEach: (count: number) => void,
): Promise<WrittenPeople> {
  const ids = Array.from({ length: count }, () => newUserId(at.getTime()));
  const username = (place: number) => `${tag}-${place}`;
  for (let from = 0; from < count; from += BATCH) {
    const some = ids.slice(from, from + BATCH);
    const names = some.map((_, index) => nameOf(from + index));
    const usernames = some.map((_, index) => username(from + index));
    await sql`
      insert into users (id, username, email, email_key, display_name, password_hash, created_at)
      select u.id, u.username, u.username || '@seed.invalid', u.username || '@seed.invalid', u.name, ${passwordHash}, ${at}
      from unnest(${sql.array(some, "uuid")}, ${sql.array(usernames, "text")}, ${sql.array(names, "text")}) u(id, username, name)`;
    onEach(some.length);
  }
  return { ids, firstUsername: username(0) };
}

function nameOf(place: number): string {
  const firstName = firstNames[place % firstNames.length] ?? "";
  return `${firstName} ${lastNames[Math.floor(place / firstNames.length) % lastNames.length] ?? ""}`;
}
