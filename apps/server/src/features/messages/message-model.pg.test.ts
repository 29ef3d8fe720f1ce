import { afterAll, beforeAll, expect, test } from "bun:test";
import { addHistory, applyChange, type ConversationState, freshConversation, pinsIn } from "@hubbub/client";
import {
  type Change,
  type ConversationId,
  change as changeSchema,
  type Mention,
  type MessageId,
  newClientMessageId,
  newMessageId,
  type OperationRow,
  operations,
  type SystemEvent,
  type UserId,
} from "@hubbub/contract";
import fc from "fast-check";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPicture } from "../../testing/media.ts";
import { testSeed } from "../../testing/seeded-random.ts";
import { TemporaryBlobs } from "../../testing/temporary-blobs.ts";
import { addPeople, must, type Push, TestNode } from "../../testing/test-node.ts";
import { MediaModel, readMedia, type Upload } from "./testing/media-model.ts";
import { type ChangeKind, expectedOf, MessageModel, type ModelMessage, viewed } from "./testing/message-model.ts";
import { emoji, type Step, step } from "./testing/message-steps.ts";

// Several people do anything to messages, one after another, against a model of what must come of it. Mistakes that it
// catches are listed in docs/mutations.md.

let store: TestDatabase;
let node: TestNode;
let people: readonly UserId[];
/** A channel where its owner and its admin alone may write, the first two of the people; the third is a member. */
let annex: ConversationId;
let annexSeq: number;
const blobs = new TemporaryBlobs();
const blocksOf = new Map<UserId, ReadonlySet<UserId>>();
const hidesReceipts = new Set<UserId>();
const seed = testSeed();

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url, { blobs });
  people = await addPeople(store.database.reads.kysely, 8);
  const [owner = fail("nobody"), member = fail("nobody"), blocker = fail("nobody"), blocked = fail("nobody")] = people;
  must(await node.call(operations.blockUser, blocker, { userId: blocked }));
  blocksOf.set(blocker, new Set([blocked]));
  must(await node.call(operations.updateOwnSettings, blocked, { privacy: { seeReceipts: "nobody" } }));
  hidesReceipts.add(blocked);
  const channel = { type: "channel", title: "Annex", memberIds: [member, blocker] };
  annex = must(await node.call(operations.createConversation, owner, channel)).conversation.id;
  must(await node.call(operations.changeMemberRole, owner, { conversationId: annex, userId: member, role: "admin" }));
  const closed = { conversationId: annex, posting: "admins" };
  annexSeq = must(await node.call(operations.updateConversation, owner, closed)).conversation.seq;
});

afterAll(async () => {
  await node.close();
  await store.drop();
  blobs.drop();
});

/** One conversation: what it must be, and what those in it know. */
class Run {
  readonly id: ConversationId;
  readonly #model: MessageModel;
  readonly #media: MediaModel;
  readonly #clients = new Map<UserId, ConversationState>();
  readonly #ownerStates: ConversationState[] = [];
  #heard: number;
  #steps = 0;

  private constructor(id: ConversationId, sinceJoined: boolean) {
    this.id = id;
    this.#model = new MessageModel(sinceJoined, { blocksOf, hidesReceipts });
    this.#media = new MediaModel(this.#model);
    this.#heard = node.broadcaster.pushes.length;
  }

  /** The first person is its owner, the second an admin, a third of the others are members. */
  static async begin(sinceJoined: boolean): Promise<Run> {
    const [owner = fail("nobody"), admin = fail("nobody"), ...others] = people;
    const members = others.slice(0, 2);
    const { conversation } = must(
      await node.call(operations.createConversation, owner, {
        ...{ type: "group", title: "A group", memberIds: [admin, ...members] },
        historyVisibility: sinceJoined ? "sinceJoined" : "all",
      }),
    );
    await store.database.writer.kysely
      .updateTable("conversation_members")
      .set({ role: "admin" })
      .where("conversation_id", "=", conversation.id)
      .where("user_id", "=", admin)
      .execute();
    const run = new Run(conversation.id, sinceJoined);
    run.#model.enter(owner, "owner");
    run.#model.enter(admin, "admin");
    for (const member of members) run.#model.enter(member);
    await run.#systemSays(owner, { type: "created" });
    for (const person of run.#model.members.keys()) run.#clients.set(person, await run.#read(person));
    return run;
  }

  async take(step: Step): Promise<void> {
    this.#steps++;
    // replies often come from who came last, and does not see everything
    const isLast = (step.kind === "reply" || step.kind === "thread") && step.emoji === 2;
    const actor = (isLast ? this.#model.newcomer : people[step.actor % people.length]) ?? fail("nobody");
    const before = this.#model.pts;
    const changed = await this.#act(step, actor);
    await endOfTurn(); // a batch is pushed after its answers
    const heard = node.broadcaster.pushes.slice(this.#heard).filter(({ to }) => to === this.id);
    const pushes = heard.filter(({ event }) => event !== "MessageStatusUpdated");
    this.#heard = node.broadcaster.pushes.length;
    const wanted = Array.from({ length: this.#model.pts - before }, (_, n) => before + 1 + n);
    expect(pushes.map(({ payload }) => Object(payload).pts)).toEqual(wanted);
    for (const [index, push] of pushes.entries()) {
      const seq = changed[index] ?? Number.POSITIVE_INFINITY;
      expect(push.event === "ConversationChanged").toBe(this.#model.isHiddenFromSome(seq));
      this.#hear(push, step.hears);
    }
    const owner = this.#clients.get(people[0] ?? actor);
    if (owner !== undefined) this.#ownerStates.push(owner);
  }

  /** @returns the seqs of the messages that were there before and are changed, a change each */
  async #act(step: Step, actor: UserId): Promise<readonly number[]> {
    switch (step.kind) {
      case "send":
      case "reply":
      case "thread":
        await this.#send(step, actor);
        return [];
      case "forward":
        await this.#forward(step, actor);
        return [];
      case "edit":
      case "delete":
      case "react":
      case "unreact":
      case "pin":
      case "unpin":
        return this.#change(step.kind, step, actor);
      case "add":
      case "remove":
        await this.#changeMembership(step.kind, people[step.target % people.length] ?? actor);
        return [];
      case "rename":
        await this.#rename(people[0] ?? actor, `Title ${this.#steps}`);
        return [];
      case "trim":
        await this.#trim(this.#model.messages.length - 3 * (1 + step.target));
        return [];
      case "read":
      case "choose":
        await this.#mindOwn(step.kind, step, actor);
        return [];
    }
  }

  async #rename(owner: UserId, title: string): Promise<void> {
    must(await node.call(operations.updateConversation, owner, { conversationId: this.id, title }));
    this.#model.pts++;
    await this.#systemSays(owner, { type: "renamed", title });
  }

  /** All messages up to there were sent long ago, when a server does what it does once a day. */
  async #trim(upToSeq: number): Promise<void> {
    await store.database.writer.kysely
      .updateTable("messages")
      .set({ created_at: new Date("2001-01-01") })
      .where("conversation_id", "=", this.id)
      .where("seq", "<=", upToSeq)
      .execute();
    await node.trimHistory();
    if (this.#model.trim(upToSeq)) trimsSeen++;
  }

  /** After a change, in the same breath. */
  async #systemSays(senderId: UserId, system: SystemEvent): Promise<void> {
    const reader = people[0] ?? senderId;
    const query = { conversationId: this.id, afterSeq: this.#model.messages.length, limit: 1 };
    const said = must(await node.call(operations.listMessages, reader, query)).items[0] ?? fail("nothing is said");
    const { id, createdAt } = said;
    const message = this.#model.add({ id, createdAt, senderId, kind: "system", system });
    expect(viewed(said)).toEqual(expectedOf(message));
  }

  async #send(step: Step, actor: UserId): Promise<void> {
    const { kind } = step;
    const target = kind === "send" ? undefined : this.#targetOf(step);
    const targetId = target?.id ?? newMessageId(this.id);
    const media = await this.#mediaOf(step, actor);
    const text = step.silent && media !== undefined ? undefined : `text ${this.#steps}`;
    const result = await node.call(operations.sendMessage, actor, {
      ...{ conversationId: this.id, clientMessageId: newClientMessageId(), ...wantedOf(step) },
      ...{ ...(text !== undefined && { text }), ...(media && { mediaIds: media.map(({ picture }) => picture.id) }) },
      ...(kind === "reply" && { replyToId: targetId }),
      ...(kind === "thread" && { threadRootId: targetId }),
    });
    // a reply is no root
    const isTargetFit = this.#model.sees(actor, target) && (kind === "reply" || target.threadRoot === undefined);
    const areUsable = media?.every((upload) => this.#media.mayUse(actor, upload)) !== false;
    const expected = (kind === "send" || isTargetFit) && areUsable ? "ok" : "VALIDATION_FAILED";
    expect(codeOf(result)).toBe(this.#model.members.has(actor) ? expected : "NOT_FOUND");
    if (!result.ok) return;
    const { id, createdAt } = result.value.message;
    const message = this.#model.add({
      ...{ id, createdAt, senderId: actor, text, mentions: this.#model.called(wantedOf(step).mentions ?? []) },
      ...{ kind: media === undefined ? "text" : "image", media: media?.map(({ picture }) => picture) },
      replyTo: kind === "reply" && target ? { id: target.id, seq: target.seq, senderId: target.senderId } : undefined,
      threadRoot: kind === "thread" ? target : undefined,
    });
    expect(viewed(result.value.message)).toEqual(expectedOf(message));
    for (const upload of media ?? []) upload.wasAttached = true;
  }

  /** Of what the actor uploaded, and now and then of what somebody did; where there is less, there is one more. */
  async #mediaOf({ media }: Step, actor: UserId): Promise<readonly Upload[] | undefined> {
    if (media === undefined) return undefined;
    const { uploads } = this.#media;
    if (this.#media.ownedBy(actor).length <= Math.max(...media)) {
      const fileName = `picture ${uploads.length}.png`;
      const picture = await addPicture(store.database.writer.kysely, actor, this.id, { fileName });
      uploads.push({ owner: actor, picture, wasAttached: false, readersElsewhere: [] });
    }
    const own = this.#media.ownedBy(actor);
    const used = media.map((index) => own.at(-1 - index) ?? uploads.at(-1 - index) ?? uploads.at(-1));
    return [...new Set(used.flatMap((upload) => upload ?? []))];
  }

  /** Within the group, or into the annex as well. */
  async #forward(step: Step, actor: UserId): Promise<void> {
    const source = this.#targetOf(step);
    const result = await node.call(operations.forwardMessage, actor, {
      messageId: source?.id ?? newMessageId(this.id),
      conversationIds: step.same ? [this.id] : [this.id, annex],
    });
    const allowed = this.#model.mayForward(source, actor);
    const code = allowed === "ok" && !step.same ? mayWriteInAnnex(actor) : allowed;
    expect({ kind: step.kind, code: codeOf(result) }).toEqual({ kind: step.kind, code });
    if (!result.ok || source === undefined) return;
    const [copy = fail("nothing is forwarded"), there] = result.value.items;
    const { text, kind, media } = source;
    const forwardedFrom = source.forwardedFrom ?? { senderId: source.senderId, createdAt: source.createdAt };
    const { id, createdAt } = copy;
    const message = this.#model.add({ id, createdAt, senderId: actor, kind, text, media, forwardedFrom });
    expect(viewed(copy)).toEqual(expectedOf(message));
    if (step.same) return;
    expect(there).toMatchObject({ conversationId: annex, forwardedFrom, seq: ++annexSeq });
    for (const upload of this.#media.uploads)
      if (media?.some(({ id }) => id === upload.picture.id)) upload.readersElsewhere = people.slice(0, 3);
  }

  /** What is a person's own: how far they got, and what they chose. The owner, whose every state is kept, does neither. */
  async #mindOwn(kind: "read" | "choose", step: Step, actor: UserId): Promise<void> {
    if (actor === people[0]) return;
    const member = this.#model.members.get(actor);
    const conversationId = this.id;
    const seq = Math.max(0, this.#model.messages.length - step.target);
    const draft = `draft ${this.#steps}`;
    const mark = step.same ? operations.markMessageAsDelivered : operations.markMessageAsRead;
    const result =
      kind === "read"
        ? await node.call<unknown>(mark, actor, { conversationId, seq })
        : await node.call<unknown>(operations.updateConversationSettings, actor, { conversationId, draft });
    expect({ kind, code: codeOf(result) }).toEqual({ kind, code: member === undefined ? "NOT_FOUND" : "ok" });
    if (member === undefined) return;
    if (kind === "choose") member.draft = draft;
    else this.#model.mark(actor, step.same ? 0 : seq, seq);
    this.#clients.set(actor, await this.#read(actor)); // their inbox, which would tell, is not read here
  }

  async #change(kind: ChangeKind, step: Step, anybody: UserId): Promise<readonly number[]> {
    const message = this.#targetOf(step);
    const actor = kind === "edit" && step.emoji === 2 ? (message?.senderId ?? anybody) : anybody;
    const messageId = message?.id ?? newMessageId(this.id);
    const words = step.same && message?.text !== undefined ? message.text : `edited ${this.#steps}`;
    const text = step.silent ? "" : words;
    const symbol = emoji[step.emoji] ?? "👍";
    const call = {
      edit: () => node.call(operations.editMessage, actor, { messageId, text, ...wantedOf(step) }),
      delete: () => node.call(operations.deleteMessage, actor, { messageId }),
      react: () => node.call(operations.react, actor, { messageId, emoji: symbol }),
      unreact: () => node.call(operations.unreact, actor, { messageId, emoji: symbol }),
      pin: () => node.call(operations.pinMessage, actor, { messageId }),
      unpin: () => node.call(operations.unpinMessage, actor, { messageId }),
    };
    const result = await call[kind]();
    expect({ kind, code: codeOf(result) }).toEqual({ kind, code: this.#model.mayChange(kind, message, actor, text) });
    if (!result.ok || message === undefined) return [];
    const mentions = step.calls === undefined ? message.mentions : this.#model.called(wantedOf(step).mentions ?? []);
    const { pinnedAt } = result.value.message;
    const changed = this.#model.change(kind, message, actor, { text, mentions, symbol, pinnedAt });
    expect(viewed(result.value.message)).toEqual(expectedOf(message));
    if (kind === "pin" && changed.length > 0)
      await this.#systemSays(actor, { type: "messagePinned", messageId, seq: message.seq });
    return changed;
  }

  /** One that may not be there; or, more often, one of those that the deed is meant for. */
  #targetOf({ kind, target, emoji }: Step): ModelMessage | undefined {
    const fit = this.#model.fitFor(kind);
    return emoji > 0 ? fit.at(-1 - (target % fit.length)) : this.#model.messages.at(-1 - target);
  }

  /** By the owner, who stays. */
  async #changeMembership(kind: "add" | "remove", person: UserId): Promise<void> {
    const owner = people[0] ?? person;
    const isMember = this.#model.members.has(person);
    if (person === owner || isMember === (kind === "add")) return;
    this.#model.pts++;
    if (kind === "remove") {
      must(await node.call(operations.removeMember, owner, { conversationId: this.id, userId: person }));
      this.#model.members.delete(person);
      this.#clients.delete(person);
      await this.#systemSays(owner, { type: "memberRemoved", userId: person });
      return;
    }
    must(await node.call(operations.addMembers, owner, { conversationId: this.id, userIds: [person] }));
    this.#model.enter(person);
    await this.#systemSays(owner, { type: "memberAdded", userId: person });
    this.#clients.set(person, await this.#read(person));
  }

  /** Everybody's client but those who lose it. The owner loses nothing but what is only told to have changed. */
  #hear({ event, payload }: Push, hears: readonly boolean[]): void {
    if (event === "ConversationChanged") return;
    const pushed = { event, payload, pts: Object(payload).pts, createdAt: new Date().toISOString() };
    const change = changeSchema.parse(pushed);
    people.forEach((person, index) => {
      const state = this.#clients.get(person);
      if (state !== undefined && (index === 0 || hears[index] === true))
        this.#clients.set(person, applyChange(state, change, person, blocksOf.get(person)));
    });
  }

  /** As a client reads it that knows nothing. */
  async #read(person: UserId): Promise<ConversationState> {
    const conversationId = this.id;
    const { conversation } = must(await node.call(operations.getConversation, person, { conversationId }));
    const { items } = must(
      await node.call(operations.listMessages, person, { conversationId, limit: 200, threads: "include" }),
    );
    const pins = must(await node.call(operations.listPins, person, { conversationId })).items;
    const state = addHistory(freshConversation(conversation), { items, isOldest: true });
    return { ...state, pins: new Set(pins.map(({ id }) => id)) };
  }

  async #changesFor(person: UserId, afterPts: number): Promise<Change[]> {
    const conversationId = this.id;
    const page = await node.call(operations.listChanges, person, { conversationId, afterPts, limit: 200 });
    return must(page).items;
  }

  /** What everybody reads is what the model holds, and what everybody knew before, and the changes since, is that. */
  async judge(): Promise<void> {
    for (const person of people) {
      await this.#judgeMessages(person);
      const state = this.#clients.get(person);
      if (state === undefined) await this.#judgeStranger(person);
      else await this.#judgeMember(person, state);
    }
    await this.#judgeEveryPts(people[0] ?? fail("nobody"));
    await this.#judgeMedia();
  }

  async #judgeMember(person: UserId, state: ConversationState): Promise<void> {
    const model = this.#model;
    const fresh = await this.#read(person);
    expect(fresh.conversation).toMatchObject({ pts: model.pts, seq: model.messages.length });
    expect(fresh.messages.map(viewed)).toEqual(model.seenBy(person).map(expectedOf));
    const { pts, me } = state.conversation;
    expect(await this.#resetOf(person, pts)).toBe(pts < model.forgottenPts ? "tooFar" : undefined);
    if (pts < model.forgottenPts) return;
    const changes = await this.#changesFor(person, pts);
    expect(changes.map((change) => change.pts)).toEqual(Array.from({ length: model.pts - pts }, (_, n) => pts + 1 + n));
    for (const change of changes)
      if ("payload" in change && "seq" in change.payload)
        expect(change.payload.seq).toBeGreaterThanOrEqual(me.visibleFromSeq);
    const after = changes.reduce((now, change) => applyChange(now, change, person, blocksOf.get(person)), state);
    // who does not hold what a change is about asks the server how many are unread
    if (after.isUnreadKnown) expect(after.conversation).toEqual(fresh.conversation);
    expect(after.messages).toEqual(fresh.messages);
    expect(pinsIn(after)?.map(viewed)).toEqual(model.pinsSeenBy(person).map(expectedOf));
    this.#judgeCounts(person, fresh);
    await this.#judgeLists(person);
    await this.#judgeThreads(person);
  }

  /** Nothing of it is theirs to read, to mark, or to set [L13]. */
  async #judgeStranger(person: UserId): Promise<void> {
    const { listChanges, listMembers, listMessages, listPins, listReceipts, searchMessages } = operations;
    const conversationId = this.id;
    const rows: readonly OperationRow<unknown, unknown>[] = [
      ...[operations.getConversation, listChanges, listMembers, listMessages, listPins, listReceipts],
    ];
    const codes: string[] = [];
    for (const row of rows) codes.push(codeOf(await node.call(row, person, { conversationId })));
    expect(codes).toEqual(rows.map(() => "NOT_FOUND"));
    expect(must(await node.call(searchMessages, person, { conversationId, q: "text" })).items).toEqual([]);
    const { epoch } = must(await node.call(operations.sync, person, {}));
    const synced = must(await node.call(operations.sync, person, { epoch, conversations: { [conversationId]: 1 } }));
    expect(synced.conversations).toEqual([]);
    const listed = must(await node.call(operations.listConversations, person, { limit: 200 })).items;
    expect(listed.map(({ id }) => id)).not.toContain(conversationId);
  }

  async #resetOf(person: UserId, pts: number): Promise<string | undefined> {
    const { epoch } = must(await node.call(operations.sync, person, {}));
    const synced = must(await node.call(operations.sync, person, { epoch, conversations: { [this.id]: pts } }));
    return synced.conversations[0]?.reset;
  }

  #judgeCounts(person: UserId, { conversation }: ConversationState): void {
    const { me, lastMessage } = conversation;
    const { visibleFromSeq, readSeq, deliveredSeq, draft } = this.#model.members.get(person) ?? fail("no member");
    expect(me).toMatchObject({ visibleFromSeq, readSeq, deliveredSeq });
    expect(me.settings.draft).toBe(draft);
    const seen = this.#model.seenBy(person);
    const theirs = seen.filter(({ seq, senderId }) => seq > readSeq && senderId !== person);
    expect(me.unread).toBe(
      theirs.filter(({ deleted, kind, threadRoot }) => !deleted && kind !== "system" && threadRoot === undefined)
        .length,
    );
    const calling = theirs.filter(
      ({ senderId, mentions = [] }) =>
        !blocksOf.get(person)?.has(senderId) && (mentions.includes(person) || mentions.includes("everyone")),
    );
    expect(me.unreadMentions).toBe(calling.length);
    mentionsSeen += calling.length;
    expect(lastMessage?.id).toBe(seen.findLast(({ threadRoot }) => threadRoot === undefined)?.id);
  }

  /** Pins, members with the marks they show, and what is found of what was said. */
  async #judgeLists(person: UserId): Promise<void> {
    const conversationId = this.id;
    const pins = must(await node.call(operations.listPins, person, { conversationId })).items;
    expect(pins.map(viewed)).toEqual(this.#model.pinsSeenBy(person).map(expectedOf));
    pinsSeen += pins.length;
    const members = must(await node.call(operations.listMembers, person, { conversationId, limit: 200 })).items;
    const shown = members.map(({ userId, role, readSeq, deliveredSeq }) => ({ userId, role, readSeq, deliveredSeq }));
    const marksOf = (userId: UserId, { readSeq, deliveredSeq }: { readSeq: number; deliveredSeq: number }) =>
      this.#model.showsMarks(userId, person) ? { readSeq, deliveredSeq } : {};
    const expected = [...this.#model.members].map(([userId, member]) => {
      return { userId, role: member.role, readSeq: undefined, deliveredSeq: undefined, ...marksOf(userId, member) };
    });
    expect(shown).toEqual(expected.sort((a, b) => (a.userId < b.userId ? -1 : 1)));
    const found = must(await node.call(operations.searchMessages, person, { conversationId, q: "text", limit: 200 }));
    const texts = this.#model.seenBy(person).filter(({ text }) => text?.startsWith("text"));
    expect(found.items.map(({ message }) => message.seq)).toEqual(texts.map(({ seq }) => seq).reverse());
  }

  /** Media are as many messages refer to them, seen by who sees one of those; what none does has lost its name. */
  async #judgeMedia(): Promise<void> {
    expect(await readMedia(store.database.reads.kysely, this.id)).toEqual(this.#media.rows());
    releasedSeen += this.#media.uploads.filter((upload) => this.#media.stateOf(upload) === "deleting").length;
    for (const upload of this.#media.uploads.slice(-3))
      for (const person of people) {
        const code = codeOf(await node.call(operations.getMedia, person, { mediaId: upload.picture.id }));
        expect(code).toBe(this.#media.isSeenBy(person, upload) ? "ok" : "NOT_FOUND");
      }
  }

  /** The main history has no replies, and a thread has its own. */
  async #judgeThreads(person: UserId): Promise<void> {
    const list = async (query: { threadRootId?: MessageId }): Promise<ReturnType<typeof viewed>[] | string> => {
      const whole = { conversationId: this.id, limit: 200, ...query };
      const page = await node.call(operations.listMessages, person, whole);
      return page.ok ? page.value.items.map(viewed) : page.failure.code;
    };
    const { messages } = this.#model;
    const seen = this.#model.seenBy(person);
    expect(await list({})).toEqual(seen.filter(({ threadRoot }) => threadRoot === undefined).map(expectedOf));
    const roots = messages.filter(({ thread }) => thread !== undefined);
    for (const root of roots.slice(-2)) {
      const replies = seen.filter(({ threadRoot }) => threadRoot === root);
      expect(await list({ threadRootId: root.id })).toEqual(
        this.#model.sees(person, root) ? replies.map(expectedOf) : "NOT_FOUND",
      );
      threadsSeen++;
    }
  }

  async #judgeEveryPts(owner: UserId): Promise<void> {
    const fresh = await this.#read(owner);
    const all = await this.#changesFor(owner, 0);
    expect(all).toHaveLength(this.#model.pts);
    for (const state of this.#ownerStates) {
      if (state.conversation.pts < this.#model.forgottenPts) continue;
      const after = all.slice(state.conversation.pts).reduce((now, change) => applyChange(now, change, owner), state);
      expect(after.isUnreadKnown).toBe(true);
      expect(after.conversation).toEqual(fresh.conversation);
      expect(after.messages).toEqual(fresh.messages);
      expect(pinsIn(after)).toEqual(pinsIn(fresh));
    }
  }

  /** By their ids, for members and strangers alike. */
  async #judgeMessages(person: UserId): Promise<void> {
    for (const message of this.#model.messages.slice(-6)) {
      const messageId = message.id;
      const read = await node.call(operations.getMessage, person, { messageId });
      const edits = await node.call(operations.listMessageEdits, person, { messageId });
      const receipts = await node.call(operations.listMessageReceipts, person, { messageId, limit: 200 });
      const expected = this.#model.sees(person, message) ? "ok" : "NOT_FOUND";
      const reactions = await node.call(operations.listReactions, person, { messageId, limit: 200 });
      expect([read, edits, receipts, reactions].map(codeOf)).toEqual([expected, expected, expected, expected]);
      if (read.ok) expect(viewed(read.value.message)).toEqual(expectedOf(message));
      if (edits.ok) expect(edits.value.items.map(({ text }) => text)).toEqual(message.edits);
      if (receipts.ok) expect(receipts.value.items).toEqual(this.#model.receiptsOf(message, person));
      if (reactions.ok) expect(reactions.value.items).toHaveLength([...message.reactions.values()].flat().length);
    }
  }
}

function mayWriteInAnnex(person: UserId): string {
  const index = people.indexOf(person);
  if (index > 2) return "NOT_FOUND";
  return index < 2 ? "ok" : "FORBIDDEN";
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function fail(why: string): never {
  throw new Error(why);
}

const wantedOf = ({ calls }: Step): { mentions?: Mention[] } =>
  calls === undefined ? {} : { mentions: calls.map((index) => people[index] ?? "everyone") };

const codeOf = (result: Awaited<ReturnType<TestNode["call"]>>): string => (result.ok ? "ok" : result.failure.code);

let mentionsSeen = 0;
let pinsSeen = 0;
let threadsSeen = 0;
let trimsSeen = 0;
let releasedSeen = 0;

test("[L1] [L10] [L11] [L12] [L14] [L15] [L18] [L23] [M4] [M5] [M6] whatever people do to messages is as the model says, and state + changes = fresh state", async () => {
  let operationsDone = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 60 }),
      fc.constantFrom(true, true, false),
      async (steps, sinceJoined) => {
        const run = await Run.begin(sinceJoined);
        for (const step of steps) await run.take(step);
        await run.judge();
        operationsDone += steps.length;
      },
    ),
    { seed, numRuns: 100, endOnFailure: true },
  );
  expect(operationsDone).toBeGreaterThan(2_400);
  expect(mentionsSeen).toBeGreaterThan(30);
  expect(pinsSeen).toBeGreaterThan(10);
  expect(annexSeq).toBeGreaterThan(5);
  expect(threadsSeen).toBeGreaterThan(40);
  expect(trimsSeen).toBeGreaterThan(1);
  expect(releasedSeen).toBeGreaterThan(0);
  expect(node.errors).toEqual([]);
}, 240_000);
