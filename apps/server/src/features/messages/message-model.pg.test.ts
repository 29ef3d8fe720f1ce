import { afterAll, beforeAll, expect, test } from "bun:test";
import { addHistory, applyChange, type ConversationState, freshConversation } from "@hubbub/client";
import {
  type Attachment,
  type Change,
  type ConversationId,
  change as changeSchema,
  type MediaId,
  type MediaState,
  type Mention,
  type MessageId,
  newClientMessageId,
  newMessageId,
  operations,
  type SystemEvent,
  type UserId,
} from "@hubbub/contract";
import fc from "fast-check";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPicture } from "../../testing/media.ts";
import { testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, type Push, TestNode } from "../../testing/test-node.ts";
import {
  emoji,
  expectedOf,
  type ModelMember,
  type ModelMessage,
  nothingElse,
  type Step,
  step,
  threadOf,
  viewed,
} from "./testing/message-model.ts";

// Several people do anything to messages, one after another, against a model of what must come of it.

let store: TestDatabase;
let node: TestNode;
let people: readonly UserId[];
const blocksOf = new Map<UserId, ReadonlySet<UserId>>();
const seed = testSeed();

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url);
  people = await addPeople(store.database.reads.kysely, 8);
  const [blocker = fail("nobody"), blocked = fail("nobody")] = people.slice(2);
  must(await node.call(operations.blockUser, blocker, { userId: blocked }));
  blocksOf.set(blocker, new Set([blocked]));
});

afterAll(async () => {
  await node.close();
  await store.drop();
});

interface Upload {
  readonly owner: UserId;
  readonly picture: Attachment;
  wasAttached: boolean;
}

/** One conversation: what it must be, and what those in it know. */
class Run {
  readonly id: ConversationId;
  readonly #sinceJoined: boolean;
  readonly #members = new Map<UserId, ModelMember>();
  readonly #messages: ModelMessage[] = [];
  readonly #uploads: Upload[] = [];
  readonly #clients = new Map<UserId, ConversationState>();
  readonly #ownerStates: ConversationState[] = [];
  #pts = 0;
  /** What retention left begins there [L12]. */
  #beforeSeq = 1;
  /** The latest change to what it took. */
  #forgottenPts = 0;
  #heard: number;
  #steps = 0;

  private constructor(id: ConversationId, sinceJoined: boolean) {
    this.id = id;
    this.#sinceJoined = sinceJoined;
    this.#heard = node.broadcaster.pushes.length;
  }

  /** The first person is its owner, the second an admin, half of the others are members. */
  static async begin(sinceJoined: boolean): Promise<Run> {
    const [owner = fail("nobody"), admin = fail("nobody"), ...others] = people;
    const members = others.slice(0, 3);
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
    run.#members.set(owner, { role: "owner", visibleFromSeq: 1 });
    run.#members.set(admin, { role: "admin", visibleFromSeq: 1 });
    for (const member of members) run.#members.set(member, { role: "member", visibleFromSeq: 1 });
    await run.#systemSays(owner, { type: "created" });
    for (const person of run.#members.keys()) run.#clients.set(person, await run.#read(person));
    return run;
  }

  async take(step: Step): Promise<void> {
    this.#steps++;
    const actor = people[step.actor] ?? fail("nobody");
    const before = this.#pts;
    const changed = await this.#act(step, actor);
    await endOfTurn(); // a batch is pushed after its answers
    const pushes = node.broadcaster.pushes.slice(this.#heard).filter(({ to }) => to === this.id);
    this.#heard = node.broadcaster.pushes.length;
    const wanted = Array.from({ length: this.#pts - before }, (_, n) => before + 1 + n);
    expect(pushes.map(({ payload }) => Object(payload).pts)).toEqual(wanted);
    for (const [index, push] of pushes.entries()) {
      const seq = changed[index] ?? Number.POSITIVE_INFINITY;
      const isHidden = [...this.#members.values()].some(({ visibleFromSeq }) => visibleFromSeq > seq);
      expect(push.event === "ConversationChanged").toBe(isHidden);
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
      case "edit":
      case "delete":
      case "react":
      case "unreact":
        return this.#change(step.kind, step, actor);
      case "add":
      case "remove":
        await this.#changeMembership(step.kind, people[step.target % people.length] ?? actor);
        return [];
      case "rename":
        await this.#rename(people[0] ?? actor, `Title ${this.#steps}`);
        return [];
      case "trim":
        await this.#trim(this.#messages.length - 3 * step.target);
        return [];
    }
  }

  async #rename(owner: UserId, title: string): Promise<void> {
    must(await node.call(operations.updateConversation, owner, { conversationId: this.id, title }));
    this.#pts++;
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
    const gone = this.#messages.filter(({ seq }) => seq >= this.#beforeSeq && seq <= upToSeq);
    if (gone.length === 0) return;
    this.#pts++;
    this.#beforeSeq = upToSeq + 1;
    this.#forgottenPts = Math.max(this.#forgottenPts, ...gone.map(({ pts }) => pts));
    trimsSeen++;
  }

  /** After a change, in the same breath. */
  async #systemSays(owner: UserId, system: SystemEvent): Promise<void> {
    const seq = this.#messages.length + 1;
    const query = { conversationId: this.id, afterSeq: seq - 1, limit: 1 };
    const said = must(await node.call(operations.listMessages, owner, query)).items[0] ?? fail("nothing is said");
    const rest = { ...nothingElse(), text: undefined };
    this.#messages.push({ id: said.id, seq, pts: ++this.#pts, senderId: owner, kind: "system", system, ...rest });
    expect(viewed(said)).toEqual(expectedOf(this.#messages.at(-1) ?? fail("nothing is said")));
  }

  async #send(step: Step, actor: UserId): Promise<void> {
    const { kind } = step;
    const target = kind === "send" ? undefined : this.#messages.at(-1 - step.target);
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
    const isTargetFit = this.#sees(actor, target) && (kind === "reply" || target.threadRoot === undefined);
    const isFit = (kind === "send" || isTargetFit) && media?.every((upload) => this.#mayUse(actor, upload)) !== false;
    const expected = isFit ? "ok" : "VALIDATION_FAILED";
    expect(codeOf(result)).toBe(this.#members.has(actor) ? expected : "NOT_FOUND");
    if (!result.ok) return;
    const { id, seq, pts } = result.value.message;
    expect({ seq, pts }).toEqual({ seq: this.#messages.length + 1, pts: ++this.#pts });
    const root = kind === "thread" ? target : undefined;
    const replyTo = kind === "reply" && target && { id: target.id, seq: target.seq, senderId: target.senderId };
    this.#messages.push({
      ...{ ...nothingElse(), id, seq, pts, senderId: actor, system: undefined, text },
      ...{ kind: media === undefined ? "text" : "image", media: media?.map(({ picture }) => picture) },
      ...{ replyTo: replyTo || undefined, threadRoot: root, mentions: this.#called(step.calls) },
    });
    expect(viewed(result.value.message)).toEqual(expectedOf(this.#messages.at(-1) ?? fail("nothing is sent")));
    if (root !== undefined) Object.assign(root, { pts, thread: threadOf(root, this.#messages) });
    for (const upload of media ?? []) upload.wasAttached = true;
  }

  /** Of what the actor uploaded, and now and then of what somebody did; where there is less, there is one more. */
  async #mediaOf({ media }: Step, actor: UserId): Promise<readonly Upload[] | undefined> {
    if (media === undefined) return undefined;
    const isShort = this.#uploads.filter(({ owner }) => owner === actor).length <= Math.max(...media);
    if (isShort) {
      const fileName = `picture ${this.#uploads.length}.png`;
      const picture = await addPicture(store.database.writer.kysely, actor, this.id, { fileName });
      this.#uploads.push({ owner: actor, picture, wasAttached: false });
    }
    const own = this.#uploads.filter(({ owner }) => owner === actor);
    const used = media.map((index) => own.at(-1 - index) ?? this.#uploads.at(-1 - index) ?? this.#uploads.at(-1));
    return [...new Set(used.flatMap((upload) => upload ?? []))];
  }

  #mayUse(actor: UserId, upload: Upload): boolean {
    return upload.owner === actor && this.#stateOf(upload) !== "deleting";
  }

  /** [M6] */
  #stateOf({ picture, wasAttached }: Upload): MediaState {
    const isReferredTo = this.#messages.some(
      ({ seq, media }) => seq >= this.#beforeSeq && media?.some(({ id }) => id === picture.id),
    );
    if (isReferredTo) return "attached";
    return wasAttached ? "deleting" : "active";
  }

  /** Media are as many messages refer to them, and what none does has lost its name. */
  async #judgeMedia(): Promise<void> {
    const { rows } = await sql<{ id: MediaId; state: MediaState; file_name: string; seqs: number[] }>`
      select m.id, m.state, m.file_name,
             array(select r.seq from message_media r where r.media_id = m.id order by r.seq) as seqs
      from media m where m.conversation_id = ${this.id}`.execute(store.database.reads.kysely);
    const stored = new Map(rows.map(({ id, ...row }) => [id, row]));
    for (const upload of this.#uploads) {
      const { id, fileName } = upload.picture;
      const state = this.#stateOf(upload);
      const referring = this.#messages.filter(
        ({ seq, media }) => seq >= this.#beforeSeq && media?.some((each) => each.id === id),
      );
      const file_name = state === "deleting" ? "" : fileName;
      expect(stored.get(id)).toEqual({ state, file_name, seqs: referring.map(({ seq }) => seq) });
      releasedSeen += state === "deleting" ? 1 : 0;
    }
    expect(rows).toHaveLength(this.#uploads.length);
  }

  #sees(person: UserId, message: ModelMessage | undefined): message is ModelMessage {
    const from = this.#members.get(person)?.visibleFromSeq ?? Number.POSITIVE_INFINITY;
    return message !== undefined && message.seq >= Math.max(from, this.#beforeSeq);
  }

  /** The people who are members, in the order given, each once. */
  #called(calls: Step["calls"]): Mention[] | undefined {
    const wanted = new Set(calls?.map((index) => people[index] ?? "everyone"));
    const called = [...wanted].filter((who) => who === "everyone" || this.#members.has(who));
    return called.length > 0 ? called : undefined;
  }

  async #change(kind: "edit" | "delete" | "react" | "unreact", step: Step, actor: UserId): Promise<readonly number[]> {
    const message = this.#messages.at(-1 - step.target);
    const messageId = message?.id ?? newMessageId(this.id);
    const words = step.same && message?.text !== undefined ? message.text : `edited ${this.#steps}`;
    const text = step.silent ? "" : words;
    const symbol = emoji[step.emoji] ?? "👍";
    const call = {
      edit: () => node.call(operations.editMessage, actor, { messageId, text, ...wantedOf(step) }),
      delete: () => node.call(operations.deleteMessage, actor, { messageId }),
      react: () => node.call(operations.react, actor, { messageId, emoji: symbol }),
      unreact: () => node.call(operations.unreact, actor, { messageId, emoji: symbol }),
    };
    const result = await call[kind]();
    expect({ kind, code: codeOf(result) }).toEqual({ kind, code: this.#allowed(kind, message, actor, text) });
    const mentions = step.calls === undefined ? message?.mentions : this.#called(step.calls);
    if (!result.ok || message === undefined) return [];
    if (!this.#apply(kind, message, actor, { text, mentions, symbol })) return [];
    message.pts = ++this.#pts;
    expect(viewed(result.value.message)).toEqual(expectedOf(message));
    const root = message.threadRoot;
    if (kind !== "delete" || root === undefined || root.seq < this.#beforeSeq) return [message.seq];
    root.pts = ++this.#pts;
    root.thread = threadOf(root, this.#messages);
    return [message.seq, root.seq];
  }

  #allowed(kind: string, message: ModelMessage | undefined, actor: UserId, text: string): string {
    if (!this.#sees(actor, message)) return "NOT_FOUND";
    const isOwn = message.senderId === actor && message.kind !== "system";
    if (kind === "delete") return isOwn || this.#members.get(actor)?.role !== "member" ? "ok" : "FORBIDDEN";
    if (kind === "edit" && !isOwn) return "FORBIDDEN";
    if (message.deleted) return "CONFLICT";
    return kind === "edit" && text === "" && message.media === undefined ? "VALIDATION_FAILED" : "ok";
  }

  /** @returns whether anything changes */
  #apply(
    kind: string,
    message: ModelMessage,
    actor: UserId,
    { text, mentions, symbol }: { text: string; mentions: readonly Mention[] | undefined; symbol: string },
  ): boolean {
    const { reactions, edits } = message;
    const who = reactions.get(symbol) ?? [];
    if (kind === "edit") {
      const isCalledAsBefore = Bun.deepEquals(mentions, message.mentions);
      const now = text === "" ? undefined : text;
      if (message.text === now && isCalledAsBefore) return false;
      if (message.text !== now) edits.push(message.text ?? "");
      Object.assign(message, { text: now, mentions });
    } else if (kind === "delete") {
      if (message.deleted) return false;
      Object.assign(message, { deleted: true, text: undefined, system: undefined, replyTo: undefined });
      Object.assign(message, { mentions: undefined, media: undefined });
      edits.length = 0;
      reactions.clear();
    } else {
      if (who.includes(actor) === (kind === "react")) return false;
      const now = kind === "react" ? [...who, actor] : who.filter((each) => each !== actor);
      if (now.length > 0) reactions.set(symbol, now);
      else reactions.delete(symbol);
    }
    return true;
  }

  /** By the owner, who stays. */
  async #changeMembership(kind: "add" | "remove", person: UserId): Promise<void> {
    const owner = people[0] ?? person;
    const isMember = this.#members.has(person);
    if (person === owner || isMember === (kind === "add")) return;
    this.#pts++;
    if (kind === "remove") {
      must(await node.call(operations.removeMember, owner, { conversationId: this.id, userId: person }));
      this.#members.delete(person);
      this.#clients.delete(person);
      await this.#systemSays(owner, { type: "memberRemoved", userId: person });
      return;
    }
    must(await node.call(operations.addMembers, owner, { conversationId: this.id, userIds: [person] }));
    const visibleFromSeq = this.#sinceJoined ? this.#messages.length + 1 : 1;
    this.#members.set(person, { role: "member", visibleFromSeq });
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
    return addHistory(freshConversation(conversation), { items, isOldest: true });
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
      if (state === undefined) continue;
      const fresh = await this.#read(person);
      expect(fresh.conversation).toMatchObject({ pts: this.#pts, seq: this.#messages.length });
      expect(fresh.messages.map(viewed)).toEqual(this.#messages.filter((m) => this.#sees(person, m)).map(expectedOf));
      const { pts, me } = state.conversation;
      expect(await this.#resetOf(person, pts)).toBe(pts < this.#forgottenPts ? "tooFar" : undefined);
      if (pts < this.#forgottenPts) continue;
      const changes = await this.#changesFor(person, pts);
      expect(changes.map((change) => change.pts)).toEqual(
        Array.from({ length: this.#pts - pts }, (_, n) => pts + 1 + n),
      );
      for (const change of changes)
        if ("payload" in change && "seq" in change.payload)
          expect(change.payload.seq).toBeGreaterThanOrEqual(me.visibleFromSeq);
      const after = changes.reduce((now, change) => applyChange(now, change, person, blocksOf.get(person)), state);
      // who does not hold what a change is about asks the server how many are unread
      if (after.isUnreadKnown) expect(after.conversation).toEqual(fresh.conversation);
      expect(after.messages).toEqual(fresh.messages);
      expect(me.visibleFromSeq).toBe(this.#members.get(person)?.visibleFromSeq ?? -1);
      this.#judgeCounts(person, fresh);
      await this.#judgeThreads(person);
    }
    await this.#judgeEveryPts(people[0] ?? fail("nobody"));
    await this.#judgeMedia();
  }

  async #resetOf(person: UserId, pts: number): Promise<string | undefined> {
    const { epoch } = must(await node.call(operations.sync, person, {}));
    const synced = must(await node.call(operations.sync, person, { epoch, conversations: { [this.id]: pts } }));
    return synced.conversations[0]?.reset;
  }

  #judgeCounts(person: UserId, { conversation }: ConversationState): void {
    const { me, lastMessage } = conversation;
    const seen = this.#messages.filter((message) => this.#sees(person, message));
    const theirs = seen.filter(({ seq, senderId }) => seq > me.readSeq && senderId !== person);
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

  /** The main history has no replies, and a thread has its own. */
  async #judgeThreads(person: UserId): Promise<void> {
    const list = async (query: { threadRootId?: MessageId }): Promise<ReturnType<typeof viewed>[] | string> => {
      const whole = { conversationId: this.id, limit: 200, ...query };
      const page = await node.call(operations.listMessages, person, whole);
      return page.ok ? page.value.items.map(viewed) : page.failure.code;
    };
    const seen = this.#messages.filter((message) => this.#sees(person, message));
    expect(await list({})).toEqual(seen.filter(({ threadRoot }) => threadRoot === undefined).map(expectedOf));
    const roots = this.#messages.filter(({ thread }) => thread !== undefined);
    for (const root of roots.slice(-2)) {
      const replies = seen.filter(({ threadRoot }) => threadRoot === root);
      expect(await list({ threadRootId: root.id })).toEqual(
        this.#sees(person, root) ? replies.map(expectedOf) : "NOT_FOUND",
      );
      threadsSeen++;
    }
  }

  async #judgeEveryPts(owner: UserId): Promise<void> {
    const fresh = await this.#read(owner);
    const all = await this.#changesFor(owner, 0);
    expect(all).toHaveLength(this.#pts);
    for (const state of this.#ownerStates) {
      if (state.conversation.pts < this.#forgottenPts) continue;
      const after = all.slice(state.conversation.pts).reduce((now, change) => applyChange(now, change, owner), state);
      expect(after.isUnreadKnown).toBe(true);
      expect(after.conversation).toEqual(fresh.conversation);
      expect(after.messages).toEqual(fresh.messages);
    }
  }

  async #judgeMessages(person: UserId): Promise<void> {
    for (const message of this.#messages.slice(-6)) {
      const messageId = message.id;
      const read = await node.call(operations.getMessage, person, { messageId });
      const edits = await node.call(operations.listMessageEdits, person, { messageId });
      const expected = this.#sees(person, message) ? "ok" : "NOT_FOUND";
      expect([codeOf(read), codeOf(edits)]).toEqual([expected, expected]);
      if (read.ok) expect(viewed(read.value.message)).toEqual(expectedOf(message));
      if (edits.ok) expect(edits.value.items.map(({ text }) => text)).toEqual(message.edits);
    }
  }
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function fail(why: string): never {
  throw new Error(why);
}

const wantedOf = ({ calls }: Step): { mentions?: Mention[] } =>
  calls === undefined ? {} : { mentions: calls.map((index) => people[index] ?? "everyone") };

const codeOf = (result: Awaited<ReturnType<TestNode["call"]>>): string => (result.ok ? "ok" : result.failure.code);

let mentionsSeen = 0;
let threadsSeen = 0;
let trimsSeen = 0;
let releasedSeen = 0;

test("[L1] [L10] [L11] [L12] [L14] [L15] [L18] [L23] [M5] [M6] whatever people do to messages is as the model says, and state + changes = fresh state", async () => {
  let operationsDone = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.boolean(), async (steps, sinceJoined) => {
      const run = await Run.begin(sinceJoined);
      for (const step of steps) await run.take(step);
      await run.judge();
      operationsDone += steps.length;
    }),
    { seed, numRuns: 100, endOnFailure: true },
  );
  expect(operationsDone).toBeGreaterThan(2_400);
  expect(mentionsSeen).toBeGreaterThan(60);
  expect(threadsSeen).toBeGreaterThan(80);
  expect(trimsSeen).toBeGreaterThan(15);
  expect(releasedSeen).toBeGreaterThan(5);
  expect(node.errors).toEqual([]);
}, 120_000);
