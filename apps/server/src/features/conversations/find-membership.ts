import { type ConversationId, laneOf, type UserId } from "@hubbub/contract";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type Membership, may, type Permission } from "./permissions.ts";

/** The door of what only some members may read; for who is no member there is nothing [C1]. */
export async function mayRead(
  db: Database,
  conversationId: ConversationId,
  userId: UserId,
  permission: Permission,
): Promise<Result<true>> {
  const membership: Membership | undefined = await db
    .selectFrom("conversation_members as m")
    .innerJoin("conversations as c", (join) =>
      join.onRef("c.lane", "=", "m.lane").onRef("c.id", "=", "m.conversation_id"),
    )
    .select(["c.type", "c.posting", "m.role"])
    .where("m.lane", "=", laneOf(conversationId))
    .where("m.conversation_id", "=", conversationId)
    .where("m.user_id", "=", userId)
    .where("m.left_pts", "is", null)
    .executeTakeFirst();
  if (membership === undefined) return fail("NOT_FOUND");
  const allowed = may(permission, membership);
  return allowed.ok ? ok(true) : allowed;
}
