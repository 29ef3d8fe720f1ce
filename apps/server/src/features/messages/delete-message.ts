import { laneOf, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import type { MessageRow } from "../conversations/index.ts";
import {
  type ChangeMessageDeps,
  changedMessage,
  changeMessage,
  type MessageChange,
  updateMessage,
} from "./change-message.ts";
import { mayDelete } from "./permissions.ts";

export function deleteMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.deleteMessage, {
    handle: ({ messageId }, { userId }) =>
      changeMessage(deps, messageId, userId, async (tx, message, conversation) => {
        const allowed = mayDelete(message, userId, conversation);
        if (!allowed.ok) return allowed;
        if (message.deleted_at !== null) return ok([]);
        const deletion: MessageChange = {
          message,
          entry: { event: "MessageDeleted", seq: message.seq, payload: null },
          write: async (tx, { pts, createdAt }) => {
            await forget(tx, message);
            return updateMessage(tx, message)
              .set({
                pts,
                deleted_at: createdAt,
                text: null,
                system: null,
                edited_at: null,
                reactions: null,
                pinned_at: null,
              })
              .set({ reply_to_id: null, reply_to_seq: null, reply_to_sender_id: null })
              .set({ mentions: null, forwarded_from: null, media: null })
              .executeTakeFirstOrThrow();
          },
        };
        const root = await findRoot(tx, message);
        return ok(root === undefined ? [deletion] : [deletion, recountThread(root)]);
      }),
    rest: (message) => ({ body: { message } }),
    hub: changedMessage,
  });
}

/** The message whose thread a reply is in [L15]. */
async function findRoot(
  tx: Transactor,
  { conversation_id, thread_root_seq }: MessageRow,
): Promise<MessageRow | undefined> {
  if (typeof thread_root_seq !== "number") return undefined;
  const { rows } = await sql<MessageRow>`
    select * from messages
    where lane = ${laneOf(conversation_id)} and conversation_id = ${conversation_id} and seq = ${thread_root_seq}
  `.execute(tx);
  return rows[0];
}

/** A reply that goes may leave another one the last, and people behind who did not reply: a client cannot tell. */
function recountThread(root: MessageRow): MessageChange {
  const { conversation_id: id, seq } = root;
  return {
    message: root,
    entry: { event: "MessageEdited", seq, payload: null },
    write: (tx, { pts }) =>
      updateMessage(tx, root)
        .set({ pts, thread: sql`recount_thread(${laneOf(id)}::smallint, ${id}::uuid, ${seq}::bigint)` })
        .executeTakeFirstOrThrow(),
  };
}

/** Of the rows beside the message's own nothing is left [L11]. Costs as much as there were edits and reactions. */
async function forget(tx: Transactor, { conversation_id: id, seq }: MessageRow): Promise<void> {
  const lane = laneOf(id);
  for (const table of ["message_edits", "message_reactions", "message_mentions", "message_media"] as const)
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
