import { operations, type User, type UserId, userId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { FindUserDeps } from "./get-user.ts";
import { publicUser, publicUserColumns, withPresence } from "./public-user.ts";

/** Ordered by id, which is the cursor. */
export function listUsersOperation({ db, presenceOf }: FindUserDeps): Operation {
  return defineOperation(operations.listUsers, {
    handle: async ({ query, ids, cursor, limit }, actor) => {
      let select = db
        .selectFrom("users")
        .select(publicUserColumns)
        .orderBy("id")
        .limit(limit + 1);
      if (cursor !== undefined) {
        const after = userId.safeParse(cursor);
        if (!after.success) return invalid("cursor", "is not one of this list");
        select = select.where("id", ">", after.data);
      }
      // whom one knows by id one has met: names are shown where people wrote
      if (ids !== undefined) select = select.where("id", "=", sql<never>`any(${ids})`);
      else select = select.where(isFoundBy(actor.userId));
      if (query !== undefined && query.trim() !== "") {
        const begins = `${query
          .trim()
          .toLowerCase()
          .replace(/[\\%_]/g, "\\$&")}%`;
        select = select.where((or) =>
          or.or([or("username", "like", begins), or(sql<string>`lower(display_name)`, "like", begins)]),
        );
      }
      const page = pageOf((await select.execute()).map(publicUser), limit);
      return ok({ ...page, items: await withPresence(page.items, actor.userId, presenceOf) });
    },
    rest: (body) => ({ body }),
  });
}

/** They let the seeker find them, did not block them, and have an account that is in use [P4] [P7]. */
const isFoundBy = (seeker: UserId) => sql<boolean>`(users.id = ${seeker}::uuid or (
  users.deleted_at is null and users.suspended_at is null
  and not exists (select 1 from blocks b where b.user_id = users.id and b.blocked_id = ${seeker}::uuid)
  and case coalesce((select s.find_me from user_settings s where s.user_id = users.id), 'everyone')
    when 'everyone' then true when 'friends' then are_friends(users.id, ${seeker}::uuid) else false end))`;

function pageOf(rows: User[], limit: number): { items: User[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
