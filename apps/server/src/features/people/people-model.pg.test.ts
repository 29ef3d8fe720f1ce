import { afterAll, beforeAll, expect, test } from "bun:test";
import { applyInboxEntry, type ChatState, emptyChat, type PeopleState } from "@hubbub/client";
import {
  type ConversationId,
  type FriendStatus,
  laneOf,
  type MessageId,
  newClientMessageId,
  newMessageId,
  type OperationName,
  type OperationRequest,
  operations,
  type UserId,
} from "@hubbub/contract";
import fc from "fast-check";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

const seed = testSeed();
const DAY = 24 * 3_600_000;
let time = Date.now();

let store: TestDatabase;
/** Where people write to friends alone. */
let nodes: readonly [TestNode, TestNode];
/** Where they write to whoever lets them. */
let openNode: TestNode;

beforeAll(async () => {
  store = await createTestDatabase();
  const clock = { now: () => time };
  nodes = [
    new TestNode(store.url, { friendsOnly: true, clock }),
    new TestNode(store.url, { friendsOnly: true, clock }),
  ];
  openNode = new TestNode(store.url, { clock });
});

afterAll(async () => {
  await Promise.all([...nodes, openNode].map((node) => node.close()));
  await store.drop();
});

const db = () => store.database.reads.kysely;

/** To a message of their direct conversation: the newest that one of the two wrote. */
const doors = ["edit", "react", "unreact", "pin", "unpin", "delete"] as const;
const deeds = [
  ...(["request", "accept", "decline", "remove", "block", "unblock", "send", "week", "close", "open"] as const),
  ...doors,
] as const;
type Deed = (typeof deeds)[number];

interface Step {
  readonly deed: Deed;
  readonly from: number;
  readonly to: number;
  /** Whether what is done to a message is done to one's own. */
  readonly own: boolean;
}

/** What people would say of it: who asked whom and when it was declined, who are friends, who blocks whom. */
class Model {
  readonly friends = new Set<string>();
  /** From asker to asked; `hidden`: the one who was asked does not see it. */
  readonly asked = new Map<string, { declinedAt?: number; hidden: boolean }>();
  readonly blocks = new Set<string>();
  /** Who lets friends alone write to them. */
  readonly closed = new Set<number>();
  readonly #friendsOnly: boolean;

  constructor(friendsOnly = true) {
    this.#friendsOnly = friendsOnly;
  }

  static key = (a: number, b: number) => `${a}>${b}`;
  static pair = (a: number, b: number) => Model.key(Math.min(a, b), Math.max(a, b));

  #befriend(a: number, b: number): string {
    this.asked.delete(Model.key(a, b));
    this.asked.delete(Model.key(b, a));
    this.friends.add(Model.pair(a, b));
    return "ok";
  }

  /** @returns "ok" or the code of the failure */
  do({ deed, from, to, own }: Step): string {
    const mine = this.asked.get(Model.key(from, to));
    const theirs = this.asked.get(Model.key(to, from));
    const areFriends = this.friends.has(Model.pair(from, to));
    switch (deed) {
      case "request":
        if (this.blocks.has(Model.key(from, to))) return "CONFLICT";
        if (areFriends) return "ALREADY_FRIENDS";
        if (theirs !== undefined && theirs.declinedAt === undefined) return this.#befriend(from, to);
        if (mine !== undefined && (mine.declinedAt === undefined || time - mine.declinedAt < 7 * DAY))
          return "ALREADY_REQUESTED";
        this.asked.delete(Model.key(to, from));
        this.asked.set(Model.key(from, to), { hidden: this.blocks.has(Model.key(to, from)) });
        return "ok";
      case "accept":
        if (areFriends) return "ok";
        if (theirs === undefined || theirs.hidden || theirs.declinedAt !== undefined) return "NOT_FOUND";
        return this.#befriend(from, to);
      case "decline":
        return this.#decline(theirs);
      case "remove":
        if (areFriends) return this.friends.delete(Model.pair(from, to)) ? "ok" : "?";
        if (mine !== undefined && mine.declinedAt === undefined)
          return this.asked.delete(Model.key(from, to)) ? "ok" : "?";
        return this.#decline(theirs);
      case "block":
        if (this.blocks.has(Model.key(from, to))) return "ok";
        this.blocks.add(Model.key(from, to));
        this.friends.delete(Model.pair(from, to));
        if (mine?.declinedAt === undefined) this.asked.delete(Model.key(from, to));
        if (theirs !== undefined && theirs.declinedAt === undefined) theirs.hidden = true;
        return "ok";
      case "unblock":
        this.blocks.delete(Model.key(from, to));
        return "ok";
      case "close":
        this.closed.add(from);
        return "ok";
      case "open":
        this.closed.delete(from);
        return "ok";
      case "edit":
        return own ? this.#reach(from, to) : "FORBIDDEN";
      case "delete":
        return own ? "ok" : "FORBIDDEN";
      case "send":
      case "react":
      case "unreact":
      case "pin":
      case "unpin":
        return this.#reach(from, to);
      case "week":
        return "ok";
    }
  }

  /** The one answer for every reason [L14] [P3]. */
  #reach(from: number, to: number): string {
    const areBlocked = this.blocks.has(Model.key(from, to)) || this.blocks.has(Model.key(to, from));
    const mustBeFriends = this.#friendsOnly || this.closed.has(to);
    const reaches = !areBlocked && (!mustBeFriends || this.friends.has(Model.pair(from, to)));
    return reaches ? "ok" : "RECIPIENT_UNAVAILABLE";
  }

  #decline(theirs: { declinedAt?: number; hidden: boolean } | undefined): string {
    if (theirs === undefined || theirs.hidden || theirs.declinedAt !== undefined) return "NOT_FOUND";
    theirs.declinedAt = time;
    return "ok";
  }

  /** As one person sees it. */
  seenBy(me: number, people: number): { friends: [number, FriendStatus][]; blocks: number[] } {
    const others = Array.from({ length: people }, (_, other) => other).filter((other) => other !== me);
    const statusOf = (other: number): FriendStatus | undefined => {
      if (this.friends.has(Model.pair(me, other))) return "accepted";
      const mine = this.asked.get(Model.key(me, other));
      if (mine !== undefined && mine.declinedAt === undefined) return "outgoing";
      const theirs = this.asked.get(Model.key(other, me));
      return theirs !== undefined && !theirs.hidden && theirs.declinedAt === undefined ? "incoming" : undefined;
    };
    return {
      friends: others.flatMap((other): [number, FriendStatus][] => {
        const status = statusOf(other);
        return status === undefined ? [] : [[other, status]];
      }),
      blocks: others.filter((other) => this.blocks.has(Model.key(me, other))),
    };
  }
}

const PEOPLE = 3;

/** One run's people, and each one's client, which knows only what its inbox tells. */
class Crowd {
  readonly ids: readonly UserId[];
  readonly #direct: ReadonlyMap<string, ConversationId>;
  /** The newest that each wrote to each and did not delete. */
  readonly #written = new Map<string, MessageId>();
  readonly #clients: ChatState[];
  readonly #epoch: string;

  private constructor(ids: readonly UserId[], direct: ReadonlyMap<string, ConversationId>, epoch: string) {
    this.ids = ids;
    this.#direct = direct;
    this.#epoch = epoch;
    const settings = {
      privacy: {
        writeToMe: "everyone",
        addMe: "everyone",
        seePresence: "everyone",
        seeReceipts: "everyone",
        findMe: "everyone",
      },
      notifications: { notify: "all", sound: true, preview: true },
    } as const;
    const people: PeopleState = { friends: new Map(), blocks: new Set(), settings };
    this.#clients = ids.map((id) => ({ ...emptyChat(id), people }));
  }

  /** Everyone has a direct conversation with everyone, from a time when they were allowed to. */
  static async gather(): Promise<Crowd> {
    const ids = (await addPeople(db(), PEOPLE)).sort();
    const direct = new Map<string, ConversationId>();
    for (const [a, one] of ids.entries())
      for (const [b, other] of ids.entries()) {
        if (a >= b) continue;
        const made = await openNode.call(operations.createConversation, one, { type: "direct", memberIds: [other] });
        direct.set(Model.pair(a, b), must(made).conversation.id);
      }
    const [first] = ids;
    if (first === undefined) throw new Error("nobody");
    const crowd = new Crowd(ids, direct, must(await nodes[0].call(operations.sync, first, {})).epoch);
    for (const from of ids.keys()) for (const to of ids.keys()) if (from !== to) await crowd.#write(from, to, openNode);
    return crowd;
  }

  #idOf(from: number, to: number): ConversationId {
    return this.#direct.get(Model.pair(from, to)) ?? fail("no conversation");
  }

  async #write(from: number, to: number, node: TestNode): Promise<string> {
    const message = { conversationId: this.#idOf(from, to), clientMessageId: newClientMessageId(), text: "Hi" };
    const sent = await node.call(operations.sendMessage, this.id(from), message);
    if (sent.ok) this.#written.set(Model.key(from, to), sent.value.message.id);
    return sent.ok ? "ok" : sent.failure.code;
  }

  id(index: number): UserId {
    return this.ids[index] ?? fail("nobody");
  }

  /** @returns "ok" or the code of the failure */
  async do({ deed, from, to, own }: Step, node: TestNode): Promise<string> {
    const call = async <Name extends OperationName>(name: Name, input: OperationRequest<Name> & object) => {
      const result = await node.call<unknown>(operations[name], this.id(from), input);
      return result.ok ? "ok" : result.failure.code;
    };
    const userId = this.id(to);
    const messageId = this.#written.get(own ? Model.key(from, to) : Model.key(to, from)) ?? fail("no message");
    switch (deed) {
      case "request":
        return call("requestFriend", { userId });
      case "accept":
        return call("answerFriendRequest", { userId, status: "accepted" });
      case "decline":
        return call("answerFriendRequest", { userId, status: "declined" });
      case "remove":
        return call("removeFriend", { userId });
      case "block":
        return call("blockUser", { userId });
      case "unblock":
        return call("unblockUser", { userId });
      case "send":
        return this.#write(from, to, node);
      case "close":
      case "open":
        return call("updateOwnSettings", { privacy: { writeToMe: deed === "close" ? "friends" : "everyone" } });
      case "edit":
        return call("editMessage", { messageId, text: `Hi, ${time}` });
      case "react":
      case "unreact":
        return call(deed, { messageId, emoji: "👍" });
      case "pin":
        return call("pinMessage", { messageId });
      case "unpin":
        return call("unpinMessage", { messageId });
      case "delete": {
        const done = await call("deleteMessage", { messageId });
        // what is deleted is nobody's to change: another takes its place
        if (done === "ok") await this.#replace(from, to);
        return done;
      }
      case "week":
        time += 4 * DAY;
        return "ok";
    }
  }

  /** As if it had been written before: nobody is asked whether they may. */
  async #replace(from: number, to: number): Promise<void> {
    const conversationId = this.#idOf(from, to);
    const id = newMessageId(conversationId);
    const written = this.#written.get(Model.key(from, to)) ?? fail("no message");
    await sql`
      update messages set id = ${id}, deleted_at = null, text = 'Hi', reactions = null
      where lane = ${laneOf(conversationId)} and id = ${written}`.execute(store.database.writer.kysely);
    this.#written.set(Model.key(from, to), id);
  }

  async seenBy(index: number) {
    const of = (id: UserId) => this.ids.indexOf(id);
    const friends = must(await nodes[0].call(operations.listFriends, this.id(index), {})).items;
    const blocks = must(await nodes[0].call(operations.listBlocks, this.id(index), {})).items;
    const statuses = friends.map(({ userId, status }): [number, FriendStatus] => [of(userId), status]);
    return {
      friends: statuses.sort(([a], [b]) => a - b),
      blocks: blocks.map(({ userId }) => of(userId)),
    };
  }

  /** What the client knows after it has read its inbox on. */
  async knownBy(index: number) {
    const before = this.#clients[index] ?? fail("nobody");
    const answer = must(
      await nodes[1].call(operations.sync, this.id(index), { epoch: this.#epoch, userPts: before.userPts }),
    );
    const after = answer.user.reduce(applyInboxEntry, before);
    expect(after.userPts).toBe(answer.userPts);
    this.#clients[index] = after;
    const of = (id: UserId) => this.ids.indexOf(id);
    const friends = [...(after.people?.friends ?? [])].map(([id, { status }]): [number, FriendStatus] => [
      of(id),
      status,
    ]);
    return {
      friends: friends.sort(([a], [b]) => a - b),
      blocks: [...(after.people?.blocks ?? [])].map(of).sort((a, b) => a - b),
    };
  }
}

function fail(why: string): never {
  throw new Error(why);
}

const step = fc
  .record({
    deed: fc.constantFrom(...deeds),
    from: fc.nat({ max: PEOPLE - 1 }),
    to: fc.nat({ max: PEOPLE - 1 }),
    own: fc.boolean(),
  })
  .filter(({ from, to }) => from !== to);

async function agree(crowd: Crowd, model: Model): Promise<void> {
  for (let me = 0; me < PEOPLE; me++) {
    const told = model.seenBy(me, PEOPLE);
    expect(await crowd.seenBy(me)).toEqual(told);
    expect(await crowd.knownBy(me)).toEqual(told);
  }
}

test("[P2] [P3] [P5] [L14] [L18] people who ask, answer, part, block and write: each sees what a simple model says, afresh and by the inbox", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.boolean(), async (steps, friendsOnly) => {
      const crowd = await Crowd.gather();
      const model = new Model(friendsOnly);
      for (const [index, each] of steps.entries()) {
        // one week is two steps of four days, so that both sides of the seven are met
        const done = await crowd.do(each, friendsOnly ? nodes[index % 2 === 0 ? 0 : 1] : openNode);
        expect({ ...each, done }).toEqual({ ...each, done: model.do(each) });
        if (index % 5 === 0) await agree(crowd, model);
      }
      await agree(crowd, model);
    }),
    { seed, numRuns: 30, endOnFailure: true },
  );
}, 240_000);

test("[P5] who is blocked a second time goes on to see what they asked in vain", async () => {
  const crowd = await Crowd.gather();
  const model = new Model();
  for (const each of [
    { deed: "block", from: 0, to: 1, own: true },
    { deed: "request", from: 1, to: 0, own: true },
    { deed: "unblock", from: 0, to: 1, own: true },
    { deed: "block", from: 0, to: 1, own: true },
    { deed: "request", from: 1, to: 0, own: true },
  ] as const)
    expect(await crowd.do(each, nodes[0])).toBe(model.do(each));
  await agree(crowd, model);
});

test("[P2] requests that cross at the same moment, on two nodes, are one friendship, and both hear of it", async () => {
  for (let round = 0; round < 30; round++) {
    const crowd = await Crowd.gather();
    const done = await Promise.all([
      crowd.do({ deed: "request", from: 0, to: 1, own: true }, nodes[0]),
      crowd.do({ deed: "request", from: 1, to: 0, own: true }, nodes[1]),
    ]);
    expect(done).toEqual(["ok", "ok"]);
    for (const [me, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      expect(await crowd.knownBy(me)).toEqual({ friends: [[other, "accepted"]], blocks: [] });
    }
  }
}, 60_000);

test("[P3] [L3] in rounds of sends against unfriendings and blocks, nothing is stored after the parting", async () => {
  const crowd = await Crowd.gather();
  for (let round = 0; round < 60; round++) {
    for (const each of [
      { deed: "unblock", from: 0, to: 1, own: true },
      { deed: "request", from: 0, to: 1, own: true },
      { deed: "accept", from: 1, to: 0, own: true },
    ] as const)
      await crowd.do(each, nodes[0]);
    let parted = false;
    const part = crowd
      .do({ deed: round % 2 === 0 ? "remove" : "block", from: 0, to: 1, own: true }, nodes[0])
      .then((done) => {
        expect(done).toBe("ok");
        parted = true;
      });
    const sends = Array.from({ length: 6 }, async (_, index) => {
      await Bun.sleep(index / 2);
      const wasParted = parted;
      const done = await crowd.do({ deed: "send", from: index % 2, to: 1 - (index % 2), own: true }, nodes[1]);
      if (wasParted) expect(done).toBe("RECIPIENT_UNAVAILABLE");
    });
    await Promise.all([part, ...sends]);
    // the log's newest message is from before the parting: the next one is refused, and numbers stand still
    expect(await crowd.do({ deed: "send", from: 1, to: 0, own: true }, nodes[1])).toBe("RECIPIENT_UNAVAILABLE");
  }
}, 60_000);
