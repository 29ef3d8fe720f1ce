import { type ConversationId, laneOf, newInvitationId, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox, OutboxEvent } from "../../ports/outbox.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { invitationMade } from "./domain-events.ts";
import { mustNotBeBanned } from "./enter-conversation.ts";
import { invitationView, selectInvitations } from "./invitations.ts";
import { mustExist } from "./must-exist.ts";
import { may } from "./permissions.ts";

export function inviteMembersOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.inviteMembers, {
    handle: async ({ conversationId, userIds }, { userId: by }) => {
      const wanted = [...new Set(userIds)];
      const done = await changeConversation(deps, conversationId, by, async (tx, locked, demand) => {
        demand(may("invite", locked));
        await mustExist(tx, wanted);
        await mustNotBeBanned(tx, conversationId, wanted);
        const events = await invite(tx, deps.outbox, conversationId, by, wanted);
        const value = await selectInvitations(tx)
          .where("i.lane", "=", laneOf(conversationId))
          .where("i.conversation_id", "=", conversationId)
          .where("i.user_id", "=", sql<never>`any(${wanted})`)
          .where("i.status", "=", "pending")
          .orderBy("i.user_id")
          .execute();
        return { changes: [], events, value };
      });
      return done.ok ? ok({ items: done.value.map(invitationView) }) : done;
    },
    rest: (body) => ({ body }),
  });
}

/** Members, who is invited already, and who blocked the one who invites, get nothing new [C11]. @returns what is to be handed over after the commit */
export async function invite(
  tx: Transactor,
  outbox: Outbox,
  conversationId: ConversationId,
  by: UserId,
  people: readonly UserId[],
): Promise<OutboxEvent[]> {
  if (people.length === 0) return [];
  const ids = people.map(() => newInvitationId(conversationId));
  const { rows } = await sql<{ id: (typeof ids)[number]; user_id: UserId }>`
    insert into conversation_invitations (id, lane, conversation_id, user_id, invited_by)
    select p.id, ${laneOf(conversationId)}, ${conversationId}, p.user_id, ${by}
    from unnest(${ids}::uuid[], ${people}::uuid[]) as p(id, user_id)
    where not exists (
      select 1 from conversation_members m
      where m.lane = ${laneOf(conversationId)} and m.conversation_id = ${conversationId} and m.user_id = p.user_id
        and m.left_pts is null)
      and not exists (select 1 from blocks b where b.user_id = p.user_id and b.blocked_id = ${by})
    on conflict (lane, conversation_id, user_id) where status = 'pending' do nothing
    returning id, user_id
  `.execute(tx);
  const events: OutboxEvent[] = [];
  for (const { id: invitationId, user_id: userId } of rows)
    events.push(await outbox.write(tx, invitationMade.of(conversationId, by, { invitationId, userId })));
  return events;
}
