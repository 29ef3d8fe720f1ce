import { type ConversationId, laneOf, type Message, type MessageId, type UserId } from "@hubbub/contract";
import { fail, ok, Refused, type Result, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import {
  type Appended,
  appendChanges,
  type LockedConversation,
  lockConversation,
  type MessageRow,
  messageView,
  type SystemMessage,
} from "../conversations/index.ts";
import type { ReactionPayload } from "./reactions.ts";
import { findVisibleMessage } from "./visible-message.ts";

export interface ChangeMessageDeps {
  readonly db: Database;
  readonly writer: ConversationWriter;
  readonly broadcaster: Pick<Broadcaster, "toConversation">;
  readonly outbox: Outbox;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

type LogEntry = { readonly seq: number } & (
  | { readonly event: "MessageEdited" | "MessageDeleted" | "MessagePinned" | "MessageUnpinned"; readonly payload: null }
  | { readonly event: "ReactionAdded" | "ReactionRemoved"; readonly payload: ReactionPayload }
);

/** One change that has been judged: what the log keeps of it, and what it does to a message's rows. */
export interface MessageChange {
  /** As it was before. */
  readonly message: MessageRow;
  readonly entry: LogEntry;
  /** What the system says of it. */
  readonly said?: SystemMessage;
  /** @returns the message as it is then */
  readonly write: (tx: Transactor, change: { readonly pts: number; readonly createdAt: Date }) => Promise<MessageRow>;
}

/**
 * Judges by the message as it is under the lock.
 * @returns the change of that message and those of others that come with it; none where there is nothing to change
 */
export type JudgeChange = (
  tx: Transactor,
  message: MessageRow,
  conversation: LockedConversation,
) => Promise<Result<readonly MessageChange[]>> | Result<readonly MessageChange[]>;

interface Changed {
  readonly message: Message;
  readonly appended: Appended<LogEntry>;
  /** Whether some present member may not see the message [L10]. */
  readonly isHiddenFromSome: boolean;
}

interface Outcome {
  readonly message: Message;
  readonly changes: readonly Changed[];
  readonly said: readonly Appended<SystemMessage>[];
}

/**
 * The way of every change to a message that is there: found by its id, its conversation locked, judged again [L3].
 * @returns the message as it is then; NOT_FOUND alike for one that is absent and one that the actor does not see
 */
export async function changeMessage(
  { db, writer, broadcaster, outbox }: ChangeMessageDeps,
  id: MessageId,
  actorId: UserId,
  judge: JudgeChange,
): Promise<Result<Message>> {
  // a message stays in its conversation, so this much needs no lock, and a stranger takes none
  const conversationId = (await findVisibleMessage(db, id, actorId))?.conversation_id;
  if (conversationId === undefined) return fail("NOT_FOUND");
  const done = await refusable(() =>
    writer.transaction<Outcome>({
      conversationId,
      work: async (tx) => {
        const locked = await lockConversation(tx, conversationId, actorId);
        const row = await findVisibleMessage(tx, id, actorId);
        if (row === undefined) throw new Refused({ code: "NOT_FOUND" });
        const judged = await judge(tx, row, locked);
        if (!judged.ok) throw new Refused(judged.failure);
        const entries = judged.value.map(({ entry }) => entry);
        const appended = await appendChanges(tx, outbox, conversationId, actorId, entries);
        const changes: Changed[] = [];
        for (const [index, { message, write }] of judged.value.entries()) {
          const numbered = appended[index];
          if (numbered === undefined) throw new Error("the change was not numbered");
          const after = messageView(await write(tx, numbered));
          changes.push({ message: after, appended: numbered, isHiddenFromSome: await isHiddenFromSome(tx, message) });
        }
        const words = judged.value.flatMap(({ said }) => said ?? []);
        const said = words.length === 0 ? [] : await appendChanges(tx, outbox, conversationId, actorId, words);
        return { message: changes[0]?.message ?? messageView(row), changes, said };
      },
      publish: (outcome) => publish(broadcaster, outbox, outcome),
    }),
  );
  return done.ok ? ok(done.value.message) : done;
}

async function isHiddenFromSome(tx: Transactor, message: MessageRow): Promise<boolean> {
  const member = await tx
    .selectFrom("conversation_members")
    .select("visible_from_seq")
    .where("lane", "=", laneOf(message.conversation_id))
    .where("conversation_id", "=", message.conversation_id)
    .where("left_pts", "is", null)
    .where("visible_from_seq", ">", message.seq)
    .where("visible_from_seq", ">", 1) // as the index says
    .limit(1)
    .executeTakeFirst();
  return member !== undefined;
}

function publish(broadcaster: Pick<Broadcaster, "toConversation">, outbox: Outbox, { changes, said }: Outcome): void {
  for (const { message, appended, isHiddenFromSome: hidden } of changes) {
    const { conversationId } = message;
    if (hidden)
      broadcaster.toConversation(conversationId, "ConversationChanged", { conversationId, pts: appended.pts });
    else push(broadcaster, conversationId, message, appended);
  }
  for (const { message } of said)
    if (message !== undefined) broadcaster.toConversation(message.conversationId, "ReceiveMessage", message);
  outbox.handOver([...changes.map(({ appended }) => appended), ...said].map(({ outboxEvent }) => outboxEvent));
}

function push(
  broadcaster: Pick<Broadcaster, "toConversation">,
  conversationId: ConversationId,
  message: Message,
  change: Appended<LogEntry>,
): void {
  switch (change.event) {
    case "MessageEdited":
    case "MessageDeleted":
    case "MessagePinned":
    case "MessageUnpinned":
      broadcaster.toConversation(conversationId, change.event, message);
      break;
    case "ReactionAdded":
    case "ReactionRemoved": {
      const { seq, pts, payload } = change;
      broadcaster.toConversation(conversationId, change.event, { conversationId, seq, pts, ...payload });
      break;
    }
    default:
      change satisfies never;
  }
}

/** The one row of `messages`, for an update that gives it back. */
export function updateMessage(tx: Transactor, { conversation_id, seq }: MessageRow) {
  return tx
    .updateTable("messages")
    .where("lane", "=", laneOf(conversation_id))
    .where("conversation_id", "=", conversation_id)
    .where("seq", "=", seq)
    .returningAll();
}

/** As the hub tells it. */
export const changedMessage = ({ id, seq, pts }: Message) => ({ messageId: id, seq, pts });
