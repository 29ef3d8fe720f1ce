import { type ConversationId, hubOnlyOperations, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineHubOnlyOperation, type HubOnlyOperation } from "../../operations/hub-only-operation.ts";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import type { Typing } from "./typing.ts";

export interface StartTypingDeps {
  readonly db: Database;
  readonly broadcaster: Pick<Broadcaster, "toViewers">;
  readonly typing: Typing;
  /** Whether the sender reaches the other person of a direct conversation [L14]. */
  readonly mayWriteIn: (conversation: ConversationId, sender: UserId) => Promise<Result<true>>;
}

/** Members only. Nobody is asked again while what was told just now is prolonged. */
export function startTypingOperation({ db, broadcaster, typing, mayWriteIn }: StartTypingDeps): HubOnlyOperation {
  return defineHubOnlyOperation(hubOnlyOperations.startTyping, async ({ conversationId }, { userId }, connection) => {
    const place = { userId, conversationId, connection };
    if (typing.renew(place)) return ok(null);
    const hidden = await readHiddenFrom(db, conversationId, userId);
    if (hidden === undefined) return fail("NOT_FOUND");
    const may = await mayWriteIn(conversationId, userId);
    if (!may.ok) return may;
    const tell = (event: "UserStartedTyping" | "UserStoppedTyping") =>
      broadcaster.toViewers(conversationId, event, { conversationId, userId }, hidden);
    typing.start(
      place,
      () => tell("UserStartedTyping"),
      () => tell("UserStoppedTyping"),
    );
    return ok(null);
  });
}

/** Who was not told to type there stops nothing. */
export function stopTypingOperation({ db, typing }: Pick<StartTypingDeps, "db" | "typing">): HubOnlyOperation {
  return defineHubOnlyOperation(hubOnlyOperations.stopTyping, async ({ conversationId }, { userId }) => {
    if ((await readHiddenFrom(db, conversationId, userId)) === undefined) return fail("NOT_FOUND");
    typing.stop({ userId, conversationId });
    return ok(null);
  });
}

/** The members whom this one has blocked: they learn nothing of them. @returns undefined for who is no member */
async function readHiddenFrom(db: Database, id: ConversationId, userId: UserId): Promise<UserId[] | undefined> {
  const { rows } = await sql<{ hidden: UserId[] }>`
    select array(
      select b.blocked_id from blocks b
      join conversation_members m
        on m.lane = me.lane and m.conversation_id = me.conversation_id and m.user_id = b.blocked_id
       and m.left_pts is null
      where b.user_id = me.user_id
    ) as hidden
    from conversation_members me
    where me.lane = ${laneOf(id)} and me.conversation_id = ${id} and me.user_id = ${userId} and me.left_pts is null
  `.execute(db);
  return rows[0]?.hidden;
}
