import { expect, test } from "bun:test";
import {
  type Change,
  type Conversation,
  type Mention,
  type Message,
  newClientMessageId,
  newMediaId,
  newMessageId,
  newUserId,
  type Role,
  type Thread,
  type UserId,
} from "@hubbub/contract";
import { sampleConversation } from "@hubbub/contract/testing";
import fc from "fast-check";
import { applyChange } from "./apply-change.ts";
import { addHistory, type ConversationState, freshConversation, mergeMessages } from "./conversation-state.ts";
import { raiseOwnMarks } from "./marks.ts";

const own = newUserId();
const people = [own, newUserId(), newUserId(), newUserId()];
const blocked = people[3] ?? own;
const blocks = new Set([blocked]);
const createdAt = "2026-01-01T00:00:00.000Z";

interface Truth {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
  readonly members: ReadonlyMap<UserId, Role>;
}

type Kind =
  | "message"
  | "reply"
  | "mention"
  | "edit"
  | "delete"
  | "react"
  | "member"
  | "role"
  | "settings"
  | "title"
  | "avatar"
  | "topic"
  | "hidden";
type Step = { readonly kind: Kind; readonly by: number };

/** The server's side, written apart from the reducer: what a fresh reader would be told after each change. */
class Log {
  readonly changes: Change[] = [];
  readonly truths: Truth[];

  constructor(steps: readonly Step[]) {
    const conversation = sampleConversation({ title: "Start", createdAt, me: { role: "owner" } });
    this.truths = [
      {
        conversation,
        messages: [],
        members: new Map([
          [own, "owner"],
          [people[1] ?? own, "member"],
        ]),
      },
    ];
    for (const step of steps) this.#write(step);
  }

  get last(): Truth {
    return this.at(this.changes.length);
  }

  at(pts: number): Truth {
    const truth = this.truths[pts];
    if (truth === undefined) throw new RangeError(`no pts ${pts}`);
    return truth;
  }

  /** A change to one of the last messages; without any, one that nobody sees. */
  #writeAbout(kind: "edit" | "delete" | "react", by: number, userId: UserId): void {
    const { conversation: old, messages, members } = this.last;
    const pts = old.pts + 1;
    const logged = { pts, actorId: userId, createdAt };
    const message = messages.at(-1 - (by % 4));
    if (message === undefined || message.deletedAt !== undefined) {
      this.changes.push({ pts, event: "Hidden" });
      this.truths.push({ conversation: { ...old, pts }, messages, members });
      return;
    }
    const { text, reactions = [], editedAt: _, mentions, ...ids } = message;
    let changed: Message = { ...message, pts, text: `Edited at ${pts}`, editedAt: createdAt };
    if (kind === "edit") {
      const { mentions: __, ...uncalling } = changed;
      changed = { ...uncalling, ...(mentions === undefined && by % 3 === 0 && { mentions: calledBy(by) }) };
      this.changes.push({ ...logged, event: "MessageEdited", payload: changed });
    } else if (kind === "delete") {
      changed = { ...ids, pts, deletedAt: createdAt };
      this.changes.push({ ...logged, event: "MessageDeleted", payload: changed });
    } else {
      const emoji = by % 2 === 0 ? "👍" : "🎉";
      const before = new Set(reactions.find((reaction) => reaction.emoji === emoji)?.userIds);
      const event = before.delete(userId) ? "ReactionRemoved" : "ReactionAdded";
      if (event === "ReactionAdded") before.add(userId);
      const now = { emoji, count: before.size, userIds: [...before] };
      const known = reactions.findIndex((reaction) => reaction.emoji === emoji);
      const all = (known < 0 ? [...reactions, now] : reactions.with(known, now)).filter(({ count }) => count > 0);
      const { reactions: __, ...others } = message;
      changed = { ...others, pts, ...(all.length > 0 && { reactions: all }) };
      const payload = { conversationId: old.id, messageId: ids.id, seq: ids.seq, userId, pts, ...now };
      this.changes.push({ ...logged, event, payload });
    }
    const all = messages.with(ids.seq - 1, changed);
    const { unread, unreadMentions } = unreadOf(all, old.me.readSeq);
    const isLast = old.lastMessage?.seq === ids.seq;
    const conversation = {
      ...old,
      pts,
      me: { ...old.me, unread, unreadMentions },
      ...(isLast && { lastMessage: changed }),
    };
    this.truths.push({ conversation, messages: all, members });
    if (kind === "delete" && ids.threadRootId !== undefined) this.#recountThread(ids.threadRootId);
  }

  /** What the deletion of a reply tells of its root. */
  #recountThread(rootId: Message["id"]): void {
    const { conversation: old, messages, members } = this.last;
    const index = messages.findIndex(({ id }) => id === rootId);
    const { thread: _, ...root } = messages[index] ?? failed("no root");
    const pts = old.pts + 1;
    const thread = threadOf(messages, rootId);
    const changed: Message = { ...root, pts, ...(thread !== undefined && { thread }) };
    this.changes.push({ pts, actorId: own, createdAt, event: "MessageEdited", payload: changed });
    const isLast = old.lastMessage?.id === rootId;
    const conversation = { ...old, pts, ...(isLast && { lastMessage: changed }) };
    this.truths.push({ conversation, messages: messages.with(index, changed), members });
  }

  #write({ kind, by }: Step): void {
    const { conversation: old, messages, members } = this.last;
    const pts = old.pts + 1;
    const actorId = people[by % people.length] ?? own;
    const base = { conversationId: old.id, pts };
    const logged = { pts, actorId, createdAt };
    const next = { ...old, pts };
    if (kind === "message" || kind === "reply" || kind === "mention") {
      const isSystem = kind === "message" && by >= 6;
      const target = kind === "reply" ? messages.at(-1 - (by % 5)) : undefined;
      const root = target?.threadRootId === undefined ? target : undefined;
      const message: Message = {
        ...base,
        id: newMessageId(old.id),
        seq: old.seq + 1,
        senderId: actorId,
        ...(isSystem
          ? { kind: "system", system: { type: "memberJoined" } }
          : { clientMessageId: newClientMessageId(), kind: "text", text: `${pts}` }),
        ...(root !== undefined && { threadRootId: root.id }),
        ...((kind === "mention" || (kind === "reply" && by > 5)) && { mentions: calledBy(by) }),
        createdAt,
      };
      const isSent = actorId === own && !isSystem;
      const readSeq = isSent ? message.seq : old.me.readSeq;
      const all = [...messages, message];
      const thread = root && threadOf(all, root.id);
      const rootNow = root && { ...root, pts, ...(thread !== undefined && { thread }) };
      if (rootNow !== undefined) all[rootNow.seq - 1] = rootNow;
      this.changes.push({ ...logged, event: "ReceiveMessage", payload: message });
      const deliveredSeq = isSent ? message.seq : old.me.deliveredSeq;
      const me = { ...old.me, readSeq, deliveredSeq, ...unreadOf(all, readSeq) };
      const before = rootNow !== undefined && rootNow.id === old.lastMessage?.id ? rootNow : old.lastMessage;
      const lastMessage = root === undefined ? message : before;
      this.truths.push({
        conversation: { ...next, seq: message.seq, ...(lastMessage !== undefined && { lastMessage }), me },
        messages: all,
        members,
      });
    } else if (kind === "edit" || kind === "delete" || kind === "react") {
      this.#writeAbout(kind, by, actorId);
    } else if (kind === "member" && actorId !== own) {
      const payload = { ...base, userId: actorId, by: own };
      const changed = new Map(members);
      if (changed.delete(actorId)) {
        this.changes.push({ ...logged, event: "MemberRemoved", payload });
      } else {
        changed.set(actorId, "member");
        this.changes.push({ ...logged, event: "MemberAdded", payload: { ...payload, role: "member" } });
      }
      this.truths.push({ conversation: { ...next, memberCount: changed.size }, messages, members: changed });
    } else if (kind === "role" && members.has(actorId)) {
      const from = members.get(actorId) ?? "member";
      const to = from === "admin" ? "owner" : "admin";
      const payload = { ...base, userId: actorId, by: own, from, to } as const;
      this.changes.push({ ...logged, event: "MemberRoleChanged", payload });
      const me = actorId === own ? { ...old.me, role: payload.to } : old.me;
      this.truths.push({ conversation: { ...next, me }, messages, members: new Map(members).set(actorId, payload.to) });
    } else if (kind === "settings") {
      const { retentionDays, ...others } = next;
      const days = retentionDays === undefined ? 7 + by : null;
      const visibility = by % 2 === 0 ? ("public" as const) : ("private" as const);
      const rules = { visibility, posting: "admins" as const, historyVisibility: "sinceJoined" as const };
      const payload = { ...base, ...rules, retentionDays: days };
      this.changes.push({ ...logged, event: "ConversationUpdated", payload });
      const conversation = { ...others, ...rules, ...(days !== null && { retentionDays: days }) };
      this.truths.push({ conversation, messages, members });
    } else if (kind === "title") {
      this.changes.push({ ...logged, event: "ConversationUpdated", payload: { ...base, title: `Title ${pts}` } });
      this.truths.push({ conversation: { ...next, title: `Title ${pts}` }, messages, members });
    } else if (kind === "avatar") {
      const { avatarMediaId, ...others } = next;
      const changed = avatarMediaId === undefined ? newMediaId(own) : null;
      this.changes.push({ ...logged, event: "ConversationUpdated", payload: { ...base, avatarMediaId: changed } });
      this.truths.push({
        conversation: { ...others, ...(changed && { avatarMediaId: changed }) },
        messages,
        members,
      });
    } else if (kind === "topic") {
      const { topic, ...others } = next;
      const changed = topic === undefined ? `Topic ${pts}` : null;
      this.changes.push({ ...logged, event: "ConversationUpdated", payload: { ...base, topic: changed } });
      this.truths.push({ conversation: { ...others, ...(changed && { topic: changed }) }, messages, members });
    } else {
      this.changes.push({ pts, event: "Hidden" });
      this.truths.push({ conversation: next, messages, members });
    }
  }
}

/** Whether a message is unread for who has not read it [L23]. */
const counts = ({ senderId, kind, deletedAt, threadRootId }: Message): boolean =>
  senderId !== own && kind !== "system" && deletedAt === undefined && threadRootId === undefined;

function failed(why: string): never {
  throw new Error(why);
}

/** Sometimes the reader, sometimes everyone, sometimes somebody else. */
function calledBy(by: number): Mention[] {
  if (by % 2 === 0) return [own];
  return [by % 3 === 0 ? "everyone" : (people[2] ?? own)];
}

function unreadOf(messages: readonly Message[], readSeq: number): { unread: number; unreadMentions: number } {
  const after = messages.filter(({ seq }) => seq > readSeq);
  const calling = after.filter(
    ({ senderId, mentions = [] }) =>
      senderId !== own && senderId !== blocked && mentions.some((who) => who === own || who === "everyone"),
  );
  return { unread: Math.min(100, after.filter(counts).length), unreadMentions: Math.min(100, calling.length) };
}

function threadOf(messages: readonly Message[], rootId: Message["id"]): Thread | undefined {
  const replies = messages.filter(({ threadRootId, deletedAt }) => threadRootId === rootId && deletedAt === undefined);
  const last = replies.at(-1);
  if (last === undefined) return undefined;
  const participantIds = [...new Set(replies.map(({ senderId }) => senderId))].slice(0, 5);
  return { replyCount: replies.length, lastReplySeq: last.seq, lastReplyAt: last.createdAt, participantIds };
}

/** Unread, as whoever has read up to there counts [L23]. */
function withMark({ conversation, messages }: Truth, readSeq: number): Conversation {
  const { me } = conversation;
  const read = Math.max(readSeq, me.readSeq);
  const deliveredSeq = Math.max(me.deliveredSeq, read);
  return { ...conversation, me: { ...me, readSeq: read, deliveredSeq, ...unreadOf(messages, read) } };
}

/** What sync tells: a message as it is at the end, reactions to a deleted one not at all [L2] [L11]. */
function asRead({ last }: Log, change: Change): Change {
  if (change.event === "ReceiveMessage" || change.event === "MessageEdited" || change.event === "MessageDeleted")
    return { ...change, payload: last.messages[change.payload.seq - 1] ?? change.payload };
  const isReaction = change.event === "ReactionAdded" || change.event === "ReactionRemoved";
  const isGone = isReaction && last.messages[change.payload.seq - 1]?.deletedAt !== undefined;
  return isGone ? { pts: change.pts, event: "Hidden" } : change;
}

function readAt(log: Log, pts: number, pageSize: number): ConversationState {
  const { conversation, messages, members } = log.at(pts);
  const page = messages.slice(-pageSize);
  const read = new Map([...members].map(([userId, role]) => [userId, { userId, role }]));
  const isOldest = page.length === messages.length;
  return addHistory({ ...freshConversation(conversation), members: read }, { items: page, isOldest });
}

const step = fc.record({
  kind: fc.constantFrom(
    ...(["message", "message", "reply", "reply", "mention", "edit", "delete", "react", "react"] as const),
    ...(["member", "member", "role", "settings", "title", "avatar", "topic", "hidden"] as const),
  ),
  by: fc.nat(7),
}) satisfies fc.Arbitrary<Step>;

/** Any subset of the pushes, in any order, some of them twice. */
const pushes = fc.array(fc.nat(200), { maxLength: 120 });

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
process.stdout.write(`apply-change: SEED=${seed}\n`);

test("[L18] [L19] pushes in any order, repeated or lost, then a sync in pages: the fresh state", () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 80 }),
      fc.nat(80),
      pushes,
      fc.integer({ min: 1, max: 20 }),
      fc.nat(30),
      (steps, start, order, page, pageSize) => {
        const log = new Log(steps);
        let state = readAt(log, start % (steps.length + 1), pageSize + 1);
        for (const index of order) {
          const change = log.changes[index % log.changes.length];
          if (change !== undefined) state = applyChange(state, change, own, blocks);
        }
        while (state.conversation.pts < log.changes.length) {
          const { pts } = state.conversation;
          for (const change of log.changes.slice(pts, pts + page))
            state = applyChange(state, asRead(log, change), own, blocks);
        }
        const { conversation, messages, members } = log.last;
        // one that does not hold a changed message asks the server how many mentions are unread
        const { unreadMentions } = state.isUnreadKnown ? conversation.me : state.conversation.me;
        expect(state.conversation).toEqual({ ...conversation, me: { ...conversation.me, unreadMentions } });
        expect(state.messages).toEqual(messages.slice(messages.length - state.messages.length));
        if (state.history === "complete") expect(state.messages).toEqual(messages);
        const roles = new Map([...(state.members ?? [])].map(([userId, { role }]) => [userId, role]));
        expect(roles).toEqual(new Map(members));
        expect(state.early).toEqual([]);
      },
    ),
    { seed, numRuns: 400 },
  );
});

test("[L18] [L22] [L23] read marks of any device, early, late or twice, among changes: unread as a fresh reader counts", () => {
  let known = 0;
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 60 }),
      fc.nat(60),
      fc.array(fc.record({ mark: fc.boolean(), index: fc.nat(200) }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(60),
      (steps, start, order, pageSize, later) => {
        const log = new Log(steps);
        const { seq } = log.last.conversation;
        const begun = start % (steps.length + 1);
        // the page of history may be ahead of the changes
        const { messages } = log.at(Math.min(begun + later, steps.length));
        const page = { items: messages.slice(-pageSize), isOldest: messages.length <= pageSize };
        let state = addHistory(freshConversation(log.at(begun).conversation), page);
        let highest = 0;
        const mark = (readSeq: number): void => {
          highest = Math.max(highest, readSeq);
          state = raiseOwnMarks(state, { readSeq, deliveredSeq: readSeq }, own, blocks);
        };
        for (const { mark: isMark, index } of order) {
          const change = log.changes[index % log.changes.length];
          if (isMark) mark(index % (seq + 1));
          else if (change !== undefined) state = applyChange(state, change, own, blocks);
        }
        for (const change of log.changes.slice(state.conversation.pts))
          state = applyChange(state, asRead(log, change), own, blocks);
        const truth = withMark(log.last, highest);
        expect(state.conversation.me.readSeq).toBe(truth.me.readSeq);
        // those who do not hold what was skipped ask the server
        if (state.isUnreadKnown) expect(state.conversation).toEqual(truth);
        else expect(pageSize).toBeLessThan(log.last.messages.length);
        if (state.isUnreadKnown) known++;
      },
    ),
    { seed, numRuns: 1_000 },
  );
  expect(known).toBeGreaterThan(700);
});

test("[L19] a history page read ahead of the pushes, or behind them, joins without a hole or a double", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat(60), fc.nat(60), (steps, a, b) => {
      const log = new Log(steps);
      const pageRead = a % (steps.length + 1);
      const begun = Math.min(b % (steps.length + 1), pageRead);
      let state = freshConversation(log.at(begun).conversation);
      const pushed = log.changes.slice(begun);
      const half = Math.floor(pushed.length / 2);
      for (const change of pushed.slice(0, half)) state = applyChange(state, change, own, blocks);
      // one that a change has overtaken is read again
      const isOvertaken = state.messagesPts > begun;
      const page = log.at(isOvertaken ? Math.max(pageRead, begun + half) : pageRead).messages.slice(-20);
      state = addHistory(state, { items: page, isOldest: false });
      for (const change of pushed.slice(half)) state = applyChange(state, change, own, blocks);
      const all = log.last.messages;
      expect(state.messages).toEqual(all.slice(all.length - state.messages.length));
      expect(state.messages.length).toBeGreaterThanOrEqual(page.length);
    }),
    { seed, numRuns: 300 },
  );
});

test("[L11] of one message in two runs the later state stays", () => {
  const log = new Log(Array.from({ length: 4 }, () => ({ kind: "message" as const, by: 1 })));
  const [first, second, third, fourth] = log.last.messages;
  if (!first || !second || !third || !fourth) throw new Error("no messages");
  const later = { ...second, pts: 9, text: "later" };
  expect(mergeMessages([first, second, third], [later, third, fourth])).toEqual([first, later, third, fourth]);
  expect(mergeMessages([later, third, fourth], [first, second])).toEqual([first, later, third, fourth]);
});

test("[L5] a pushed message takes the place of the pending one that it is", () => {
  const log = new Log([{ kind: "message", by: 0 }]);
  const [change] = log.changes;
  if (change?.event !== "ReceiveMessage" || change.payload.clientMessageId === undefined) throw new Error("no message");
  const { clientMessageId } = change.payload;
  const other = newClientMessageId();
  const waiting = (id: typeof other) => ({ clientMessageId: id, text: "1", createdAt, status: "sending" as const });
  const state: ConversationState = {
    ...freshConversation(log.at(0).conversation),
    pending: [waiting(clientMessageId), waiting(other)],
  };
  const after = applyChange(state, change, own, blocks);
  expect(after.pending).toEqual([waiting(other)]);
  expect(after.messages).toEqual([change.payload]);
});
