import { type Block, operations, type UserId, userId as userIdSchema } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type ChangePairDeps, changePair } from "./change-pair.ts";
import { afterBlock } from "./friendship.ts";
import { type PublicUserRow, publicUser, publicUserColumns } from "./public-user.ts";

type BlockRow = PublicUserRow & { readonly blocked_at: Date };

const columns = sql.join(publicUserColumns.map((name) => sql.ref(`u.${name}`)));

export async function readBlocks(
  db: Database,
  userId: UserId,
  which: RawBuilder<unknown>,
  most: number,
): Promise<Block[]> {
  const { rows } = await sql<BlockRow>`
    select ${columns}, b.created_at as blocked_at from blocks b join users u on u.id = b.blocked_id
    where b.user_id = ${userId}::uuid and ${which} order by b.blocked_id limit ${most}`.execute(db);
  return rows.map((row) => ({ userId: row.id, user: publicUser(row), createdAt: row.blocked_at.toISOString() }));
}

/** Ordered by id, which is the cursor. */
export function listBlocksOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listBlocks, {
    handle: async ({ cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : userIdSchema.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      const beyond = after === undefined ? sql`true` : sql`b.blocked_id > ${after.data}::uuid`;
      const blocks = await readBlocks(db, userId, beyond, limit + 1);
      const items = blocks.slice(0, limit);
      return ok({ items, nextCursor: blocks.length > limit ? (items.at(-1)?.userId ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}

export function blockUserOperation(deps: ChangePairDeps): Operation {
  return defineOperation(operations.blockUser, {
    handle: async ({ userId: peer }, { userId }) => {
      if (peer === userId) return invalid("userId", "is your own");
      const done = await changePair(deps, userId, peer, (pair) =>
        ok(
          pair.actorBlocks
            ? undefined
            : {
                ...afterBlock(pair),
                write: (tx) => tx.insertInto("blocks").values({ user_id: userId, blocked_id: peer }).execute(),
                tellBeside: [{ userId, event: "SettingsUpdated", subjectId: peer }],
              },
        ),
      );
      if (!done.ok) return done;
      const [block] = await readBlocks(deps.db, userId, sql`b.blocked_id = ${peer}::uuid`, 1);
      // it may have been taken back, or the account deleted, in the meantime
      return block === undefined ? fail("NOT_FOUND") : ok({ block });
    },
    rest: (body) => ({ body }),
  });
}

export function unblockUserOperation(deps: ChangePairDeps): Operation {
  return defineOperation(operations.unblockUser, {
    handle: ({ userId: peer }, { userId }) =>
      changePair(deps, userId, peer, ({ actorBlocks, friendship }) =>
        ok(
          actorBlocks
            ? {
                next: friendship,
                tell: [],
                write: (tx) =>
                  tx.deleteFrom("blocks").where("user_id", "=", userId).where("blocked_id", "=", peer).execute(),
                tellBeside: [{ userId, event: "SettingsUpdated", subjectId: peer }],
              }
            : undefined,
        ),
      ),
    rest: () => ({ body: null }),
  });
}
