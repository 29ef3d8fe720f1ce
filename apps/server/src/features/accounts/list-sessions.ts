import { operations, sessionId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";

export interface ListSessionsDeps {
  readonly db: Database;
  readonly clock: Clock;
}

/** Ordered by id, which begins with the time and is the cursor. */
export function listSessionsOperation({ db, clock }: ListSessionsDeps): Operation {
  return defineOperation(operations.listSessions, {
    handle: async ({ cursor, limit }, actor) => {
      let select = db
        .selectFrom("sessions")
        .select(["id", "device_id", "device_name", "created_at", "last_used_at", "expires_at"])
        .where("user_id", "=", actor.userId)
        .where("ended_at", "is", null)
        .where("expires_at", ">", new Date(clock.now()))
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (cursor !== undefined) {
        const before = sessionId.safeParse(cursor);
        if (!before.success) return invalid("cursor", "is not one of this list");
        select = select.where("id", "<", before.data);
      }
      const rows = await select.execute();
      const items = rows.slice(0, limit).map((row) => ({
        id: row.id,
        deviceId: row.device_id,
        ...(row.device_name !== null && { deviceName: row.device_name }),
        createdAt: row.created_at.toISOString(),
        lastUsedAt: row.last_used_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        current: row.id === actor.sessionId,
      }));
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
