import { type ConversationId, laneOf, limits, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok, Refused, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { type AppendedChange, appendChanges, type NewChange } from "./change-log.ts";
import { mustExist } from "./create-conversation.ts";
import { type LockedConversation, lockConversation } from "./lock-conversation.ts";
import { type MemberRow, memberView } from "./member-view.ts";
import { mayManage } from "./permissions.ts";
import { publishChanges } from "./publish-changes.ts";

export interface AddMembersDeps {
  readonly writer: ConversationWriter;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
}

export function addMembersOperation({ writer, broadcaster, outbox }: AddMembersDeps): Operation {
  return defineOperation(operations.addMembers, {
    handle: async ({ conversationId, userIds }, { userId }) => {
      const wanted = [...new Set(userIds)];
      const done = await refusable(() =>
        writer.transaction({
          conversationId,
          work: async (tx) => {
            const locked = await lockConversation(tx, conversationId, userId);
            const allowed = mayManage(locked);
            if (!allowed.ok) throw new Refused(allowed.failure);
            await mustExist(tx, wanted);
            const present = await membersAmong(tx, conversationId, wanted);
            const there = new Set(present.map(({ user_id }) => user_id));
            const added = wanted.filter((id) => !there.has(id));
            mustFit(locked, added.length);
            const changes = added.map(
              (id): NewChange => ({ event: "MemberAdded", payload: { userId: id, by: userId, role: "member" } }),
            );
            const appended = await appendChanges(tx, outbox, conversationId, userId, changes);
            await insertMembers(tx, conversationId, locked, added, appended);
            return { appended, members: await membersAmong(tx, conversationId, wanted) };
          },
          publish: ({ appended }) => publishChanges(broadcaster, outbox, conversationId, appended),
        }),
      );
      return done.ok ? ok({ items: done.value.members.map(memberView) }) : done;
    },
    rest: (body) => ({ body }),
  });
}

function membersAmong(tx: Transactor, conversationId: ConversationId, ids: readonly UserId[]): Promise<MemberRow[]> {
  return tx
    .selectFrom("conversation_members")
    .select(["user_id", "role", "joined_at"])
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", sql<never>`any(${ids})`)
    .where("left_pts", "is", null)
    .orderBy("user_id")
    .execute();
}

/** @throws Refused VALIDATION_FAILED where the conversation would have too many members */
function mustFit({ type, memberCount }: LockedConversation, more: number): void {
  const most = type === "channel" ? limits.channelMembers : limits.groupMembers;
  if (memberCount + more > most)
    throw new Refused({ code: "VALIDATION_FAILED", detail: `A ${type} has at most ${most} members.` });
}

/** Who was here before comes back as a plain member, and begins to see anew [L10] [L13]. */
async function insertMembers(
  tx: Transactor,
  conversationId: ConversationId,
  { historyVisibility, seq }: LockedConversation,
  added: readonly UserId[],
  appended: readonly AppendedChange[],
): Promise<void> {
  if (added.length === 0) return;
  const lane = laneOf(conversationId);
  const visibleFrom = historyVisibility === "sinceJoined" ? seq + 1 : 1;
  const joinedPts = appended.map(({ pts }) => pts);
  await sql`
    insert into conversation_members as m
      (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select ${lane}, ${conversationId}, added.user_id, 'member', added.pts, ${visibleFrom}, ${seq}, ${seq}
    from unnest(${added}::uuid[], ${joinedPts}::bigint[]) as added(user_id, pts)
    on conflict (lane, conversation_id, user_id) do update set
      role = 'member', joined_at = now(), joined_pts = excluded.joined_pts, rejoined = true,
      visible_from_seq = excluded.visible_from_seq, read_seq = excluded.read_seq,
      delivered_seq = excluded.delivered_seq, left_pts = null
  `.execute(tx);
  await tx
    .updateTable("conversations")
    .set((update) => ({ member_count: update("member_count", "+", added.length) }))
    .where("lane", "=", lane)
    .where("id", "=", conversationId)
    .execute();
}
