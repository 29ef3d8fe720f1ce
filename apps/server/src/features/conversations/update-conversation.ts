import { type ConversationEvents, laneOf, type OperationInput, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, Refused, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { appendChanges } from "./change-log.ts";
import { viewConversation } from "./conversation-view.ts";
import { type LockedConversation, lockConversation } from "./lock-conversation.ts";
import { mayManage } from "./permissions.ts";
import { publishChanges } from "./publish-changes.ts";

export interface UpdateConversationDeps {
  readonly db: Database;
  readonly writer: ConversationWriter;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
}

type Changed = Omit<ConversationEvents["ConversationUpdated"], "conversationId" | "pts">;

export function updateConversationOperation({ db, writer, broadcaster, outbox }: UpdateConversationDeps): Operation {
  return defineOperation(operations.updateConversation, {
    handle: async (input, { userId }) => {
      const { conversationId } = input;
      const done = await refusable(() =>
        writer.transaction({
          conversationId,
          work: async (tx) => {
            const locked = await lockConversation(tx, conversationId, userId);
            const allowed = mayManage(locked);
            if (!allowed.ok) throw new Refused(allowed.failure);
            const changed = difference(locked, input);
            if (Object.keys(changed).length === 0) return [];
            await tx
              .updateTable("conversations")
              .set(changed)
              .where("lane", "=", laneOf(conversationId))
              .where("id", "=", conversationId)
              .execute();
            return appendChanges(tx, outbox, conversationId, userId, [
              { event: "ConversationUpdated", payload: changed },
            ]);
          },
          publish: (changes) => publishChanges(broadcaster, outbox, conversationId, changes),
        }),
      );
      if (!done.ok) return done;
      const conversation = await viewConversation(db, conversationId, userId);
      return conversation === undefined ? fail("NOT_FOUND") : ok({ conversation });
    },
    rest: (body) => ({ body }),
  });
}

/** The fields that are asked for and are not so already. */
function difference(now: LockedConversation, wanted: OperationInput<"updateConversation">): Changed {
  return {
    ...(wanted.title !== undefined && wanted.title !== now.title && { title: wanted.title }),
    ...(wanted.topic !== undefined && wanted.topic !== now.topic && { topic: wanted.topic }),
    ...(wanted.posting !== undefined && wanted.posting !== now.posting && { posting: wanted.posting }),
  };
}
