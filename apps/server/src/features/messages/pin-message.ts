import { laneOf, limits, type MessageId, operations, type UserId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import { type LockedConversation, type MessageRow, systemMessage } from "../conversations/index.ts";
import { mayWriteIn } from "../people/index.ts";
import {
  type ChangeMessageDeps,
  changeMessage,
  type JudgeChange,
  type MessageChange,
  updateMessage,
} from "./change-message.ts";
import { mayPin } from "./permissions.ts";

export function pinMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.pinMessage, {
    handle: ({ messageId }, { userId }) =>
      changePin(deps, messageId, userId, async (tx, message, conversation) => {
        if (isPinned(message)) return ok([]);
        const fits = await fitsAnother(tx, message);
        return fits.ok ? ok([pin(message, conversation)]) : fits;
      }),
    rest: (message) => ({ body: { message } }),
  });
}

export function unpinMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.unpinMessage, {
    handle: ({ messageId }, { userId }) =>
      changePin(deps, messageId, userId, async (_tx, message) => ok(isPinned(message) ? [unpin(message)] : [])),
    rest: (message) => ({ body: { message } }),
  });
}

/** @param decide what changes, for who may pin there and may still write to the other */
function changePin(deps: ChangeMessageDeps, id: MessageId, userId: UserId, decide: JudgeChange) {
  return changeMessage(deps, id, userId, async (tx, message, conversation) => {
    const allowed = mayPin(message, conversation);
    if (!allowed.ok) return allowed;
    const reaches = await mayWriteIn(tx, message.conversation_id, userId, deps.friendsOnly);
    return reaches.ok ? decide(tx, message, conversation) : reaches;
  });
}

const isPinned = ({ pinned_at = null }: MessageRow): boolean => pinned_at !== null;

function pin(message: MessageRow, { type }: LockedConversation): MessageChange {
  const { id: messageId, seq } = message;
  return {
    message,
    entry: { event: "MessagePinned", seq, payload: null },
    ...(type !== "direct" && { said: systemMessage({ type: "messagePinned", messageId, seq }) }),
    write: (tx, { pts, createdAt }) =>
      updateMessage(tx, message).set({ pts, pinned_at: createdAt }).executeTakeFirstOrThrow(),
  };
}

function unpin(message: MessageRow): MessageChange {
  return {
    message,
    entry: { event: "MessageUnpinned", seq: message.seq, payload: null },
    write: (tx, { pts }) => updateMessage(tx, message).set({ pts, pinned_at: null }).executeTakeFirstOrThrow(),
  };
}

async function fitsAnother(tx: Transactor, { conversation_id }: MessageRow): Promise<Result<true>> {
  const { count } = await tx
    .selectFrom("messages")
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .where("lane", "=", laneOf(conversation_id))
    .where("conversation_id", "=", conversation_id)
    .where("pinned_at", "is not", null)
    .executeTakeFirstOrThrow();
  return Number(count) < limits.pins
    ? ok(true)
    : fail("QUOTA_EXCEEDED", `A conversation has at most ${limits.pins} pinned messages.`);
}
