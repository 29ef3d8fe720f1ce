import { laneOf, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import type { MessageRow } from "../conversations/index.ts";
import { type ChangeMessageDeps, changedMessage, changeMessage, updateMessage } from "./change-message.ts";
import { mayDelete } from "./permissions.ts";

export function deleteMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.deleteMessage, {
    handle: ({ messageId }, { userId }) =>
      changeMessage(deps, messageId, userId, (_tx, message, conversation) => {
        const allowed = mayDelete(message, userId, conversation);
        if (!allowed.ok) return allowed;
        if (message.deleted_at !== null) return ok(undefined);
        return ok({
          entry: { event: "MessageDeleted", seq: message.seq, payload: null },
          write: async (tx, { pts, createdAt }) => {
            await forget(tx, message);
            return updateMessage(tx, message)
              .set({ pts, deleted_at: createdAt, text: null, system: null, edited_at: null, reactions: null })
              .set({ reply_to_id: null, reply_to_seq: null, reply_to_sender_id: null })
              .executeTakeFirstOrThrow();
          },
        });
      }),
    rest: (message) => ({ body: { message } }),
    hub: changedMessage,
  });
}

/** Of the rows beside the message's own nothing is left [L11]. Costs as much as there were edits and reactions. */
async function forget(tx: Transactor, { conversation_id: id, seq }: MessageRow): Promise<void> {
  const lane = laneOf(id);
  for (const table of ["message_edits", "message_reactions"] as const)
    await tx
      .deleteFrom(table)
      .where("lane", "=", lane)
      .where("conversation_id", "=", id)
      .where("seq", "=", seq)
      .execute();
  await sql`
    update conversation_changes set payload = null
    where lane = ${lane} and conversation_id = ${id} and seq = ${seq} and event in ('ReactionAdded', 'ReactionRemoved')
  `.execute(tx);
}
