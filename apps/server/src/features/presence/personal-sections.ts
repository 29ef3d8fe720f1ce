import { sql } from "kysely";
import { onePersonal, type PersonalSection } from "../../operations/personal-section.ts";
import type { Database } from "../../ports/database.ts";

export function presenceSections(db: Database): readonly PersonalSection[] {
  return [
    onePersonal("presence", async (user) => {
      const { rows } = await sql<object>`
        select p.chosen, p.status_text as "statusText", p.status_expires_at as "statusExpiresAt",
               p.last_seen_at as "lastSeenAt"
        from user_presence p where p.user_id = ${user}`.execute(db);
      return rows[0];
    }),
  ];
}
