import { afterAll, beforeAll, expect, test } from "bun:test";
import { addHistory, applyChange, type ConversationState, freshConversation } from "@hubbub/client";
import {
  type Change,
  type ConversationId,
  change as changeSchema,
  limits,
  type Message,
  type MessageId,
  newClientMessageId,
  newMessageId,
  operations,
  type ReplyTo,
  type SystemEvent,
  type UserId,
} from "@hubbub/contract";
import fc from "fast-check";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, type Push, TestNode } from "../../testing/test-node.ts";

// Several people do anything to messages, one after another, against a model of what must come of it.

let store: TestDatabase;
let node: TestNode;
let people: readonly UserId[];
const seed = testSeed();

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url);
  people = await addPeople(store.database.reads.kysely, 8);
});

afterAll(async () => {
  await node.close();
  await store.drop();
});

const kinds = [
  ...(["send", "send", "send", "reply", "reply", "edit", "edit", "delete"] as const),
  ...(["react", "react", "react", "react", "unreact", "unreact", "add", "add", "remove", "rename"] as const),
];
const emoji = ["👍", "❤️", "🎉"] as const;

const step = fc.record({
  kind: fc.constantFrom(...kinds),
  actor: fc.nat(7),
  /** Which message, from the newest back; or which person. */
  target: fc.nat(9),
  emoji: fc.nat(2),
  /** Whether an edit changes nothing. */
  same: fc.boolean(),
  /** By person: whether they hear the push. */
  hears: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface ModelMessage {
  readonly id: MessageId;
  readonly seq: number;
  readonly senderId: UserId;
  /** What the system says; the rest is as of any message. */
  system: SystemEvent | undefined;
  readonly kind: "text" | "system";
  pts: number;
  text: string | undefined;
  replyTo: ReplyTo | undefined;
  readonly edits: string[];
  readonly reactions: Map<string, UserId[]>;
  deleted: boolean;
}

interface ModelMember {
  readonly role: "owner" | "admin" | "member";
  readonly visibleFromSeq: number;
}

/** One conversation: what it must be, and what those in it know. */
class Run {
  readonly id: ConversationId;
  readonly #sinceJoined: boolean;
  readonly #members = new Map<UserId, ModelMember>();
  readonly #messages: ModelMessage[] = [];
  readonly #clients = new Map<UserId, ConversationState>();
  readonly #ownerStates: ConversationState[] = [];
  #pts = 0;
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
    for (const person of run.#members.keys()) run.#clients.set(person, await run.#read(person));
    return run;
  }

  async take(step: Step): Promise<void> {
    this.#steps++;
    const actor = people[step.actor] ?? fail("nobody");
    const before = this.#pts;
    const about = await this.#act(step, actor);
    await endOfTurn(); // a batch is pushed after its answers
    const pushes = node.broadcaster.pushes.slice(this.#heard).filter(({ to }) => to === this.id);
    this.#heard = node.broadcaster.pushes.length;
    const hidden = [...this.#members.values()].some(
      ({ visibleFromSeq }) => visibleFromSeq > (about ?? Number.POSITIVE_INFINITY),
    );
    const wanted = Array.from({ length: this.#pts - before }, (_, n) => before + 1 + n);
    expect(pushes.map(({ payload }) => Object(payload).pts)).toEqual(wanted);
    for (const push of pushes) {
      if (about !== undefined) expect(push.event === "ConversationChanged").toBe(hidden);
      this.#hear(push, step.hears);
    }
    const owner = this.#clients.get(people[0] ?? actor);
    if (owner !== undefined) this.#ownerStates.push(owner);
  }

  /** @returns the seq of the message that was there before and is changed, where one is */
  async #act(step: Step, actor: UserId): Promise<number | undefined> {
    switch (step.kind) {
      case "send":
        return this.#send(actor, undefined);
      case "reply":
        return this.#send(actor, step);
      case "edit":
      case "delete":
      case "react":
      case "unreact":
        return this.#change(step.kind, step, actor);
      case "add":
      case "remove":
        return this.#changeMembership(step.kind, people[step.target % people.length] ?? actor);
      case "rename":
        await this.#rename(people[0] ?? actor, `Title ${this.#steps}`);
        return undefined;
    }
  }

  async #rename(owner: UserId, title: string): Promise<void> {
    must(await node.call(operations.updateConversation, owner, { conversationId: this.id, title }));
    this.#pts++;
    await this.#systemSays(owner, { type: "renamed", title });
  }

  /** After a change, in the same breath. */
  async #systemSays(owner: UserId, system: SystemEvent): Promise<void> {
    const seq = this.#messages.length + 1;
    const query = { conversationId: this.id, afterSeq: seq - 1, limit: 1 };
    const said = must(await node.call(operations.listMessages, owner, query)).items[0] ?? fail("nothing is said");
    const rest = { text: undefined, replyTo: undefined, edits: [], reactions: new Map(), deleted: false };
    this.#messages.push({ id: said.id, seq, pts: ++this.#pts, senderId: owner, kind: "system", system, ...rest });
    expect(viewed(said)).toEqual(expectedOf(this.#messages.at(-1) ?? fail("nothing is said")));
  }

  async #send(actor: UserId, reply: Step | undefined): Promise<undefined> {
    const target = reply && this.#messages.at(-1 - reply.target);
    const replyToId = reply && (target?.id ?? newMessageId(this.id));
    const text = `text ${this.#steps}`;
    const result = await node.call(operations.sendMessage, actor, {
      ...{ conversationId: this.id, clientMessageId: newClientMessageId(), text },
      ...(replyToId !== undefined && { replyToId }),
    });
    const isMember = this.#members.has(actor);
    const expected = isMember && reply !== undefined && !this.#sees(actor, target) ? "VALIDATION_FAILED" : "ok";
    expect(codeOf(result)).toBe(isMember ? expected : "NOT_FOUND");
    if (!result.ok) return;
    const { id, seq, pts } = result.value.message;
    expect({ seq, pts }).toEqual({ seq: this.#messages.length + 1, pts: ++this.#pts });
    const replyTo = target && { id: target.id, seq: target.seq, senderId: target.senderId };
    const rest = { text, replyTo, edits: [], reactions: new Map(), deleted: false };
    this.#messages.push({ id, seq, pts, senderId: actor, kind: "text", system: undefined, ...rest });
  }

  #sees(person: UserId, message: ModelMessage | undefined): message is ModelMessage {
    return (
      message !== undefined && message.seq >= (this.#members.get(person)?.visibleFromSeq ?? Number.POSITIVE_INFINITY)
    );
  }

  async #change(kind: "edit" | "delete" | "react" | "unreact", step: Step, actor: UserId): Promise<number | undefined> {
    const message = this.#messages.at(-1 - step.target);
    const messageId = message?.id ?? newMessageId(this.id);
    const text = step.same && message?.text !== undefined ? message.text : `edited ${this.#steps}`;
    const symbol = emoji[step.emoji] ?? "👍";
    const call = {
      edit: () => node.call(operations.editMessage, actor, { messageId, text }),
      delete: () => node.call(operations.deleteMessage, actor, { messageId }),
      react: () => node.call(operations.react, actor, { messageId, emoji: symbol }),
      unreact: () => node.call(operations.unreact, actor, { messageId, emoji: symbol }),
    };
    const result = await call[kind]();
    expect({ kind, code: codeOf(result) }).toEqual({ kind, code: this.#allowed(kind, message, actor) });
    if (!result.ok || message === undefined || !this.#apply(kind, message, actor, text, symbol)) return undefined;
    message.pts = ++this.#pts;
    expect(viewed(result.value.message)).toEqual(expectedOf(message));
    return message.seq;
  }

  #allowed(kind: string, message: ModelMessage | undefined, actor: UserId): string {
    if (!this.#sees(actor, message)) return "NOT_FOUND";
    const isOwn = message.senderId === actor && message.kind === "text";
    if (kind === "delete") return isOwn || this.#members.get(actor)?.role !== "member" ? "ok" : "FORBIDDEN";
    if (kind === "edit" && !isOwn) return "FORBIDDEN";
    return message.deleted ? "CONFLICT" : "ok";
  }

  /** @returns whether anything changes */
  #apply(kind: string, message: ModelMessage, actor: UserId, text: string, symbol: string): boolean {
    const { reactions, edits } = message;
    const who = reactions.get(symbol) ?? [];
    if (kind === "edit") {
      if (message.text === text || message.text === undefined) return false; // nobody edits what the system says
      edits.push(message.text);
      message.text = text;
    } else if (kind === "delete") {
      if (message.deleted) return false;
      Object.assign(message, { deleted: true, text: undefined, system: undefined, replyTo: undefined });
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
  async #changeMembership(kind: "add" | "remove", person: UserId): Promise<undefined> {
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
        this.#clients.set(person, applyChange(state, change, person));
    });
  }

  /** As a client reads it that knows nothing. */
  async #read(person: UserId): Promise<ConversationState> {
    const conversationId = this.id;
    const { conversation } = must(await node.call(operations.getConversation, person, { conversationId }));
    const { items } = must(await node.call(operations.listMessages, person, { conversationId, limit: 200 }));
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
      const changes = await this.#changesFor(person, pts);
      expect(changes.map((change) => change.pts)).toEqual(
        Array.from({ length: this.#pts - pts }, (_, n) => pts + 1 + n),
      );
      const after = changes.reduce((now, change) => applyChange(now, change, person), state);
      expect(after.conversation).toEqual(fresh.conversation);
      expect(after.messages).toEqual(fresh.messages);
      expect(me.visibleFromSeq).toBe(this.#members.get(person)?.visibleFromSeq ?? -1);
      expect(fresh.conversation.me.unread).toBe(
        this.#messages
          .filter(
            ({ seq, senderId, deleted, kind }) =>
              seq > fresh.conversation.me.readSeq && senderId !== person && !deleted && kind === "text",
          )
          .filter((m) => this.#sees(person, m)).length,
      );
    }
    await this.#judgeEveryPts(people[0] ?? fail("nobody"));
  }

  async #judgeEveryPts(owner: UserId): Promise<void> {
    const fresh = await this.#read(owner);
    const all = await this.#changesFor(owner, 0);
    expect(all).toHaveLength(this.#pts);
    for (const state of this.#ownerStates) {
      const after = all.slice(state.conversation.pts).reduce((now, change) => applyChange(now, change, owner), state);
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

const codeOf = (result: Awaited<ReturnType<TestNode["call"]>>): string => (result.ok ? "ok" : result.failure.code);

/** A message but for its times and its sender's own id. */
function viewed({ clientMessageId: _, createdAt: __, editedAt, deletedAt, ...message }: Message) {
  return { ...message, isEdited: editedAt !== undefined, isDeleted: deletedAt !== undefined };
}

function expectedOf(message: ModelMessage) {
  const { id, seq, pts, senderId, kind, system, text, replyTo, edits, deleted } = message;
  const reactions = [...message.reactions].map(([emoji, all]) => {
    return { emoji, count: all.length, userIds: all.slice(0, limits.reactionUserIds) };
  });
  return {
    ...{ id, seq, pts, senderId, kind, conversationId: expect.any(String) },
    ...(text !== undefined && { text }),
    ...(system !== undefined && { system }),
    ...(replyTo !== undefined && { replyTo }),
    ...(reactions.length > 0 && { reactions }),
    ...{ isEdited: edits.length > 0, isDeleted: deleted },
  };
}

test("[L1] [L10] [L11] [L18] [L23] whatever people do to messages is as the model says, and state + changes = fresh state", async () => {
  let operationsDone = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.boolean(), async (steps, sinceJoined) => {
      const run = await Run.begin(sinceJoined);
      for (const step of steps) await run.take(step);
      await run.judge();
      operationsDone += steps.length;
    }),
    { seed, numRuns: 120, endOnFailure: true },
  );
  expect(operationsDone).toBeGreaterThan(2_400);
  expect(node.errors).toEqual([]);
}, 60_000);
