import { isBlank, laneOf, type Mention, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok, type Result } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import type { MessageRow } from "../conversations/index.ts";
import { mayWriteIn } from "../people/index.ts";
import {
  type ChangeMessageDeps,
  changedMessage,
  changeMessage,
  type MessageChange,
  updateMessage,
} from "./change-message.ts";
import { mayCallEveryone, mayEdit } from "./permissions.ts";

export function editMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.editMessage, {
    handle: ({ messageId, text: words, mentions: wanted }, { userId }) =>
      changeMessage(deps, messageId, userId, async (tx, message, conversation) => {
        const allowed = mayEdit(message, userId);
        if (!allowed.ok) return allowed;
        const reaches = await mayWriteIn(tx, message.conversation_id, userId, deps.friendsOnly);
        if (!reaches.ok) return reaches;
        if (wanted?.includes("everyone") && !mayCallEveryone(conversation)) return fail("FORBIDDEN");
        const text = captionOf(message, words);
        if (!text.ok) return text;
        const mentions = wanted == null ? message.mentions : await membersAmong(tx, message, wanted);
        const isSame = message.text === text.value && Bun.deepEquals(mentions, message.mentions);
        return ok(isSame ? [] : [edit(message, text.value, mentions)]);
      }),
    rest: (message) => ({ body: { message } }),
    hub: changedMessage,
  });
}

/** Media need no words, all else does. */
function captionOf({ media }: MessageRow, text: string): Result<string | null> {
  if (!isBlank(text)) return ok(text);
  return media === null ? invalid("text", "must not be empty without media") : ok(null);
}

function edit(message: MessageRow, text: string | null, mentions: readonly Mention[] | null): MessageChange {
  const before = message.text;
  return {
    message,
    entry: { event: "MessageEdited", seq: message.seq, payload: null },
    write: async (tx, { pts, createdAt }) => {
      // whom a message calls is no text: the history of edits has nothing to tell of it
      if (text !== before) await keepText(tx, message, before ?? "", pts);
      const edited = await updateMessage(tx, message)
        .set({ text, pts, mentions: storedMentions(mentions) })
        .$if(text !== before, (update) => update.set({ edited_at: createdAt }))
        .executeTakeFirstOrThrow();
      if (!Bun.deepEquals(mentions, message.mentions)) await enterMentions(tx, message);
      return edited;
    },
  };
}

async function keepText(tx: Transactor, message: MessageRow, text: string, pts: number): Promise<void> {
  const { conversation_id, seq, edited_at, created_at } = message;
  await tx
    .insertInto("message_edits")
    .values({
      lane: laneOf(conversation_id),
      conversation_id,
      seq,
      pts,
      text,
      created_at: new Date(edited_at ?? created_at),
    })
    .execute();
}

/** Inside an object: the driver would make an array of PostgreSQL of it. */
const storedMentions = (mentions: readonly Mention[] | null) =>
  mentions === null ? null : sql<Mention[]>`${{ mentions }}::jsonb -> 'mentions'`;

/** Everyone, and those of the people who are members now; null for nobody. */
async function membersAmong(
  tx: Transactor,
  { conversation_id: id }: MessageRow,
  wanted: readonly Mention[],
): Promise<readonly Mention[] | null> {
  const { rows } = await sql<{ mentions: Mention[] | null }>`
    select members_among(${laneOf(id)}::smallint, ${id}::uuid, ${{ wanted }}::jsonb -> 'wanted') as mentions
  `.execute(tx);
  return rows[0]?.mentions ?? null;
}

/** In place of those whom the message called before. */
async function enterMentions(tx: Transactor, { conversation_id, id, seq }: MessageRow): Promise<void> {
  const lane = laneOf(conversation_id);
  await sql`
    delete from message_mentions where lane = ${lane} and conversation_id = ${conversation_id} and seq = ${seq}
  `.execute(tx);
  await sql`select enter_mentions(array[${lane}]::smallint[], array[${id}]::uuid[])`.execute(tx);
}
