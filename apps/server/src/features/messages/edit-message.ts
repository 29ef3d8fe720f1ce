import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import { mayWriteIn } from "../people/index.ts";
import { type ChangeMessageDeps, changedMessage, changeMessage, updateMessage } from "./change-message.ts";
import { mayEdit } from "./permissions.ts";

export function editMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.editMessage, {
    handle: ({ messageId, text }, { userId }) =>
      changeMessage(deps, messageId, userId, async (tx, message) => {
        const allowed = mayEdit(message, userId);
        if (!allowed.ok) return allowed;
        const reaches = await mayWriteIn(tx, message.conversation_id, userId, deps.friendsOnly);
        if (!reaches.ok) return reaches;
        const { seq, conversation_id, text: before } = message;
        if (before === null || before === text) return ok(undefined);
        return ok({
          entry: { event: "MessageEdited", seq, payload: null },
          write: async (tx, { pts, createdAt }) => {
            await tx
              .insertInto("message_edits")
              .values({
                lane: laneOf(conversation_id),
                conversation_id,
                seq,
                pts,
                text: before,
                created_at: new Date(message.edited_at ?? message.created_at),
              })
              .execute();
            return updateMessage(tx, message).set({ text, pts, edited_at: createdAt }).executeTakeFirstOrThrow();
          },
        });
      }),
    rest: (message) => ({ body: { message } }),
    hub: changedMessage,
  });
}
