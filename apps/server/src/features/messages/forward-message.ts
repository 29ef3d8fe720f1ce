import {
  type ClientMessageId,
  type ConversationId,
  type Message,
  type MessageId,
  newClientMessageId,
  newMessageId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, Refused, type Result, refusable } from "../../operations/result.ts";
import { currentTrace } from "../../ports/trace.ts";
import { lockConversations, type MessageRow } from "../conversations/index.ts";
import type { ChangeMessageDeps } from "./change-message.ts";
import { mayForward } from "./permissions.ts";
import { type NewMessage, publishSent, type Sent, storeMessages } from "./send-message.ts";
import { findVisibleMessage } from "./visible-message.ts";

interface Forwarding {
  readonly messageId: MessageId;
  readonly targets: readonly ConversationId[];
  readonly clientMessageId: ClientMessageId;
  readonly senderId: UserId;
}

type Stored = Exclude<Sent, { kind: "refused" }>;

interface Forwarded {
  readonly items: Message[];
  readonly isRepeat: boolean;
}

export function forwardMessageOperation(deps: ChangeMessageDeps): Operation {
  return defineOperation(operations.forwardMessage, {
    handle: ({ messageId, conversationIds, clientMessageId = newClientMessageId() }, { userId: senderId }) =>
      forward(deps, { messageId, targets: [...new Set(conversationIds)], clientMessageId, senderId }),
    rest: ({ items, isRepeat }) => ({ body: { items }, status: isRepeat ? 200 : 201 }),
  });
}

/** One transaction, under the locks of where the message is and of where it goes: it reaches all of them, or none. */
async function forward(deps: ChangeMessageDeps, forwarding: Forwarding): Promise<Result<Forwarded>> {
  const { db, writer, broadcaster, outbox } = deps;
  const { messageId, targets, senderId } = forwarding;
  const [conversationId, ...others] = targets;
  // a message stays in its conversation, so this much needs no lock, and a stranger takes none
  const source = (await findVisibleMessage(db, messageId, senderId))?.conversation_id;
  if (source === undefined || conversationId === undefined) return fail("NOT_FOUND");
  const done = await refusable(() =>
    writer.transaction({
      conversationId,
      others,
      work: async (tx) => {
        await lockConversations(tx, [source, ...targets]);
        const copies = copiesOf(await findVisibleMessage(tx, messageId, senderId), forwarding);
        if (!copies.ok) throw new Refused(copies.failure);
        return (await storeMessages(tx, deps, copies.value)).map(demandStored);
      },
      publish: (stored) => publishSent(broadcaster, outbox, stored),
    }),
  );
  if (!done.ok) return done;
  const items = done.value.map(({ message }) => message);
  return ok({ items, isRepeat: done.value.every(({ kind }) => kind !== "accepted") });
}

/** Of a message only what it says, who said it first, and when: not where, whom it called, or what it answered. */
function copiesOf(
  message: MessageRow | undefined,
  { targets, clientMessageId, senderId }: Forwarding,
): Result<NewMessage[]> {
  if (message === undefined) return fail("NOT_FOUND");
  const allowed = mayForward(message);
  if (!allowed.ok) return allowed;
  const { text, media, sender_id, created_at } = message;
  const first = { senderId: sender_id, createdAt: new Date(created_at).toISOString() };
  const copy = {
    ...{ senderId, clientMessageId, text, forwardedFrom: message.forwarded_from ?? first },
    ...{
      replyToId: null,
      threadRootId: null,
      mentions: [],
      mediaIds: media?.map(({ id }) => id) ?? [],
      traceId: currentTrace(),
    },
  };
  return ok(targets.map((conversationId) => ({ ...copy, id: newMessageId(conversationId), conversationId })));
}

/** @throws Refused where one of them may not be written to */
function demandStored(sent: Sent): Stored {
  if (sent.kind === "refused") throw new Refused(sent.failure);
  return sent;
}
