import { limits, type MessageId, newClientMessageId, newMessageId, type Reaction, type UserId } from "@hubbub/contract";
import type { SQL, TransactionSQL } from "bun";
import { withReaction } from "../../../apps/server/src/features/messages/reactions.ts";
import { append, type NewChange } from "./append.ts";
import { ZipfChoice } from "./random.ts";
import { transactionAt } from "./seed-clock.ts";
import type { WrittenConversation } from "./write-conversations.ts";
import type { WriterOfTexts } from "./writer-of-texts.ts";

/** Messages of one transaction: they have the same time. */
const BATCH = 100;
/** How many of its newest messages a conversation's people still answer, react to and edit. */
const RECENT = 20;
/** Of a hundred messages, how many are … */
const percent = { reply: 6, threadReply: 3, mention: 2, reaction: 8, edit: 2 } as const;

interface RecentMessage {
  readonly id: MessageId;
  readonly seq: number;
  readonly sender: UserId;
  readonly createdAt: Date;
  readonly isThreadReply: boolean;
  text: string;
  editedAt: Date | undefined;
  reactions: readonly Reaction[];
}

/** A conversation while it is written: where it stands. */
interface Conversation extends WrittenConversation {
  readonly language: number;
  readonly speakers: ZipfChoice<UserId>;
  readonly recent: RecentMessage[];
  /** Of its newest message, and of its newest change. */
  seq: number;
  pts: number;
}

/** What a batch does beside appending: rows as the tables have them. */
interface Batch {
  readonly changes: NewChange[];
  readonly expectedPts: number[];
  readonly reactions: object[];
  readonly edits: object[];
  /** By message, as it is at the end of the batch. */
  readonly changed: Map<RecentMessage, { readonly conversation: Conversation; readonly pts: number }>;
  readonly replies: Located[];
  readonly mentions: Located[];
}

interface Located {
  readonly lane: number;
  readonly id: MessageId;
}

export interface MessagesToWrite {
  /** By the numbers that `order` names. */
  readonly conversations: readonly WrittenConversation[];
  readonly order: Int32Array;
  readonly from: Date;
  readonly to: Date;
  readonly random: () => number;
  readonly texts: WriterOfTexts;
}

/** Says what is planned, in batches, each a transaction at its own time. */
export async function writeMessages(
  sql: SQL,
  { conversations: written, order, from, to, random, texts }: MessagesToWrite,
  onEach: (count: number) => void,
): Promise<void> {
  const conversations = written.map((each): Conversation => {
    const language = texts.pickLanguage();
    return { ...each, language, speakers: new ZipfChoice(each.members), recent: [], seq: 0 };
  });
  const chance = (of: number) => random() * 100 < of;
  for (let begin = 0; begin < order.length; begin += BATCH) {
    const at = new Date(Math.floor(from.getTime() + ((to.getTime() - from.getTime()) * begin) / order.length));
    const batch: Batch = {
      changes: [],
      expectedPts: [],
      reactions: [],
      edits: [],
      changed: new Map(),
      replies: [],
      mentions: [],
    };
    const some = order.subarray(begin, begin + BATCH);
    for (const number of some) {
      const conversation = conversations[number];
      if (conversation === undefined) throw new RangeError(`There is no conversation ${number}.`);
      say(batch, conversation, { at, random, chance, texts });
      if (chance(percent.reaction)) react(batch, conversation, random, texts.emoji());
      if (chance(percent.edit)) edit(batch, conversation, { at, random, text: texts.write(conversation.language) });
    }
    await transactionAt(sql, at, (tx) => store(tx, batch));
    onEach(some.length);
  }
}

function take<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** A change of the conversation, which takes its next pts. @returns that */
function enter(batch: Batch, conversation: Conversation, change: Omit<NewChange, "lane" | "conversation_id">): number {
  batch.changes.push({ lane: conversation.lane, conversation_id: conversation.id, ...change });
  conversation.pts++;
  batch.expectedPts.push(conversation.pts);
  return conversation.pts;
}

interface Moment {
  readonly at: Date;
  readonly random: () => number;
  readonly chance: (percent: number) => boolean;
  readonly texts: WriterOfTexts;
}

function say(batch: Batch, conversation: Conversation, { at, random, chance, texts }: Moment): void {
  const { id: conversationId, lane, recent } = conversation;
  const id = newMessageId(conversationId, at.getTime());
  const sender = conversation.speakers.pick(random());
  const text = texts.write(conversation.language);
  const answered = chance(percent.reply) ? take(recent, random) : undefined;
  const roots = chance(percent.threadReply) ? recent.filter(({ isThreadReply }) => !isThreadReply) : [];
  const root = take(roots, random);
  const called = chance(percent.mention) ? take(conversation.members, random) : undefined;
  enter(batch, conversation, {
    ...{ event: "ReceiveMessage", actor_id: sender, kind: "text", text },
    ...{ message_id: id, client_message_id: newClientMessageId(at.getTime()) },
    ...(answered && { reply_to_id: answered.id, reply_to_seq: answered.seq, reply_to_sender_id: answered.sender }),
    ...(root && { thread_root_id: root.id, thread_root_seq: root.seq }),
    ...(called && { mentions: [called] }),
  });
  conversation.seq++;
  if (root) batch.replies.push({ lane, id });
  if (called) batch.mentions.push({ lane, id });
  recent.push({
    ...{ id, seq: conversation.seq, sender, createdAt: at, isThreadReply: root !== undefined },
    ...{ text, editedAt: undefined, reactions: [] },
  });
  if (recent.length > RECENT) recent.shift();
}

function react(batch: Batch, conversation: Conversation, random: () => number, emoji: string): void {
  const { id: conversation_id, lane, recent } = conversation;
  const message = take(recent, random);
  const user = conversation.speakers.pick(random());
  // of the few that everyone sees, so that nobody does it twice
  const known = message?.reactions.find((reaction) => reaction.emoji === emoji);
  if (message === undefined || known?.userIds.includes(user) || (known?.count ?? 0) >= limits.reactionUserIds) return;
  const reactions = withReaction(message.reactions, emoji, user);
  if (reactions === undefined) return;
  message.reactions = reactions;
  const { count = 0, userIds = [] } = reactions.find((reaction) => reaction.emoji === emoji) ?? {};
  const payload = { messageId: message.id, userId: user, emoji, count, userIds };
  const pts = enter(batch, conversation, { event: "ReactionAdded", actor_id: user, about_seq: message.seq, payload });
  batch.reactions.push({ lane, conversation_id, seq: message.seq, emoji, user_id: user, pts });
  batch.changed.set(message, { conversation, pts });
}

function edit(
  batch: Batch,
  conversation: Conversation,
  { at, random, text }: { readonly at: Date; readonly random: () => number; readonly text: string },
): void {
  const { id: conversation_id, lane, recent } = conversation;
  const message = take(recent, random);
  if (message === undefined || message.text === text) return;
  const pts = enter(batch, conversation, { event: "MessageEdited", actor_id: message.sender, about_seq: message.seq });
  const before = { text: message.text, created_at: message.editedAt ?? message.createdAt };
  batch.edits.push({ lane, conversation_id, seq: message.seq, pts, ...before });
  message.text = text;
  message.editedAt = at;
  batch.changed.set(message, { conversation, pts });
}

async function store(tx: TransactionSQL, batch: Batch): Promise<void> {
  const pts = await append(tx, batch.changes);
  if (!Bun.deepEquals(pts, batch.expectedPts)) throw new Error("Somebody else writes to the seed's conversations.");
  const located = (list: readonly Located[]) =>
    [
      tx.array(
        list.map(({ lane }) => lane),
        "int2",
      ),
      tx.array(
        list.map(({ id }) => id),
        "uuid",
      ),
    ] as const;
  if (batch.replies.length > 0) {
    const [lanes, ids] = located(batch.replies);
    await tx`select count_replies(${lanes}, ${ids})`;
  }
  if (batch.mentions.length > 0) {
    const [lanes, ids] = located(batch.mentions);
    await tx`select enter_mentions(${lanes}, ${ids})`;
  }
  if (batch.reactions.length > 0)
    await tx`insert into message_reactions
      select n.* from jsonb_populate_recordset(null::message_reactions, ${JSON.stringify(batch.reactions)}::text::jsonb) n`;
  if (batch.edits.length > 0)
    await tx`insert into message_edits
      select n.* from jsonb_populate_recordset(null::message_edits, ${JSON.stringify(batch.edits)}::text::jsonb) n`;
  if (batch.changed.size > 0) await updateMessages(tx, batch.changed);
}

async function updateMessages(tx: TransactionSQL, changed: Batch["changed"]): Promise<void> {
  const rows = [...changed].map(([{ seq, text, editedAt, reactions }, { conversation, pts }]) => ({
    ...{ lane: conversation.lane, conversation_id: conversation.id, seq, pts, text },
    edited_at: editedAt ?? null,
    reactions: reactions.length === 0 ? null : reactions,
  }));
  // a reply after it has raised the pts of its root already
  await tx`
    update messages m
    set pts = greatest(m.pts, n.pts), text = n.text, edited_at = n.edited_at, reactions = n.reactions
    from jsonb_populate_recordset(null::messages, ${JSON.stringify(rows)}::text::jsonb) n
    where m.lane = n.lane and m.conversation_id = n.conversation_id and m.seq = n.seq`;
}
