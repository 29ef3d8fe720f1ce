import { laneOf, limits, operations, type Reaction, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
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
import { mayReact } from "./permissions.ts";
import { withoutReaction, withReaction } from "./reactions.ts";

export function reactOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.react, {
    handle: ({ messageId, emoji }, { userId }) =>
      changeMessage(deps, messageId, userId, async (tx, message) => {
        const allowed = mayReact(message);
        if (!allowed.ok) return allowed;
        const reaches = await mayWriteIn(tx, message.conversation_id, userId, deps.friendsOnly);
        if (!reaches.ok) return reaches;
        if (await hasReacted(tx, message, emoji, userId)) return ok([]);
        const reactions = withReaction(message.reactions ?? [], emoji, userId);
        if (reactions === undefined)
          return fail("VALIDATION_FAILED", `A message has at most ${limits.reactions} different reactions.`);
        return ok([change("ReactionAdded", message, reactions, emoji, userId)]);
      }),
    rest: (message) => ({ body: { message } }),
    hub: changedMessage,
  });
}

export function unreactOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.unreact, {
    handle: ({ messageId, emoji }, { userId }) =>
      changeMessage(deps, messageId, userId, async (tx, message) => {
        const allowed = mayReact(message);
        if (!allowed.ok) return allowed;
        const reaches = await mayWriteIn(tx, message.conversation_id, userId, deps.friendsOnly);
        if (!reaches.ok) return reaches;
        if (!(await hasReacted(tx, message, emoji, userId))) return ok([]);
        const firstOthers = await firstBut(tx, message, emoji, userId);
        const reactions = withoutReaction(message.reactions ?? [], emoji, firstOthers);
        return ok([change("ReactionRemoved", message, reactions, emoji, userId)]);
      }),
    rest: (message) => ({ body: { message } }),
    hub: changedMessage,
  });
}

function change(
  event: "ReactionAdded" | "ReactionRemoved",
  message: MessageRow,
  reactions: readonly Reaction[],
  emoji: string,
  userId: UserId,
): MessageChange {
  const { id: messageId, conversation_id, seq } = message;
  const { count, userIds } = reactions.find((reaction) => reaction.emoji === emoji) ?? { count: 0, userIds: [] };
  return {
    message,
    entry: { event, seq, payload: { messageId, userId, emoji, count, userIds } },
    write: async (tx, { pts }) => {
      if (event === "ReactionAdded")
        await tx
          .insertInto("message_reactions")
          .values({ lane: laneOf(conversation_id), conversation_id, seq, emoji, user_id: userId, pts })
          .execute();
      else
        await sql`delete from message_reactions where ${ofEmoji(message, emoji)} and user_id = ${userId}`.execute(tx);
      // inside an object: the driver would make an array of PostgreSQL of it
      const stored = reactions.length === 0 ? null : sql<Reaction[]>`${{ reactions }}::jsonb -> 'reactions'`;
      return updateMessage(tx, message).set({ pts, reactions: stored }).executeTakeFirstOrThrow();
    },
  };
}

const ofEmoji = ({ conversation_id, seq }: MessageRow, emoji: string) =>
  sql`lane = ${laneOf(conversation_id)} and conversation_id = ${conversation_id} and seq = ${seq} and emoji = ${emoji}`;

async function hasReacted(tx: Transactor, message: MessageRow, emoji: string, userId: UserId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from message_reactions where ${ofEmoji(message, emoji)} and user_id = ${userId}
  `.execute(tx);
  return rows.length > 0;
}

/** The first of the others who reacted so. */
async function firstBut(tx: Transactor, message: MessageRow, emoji: string, userId: UserId): Promise<UserId[]> {
  const { rows } = await sql<{ user_id: UserId }>`
    select user_id from message_reactions
    where ${ofEmoji(message, emoji)} and user_id <> ${userId}
    order by pts limit ${limits.reactionUserIds}
  `.execute(tx);
  return rows.map(({ user_id }) => user_id);
}
