import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import { identityView } from "./identities.ts";

export function listIdentitiesOperation(db: Database): Operation {
  return defineOperation(operations.listIdentities, {
    handle: async ({ cursor, limit }, { userId }) => {
      const rows = await db
        .selectFrom("identities")
        .select(["provider", "email", "created_at"])
        .where("user_id", "=", userId)
        .where("provider", ">", cursor ?? "")
        .orderBy("provider")
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.provider ?? null) : null });
    },
    rest: ({ items, nextCursor }) => ({ body: { items: items.map(identityView), nextCursor } }),
  });
}
