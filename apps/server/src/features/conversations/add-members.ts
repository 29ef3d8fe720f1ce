import { type ConversationId, laneOf, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import { whoMayBeAdded } from "../people/index.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { enterConversation, mustNotBeBanned } from "./enter-conversation.ts";
import { invite } from "./invite-members.ts";
import { type MemberRow, memberView } from "./member-view.ts";
import { mustExist } from "./must-exist.ts";
import { may } from "./permissions.ts";

export function addMembersOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.addMembers, {
    handle: async ({ conversationId, userIds }, { userId }) => {
      const wanted = [...new Set(userIds)];
      const done = await changeConversation(deps, conversationId, userId, async (tx, locked, demand) => {
        demand(may("addMember", locked));
        await mustExist(tx, wanted);
        const present = await membersAmong(tx, conversationId, wanted);
        const there = new Set(present.map(({ user_id }) => user_id));
        const entering = wanted.filter((id) => !there.has(id));
        await mustNotBeBanned(tx, conversationId, entering);
        const admitting = await whoMayBeAdded(tx, userId, entering);
        const added = entering.filter((id) => admitting.has(id));
        const entered = await enterConversation(tx, deps.outbox, locked, userId, added);
        const others = entering.filter((id) => !admitting.has(id));
        const invited = await invite(tx, deps.outbox, conversationId, userId, others);
        const events = [...entered.events, ...invited];
        return { changes: entered.changes, events, value: await membersAmong(tx, conversationId, wanted) };
      });
      return done.ok ? ok({ items: done.value.map(memberView) }) : done;
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
