import { type ConversationEvents, laneOf, type OperationInput, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { attachAvatar } from "../people/index.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { viewConversation } from "./conversation-view.ts";
import type { LockedConversation } from "./lock-conversation.ts";
import { may } from "./permissions.ts";
import { tellChanges } from "./tell-changes.ts";

export interface UpdateConversationDeps extends ChangeConversationDeps {
  readonly db: Database;
}

type Changed = Omit<ConversationEvents["ConversationUpdated"], "conversationId" | "pts">;

export function updateConversationOperation(deps: UpdateConversationDeps): Operation {
  return defineOperation(operations.updateConversation, {
    handle: async (input, { userId }) => {
      const { conversationId } = input;
      const done = await changeConversation(deps, conversationId, userId, async (tx, locked, demand) => {
        demand(may("update", locked));
        if (locked.type === "group" && input.visibility === "public")
          demand(invalid("visibility", "of a group is private"));
        const changed = difference(locked, input);
        if (Object.keys(changed).length === 0) return { changes: [], value: null };
        const { historyVisibility, retentionDays, avatarMediaId, ...columns } = changed;
        if (avatarMediaId != null) demand(await attachAvatar(tx, userId, avatarMediaId, locked.avatarMediaId));
        await tx
          .updateTable("conversations")
          .set({
            ...columns,
            ...(historyVisibility !== undefined && { history_visibility: historyVisibility }),
            ...(avatarMediaId !== undefined && { avatar_media_id: avatarMediaId }),
            ...(retentionDays !== undefined && { retention_days: retentionDays }),
          })
          .where("lane", "=", laneOf(conversationId))
          .where("id", "=", conversationId)
          .execute();
        const changes = await tellChanges(tx, deps.outbox, locked, userId, [
          { event: "ConversationUpdated", payload: changed },
        ]);
        return { changes, value: null };
      });
      if (!done.ok) return done;
      const conversation = await viewConversation(deps.db, conversationId, userId);
      return conversation === undefined ? fail("NOT_FOUND") : ok({ conversation });
    },
    rest: (body) => ({ body }),
  });
}

/** The fields that are asked for and are not so already. */
function difference(now: LockedConversation, wanted: OperationInput<"updateConversation">): Changed {
  const { title, topic, avatarMediaId, visibility, posting, historyVisibility, retentionDays } = wanted;
  return {
    ...(title !== undefined && title !== now.title && { title }),
    ...(topic !== undefined && topic !== now.topic && { topic }),
    ...(avatarMediaId !== undefined && avatarMediaId !== now.avatarMediaId && { avatarMediaId }),
    ...(visibility !== undefined && visibility !== now.visibility && { visibility }),
    ...(posting !== undefined && posting !== now.posting && { posting }),
    ...(historyVisibility !== undefined && historyVisibility !== now.historyVisibility && { historyVisibility }),
    ...(retentionDays !== undefined && retentionDays !== now.retentionDays && { retentionDays }),
  };
}
