import { operations } from "@hubbub/contract";
import { z } from "zod";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { AdministrationDeps } from "./administration-deps.ts";

const entryId = z.guid();

/** Ordered by id, which begins with the time and is the cursor. */
export function listAuditOperation({ db, isAdmin }: Pick<AdministrationDeps, "db" | "isAdmin">): Operation {
  return defineAdminOperation(operations.listAudit, {
    isAdmin,
    handle: async ({ cursor, limit }) => {
      let select = db
        .selectFrom("admin_audit")
        .selectAll()
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (cursor !== undefined) {
        if (!entryId.safeParse(cursor).success) return invalid("cursor", "is not one of this list");
        select = select.where("id", "<", cursor);
      }
      const rows = await select.execute();
      const items = rows.slice(0, limit).map(({ id, action, admin_id, user_id, subject, created_at }) => ({
        ...{ id, action, by: admin_id, createdAt: created_at.toISOString() },
        ...(user_id !== null && { userId: user_id }),
        ...(subject !== null && { subject }),
      }));
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
