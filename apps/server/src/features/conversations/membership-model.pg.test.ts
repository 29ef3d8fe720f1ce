import { afterAll, beforeAll, expect, test } from "bun:test";
import { addHistory, applyChange, type ConversationState, freshConversation } from "@hubbub/client";
import {
  type ConversationId,
  change as changeSchema,
  conversationEvents,
  type Invitation,
  newClientMessageId,
  newInvitationId,
  type OperationRow,
  operations,
  type Role,
  type UserId,
} from "@hubbub/contract";
import fc from "fast-check";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

// Several people on two nodes do anything to who is in a conversation, one after another, against a model that knows the
// rules by itself. Mistakes that it caught are listed in docs/mutations.md.

let store: TestDatabase;
let nodes: readonly TestNode[];
let people: readonly UserId[];
const seed = testSeed();

beforeAll(async () => {
  store = await createTestDatabase();
  nodes = [new TestNode(store.url), new TestNode(store.url)];
  people = await addPeople(store.database.reads.kysely, 6);
});

afterAll(async () => {
  for (const node of nodes) await node.close();
  await store.drop();
});

const kinds = [
  ...(["add", "add", "add", "remove", "remove", "leave", "role", "role", "role", "ban", "unban", "unban"] as const),
  ...(["invite", "invite", "answer", "answer", "link", "accept", "accept", "revoke", "join", "join"] as const),
  ...(["send", "send", "send", "send", "rules", "read"] as const),
];

const step = fc.record({
  kind: fc.constantFrom(...kinds),
  /** The first one, who owns most, acts as often as all others. */
  actor: fc.oneof(fc.constant(0), fc.nat(5)),
  target: fc.nat(5),
  choice: fc.nat(11),
  node: fc.nat(1),
  hears: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const room = fc.constantFrom("group", "channel");

interface ModelMember {
  role: Role;
  readonly visibleFromSeq: number;
  readSeq: number;
}

interface ModelInvitation extends Pick<Invitation, "id" | "userId"> {
  status: Invitation["status"];
}

interface ModelLink {
  readonly token: string;
  readonly maxUses: number;
  uses: number;
  isRevoked: boolean;
}

const rank = { member: 0, admin: 1, owner: 2 } as const;
type Code = "ok" | "NOT_FOUND" | "FORBIDDEN" | "LAST_OWNER" | "INVITE_EXPIRED" | "CONFLICT";

class Run {
  readonly #id: ConversationId;
  readonly #type: "group" | "channel";
  readonly #members = new Map<UserId, ModelMember>();
  readonly #banned = new Set<UserId>();
  readonly #invitations: ModelInvitation[] = [];
  readonly #links: ModelLink[] = [];
  /** Who sent each message, by seq; null for what the system says. */
  readonly #messages: (UserId | null)[] = [];
  readonly #clients = new Map<UserId, ConversationState>();
  readonly #heard: number[];
  #rules: {
    posting: "everyone" | "admins";
    historyVisibility: "all" | "sinceJoined";
    visibility: "public" | "private";
  };
  #pts = 0;

  private constructor(id: ConversationId, type: "group" | "channel") {
    this.#id = id;
    this.#type = type;
    this.#heard = nodes.map((node) => node.broadcaster.pushes.length);
    const historyVisibility = type === "group" ? "sinceJoined" : "all";
    this.#rules = { posting: "everyone", historyVisibility, visibility: "private" };
  }

  static async begin(type: "group" | "channel"): Promise<Run> {
    const [owner = fail(), ...others] = people;
    const memberIds = others.slice(0, 2);
    const request = { type, title: "Start", memberIds };
    const { conversation } = must(await node(0).call(operations.createConversation, owner, request));
    const run = new Run(conversation.id, type);
    for (const person of [owner, ...memberIds])
      run.#members.set(person, { role: person === owner ? "owner" : "member", visibleFromSeq: 1, readSeq: 0 });
    if (type === "group") run.#sent(null);
    for (const person of run.#members.keys()) run.#clients.set(person, await run.#read(person));
    return run;
  }

  async take(step: Step): Promise<void> {
    const before = this.#pts;
    const actor = people[step.actor] ?? fail();
    const came = new Set(this.#members.keys());
    const [expected, row, request, apply] = this.#plan(step, actor, people[step.target] ?? fail());
    const result = await node(step.node).call(row, actor, request);
    const code = result.ok ? "ok" : result.failure.code;
    expect({ kind: step.kind, code }).toEqual({ kind: step.kind, code: expected });
    if (result.ok) apply(result.value);
    await endOfTurn(); // a batch is pushed after its answers
    const told: number[] = [];
    nodes.forEach(({ broadcaster }, index) => {
      for (const push of broadcaster.pushes.slice(this.#heard[index]))
        if (push.to === this.#id && push.event in conversationEvents) {
          told.push(Object(push.payload).pts);
          this.#hear(push, step.hears);
        }
      this.#heard[index] = broadcaster.pushes.length;
    });
    expect(told).toEqual(Array.from({ length: this.#pts - before }, (_, n) => before + 1 + n));
    for (const person of people) {
      if (!this.#members.has(person)) this.#clients.delete(person);
      else if (!came.has(person)) this.#clients.set(person, await this.#read(person));
    }
  }

  /** What must come of a step: the answer, and where it is good, what it changes. */
  #plan(
    { kind, choice }: Step,
    actor: UserId,
    target: UserId,
  ): readonly [Code, OperationRow<unknown, unknown>, object, (answer: unknown) => void] {
    const conversationId = this.#id;
    const one = { conversationId, userId: target };
    const link = this.#links.at(choice % Math.max(1, this.#links.length));
    switch (kind) {
      case "add":
        return [
          this.#manages(actor) ?? (this.#banned.has(target) && !this.#members.has(target) ? "FORBIDDEN" : "ok"),
          ...([operations.addMembers, { conversationId, userIds: [target] }, () => this.#enter(target)] as const),
        ];
      case "remove":
      case "leave": {
        const who = kind === "leave" ? actor : target;
        const request = { conversationId, userId: who };
        return [this.#mayRemove(actor, who), operations.removeMember, request, () => this.#exit(who)];
      }
      case "role": {
        const role = (["member", "admin", "owner"] as const)[choice % 3] ?? "member";
        const apply = () => this.#changeRole(target, role);
        return [this.#mayChangeRole(actor, target, role), operations.changeMemberRole, { ...one, role }, apply];
      }
      case "ban":
        return [this.#mayBan(actor, target), operations.banMember, one, () => this.#ban(target)];
      case "unban":
        return [this.#manages(actor) ?? "ok", operations.unbanMember, one, () => this.#banned.delete(target)];
      case "invite": {
        const expected = this.#manages(actor) ?? (this.#banned.has(target) ? "FORBIDDEN" : "ok");
        const request = { conversationId, userIds: [target] };
        return [expected, operations.inviteMembers, request, (answer) => this.#invited(target, answer)];
      }
      case "answer": {
        const invitation = this.#invitations.at(choice % Math.max(1, this.#invitations.length));
        const status = choice % 3 === 0 ? "declined" : "accepted";
        const request = { invitationId: invitation?.id ?? newInvitationId(conversationId), status };
        return [
          this.#mayAnswer(actor, invitation, status),
          operations.answerInvitation,
          request,
          () => {
            if (invitation?.status === "pending") {
              if (status === "accepted") this.#enter(actor);
              invitation.status = status;
            }
          },
        ];
      }
      case "link":
        return [
          this.#manages(actor) ?? "ok",
          operations.createInvite,
          { conversationId, maxUses: 2 },
          (answer) => {
            const { token } = operations.createInvite.output.parse(answer).invite;
            this.#links.push({ token, maxUses: 2, uses: 0, isRevoked: false });
          },
        ];
      case "accept":
        return [
          this.#mayAccept(actor, link),
          operations.acceptInvite,
          { token: link?.token ?? "none" },
          () => {
            if (link !== undefined && this.#enter(actor)) link.uses++;
          },
        ];
      case "revoke": {
        const expected = link === undefined ? "NOT_FOUND" : (this.#manages(actor) ?? "ok");
        return [
          expected,
          operations.revokeInvite,
          { token: link?.token ?? "none" },
          () => {
            if (link !== undefined) link.isRevoked = true;
          },
        ];
      }
      case "join":
        return [this.#mayJoin(actor), operations.joinChannel, { conversationId }, () => this.#enter(actor)];
      case "send": {
        const role = this.#members.get(actor)?.role;
        const isClosed = this.#rules.posting === "admins" && role === "member";
        const request = { conversationId, clientMessageId: newClientMessageId(), text: "Hello" };
        const expected = isClosed ? "FORBIDDEN" : "ok";
        return [role === undefined ? "NOT_FOUND" : expected, operations.sendMessage, request, () => this.#sent(actor)];
      }
      case "read": {
        const member = this.#members.get(actor);
        const seq = Math.min(choice, this.#messages.length);
        const request = { conversationId, seq };
        return [
          member === undefined ? "NOT_FOUND" : "ok",
          operations.markMessageAsRead,
          request,
          () => {
            if (member !== undefined) member.readSeq = Math.max(member.readSeq, seq);
          },
        ];
      }
      case "rules": {
        const rules = {
          posting: choice % 2 === 0 ? ("everyone" as const) : ("admins" as const),
          historyVisibility: choice % 3 === 0 ? ("all" as const) : ("sinceJoined" as const),
          visibility: this.#type === "channel" && choice % 4 !== 0 ? ("public" as const) : ("private" as const),
        };
        return [
          this.#manages(actor) ?? "ok",
          operations.updateConversation,
          { conversationId, ...rules },
          () => {
            if (Bun.deepEquals(rules, this.#rules)) return;
            this.#rules = rules;
            this.#change(true);
          },
        ];
      }
    }
  }

  // Who may, as the documents say.
  #manages(actor: UserId): Code | undefined {
    const role = this.#members.get(actor)?.role;
    if (role === undefined) return "NOT_FOUND";
    return role === "member" ? "FORBIDDEN" : undefined;
  }

  #isLastOwner(person: UserId): boolean {
    const owners = [...this.#members].filter(([, { role }]) => role === "owner").map(([id]) => id);
    return owners.length === 1 && owners[0] === person;
  }

  #mayRemove(actor: UserId, who: UserId): Code {
    const mine = this.#members.get(actor);
    const theirs = this.#members.get(who);
    if (mine === undefined || theirs === undefined) return "NOT_FOUND";
    if (actor === who) return this.#isLastOwner(who) && this.#members.size > 1 ? "LAST_OWNER" : "ok";
    return rank[mine.role] > rank[theirs.role] ? "ok" : "FORBIDDEN";
  }

  #mayChangeRole(actor: UserId, who: UserId, to: Role): Code {
    const mine = this.#members.get(actor);
    if (mine === undefined || !this.#members.has(who)) return "NOT_FOUND";
    const isOwn = actor === who && rank[to] <= rank[mine.role];
    if (mine.role !== "owner" && !isOwn) return "FORBIDDEN";
    return this.#isLastOwner(who) && to !== "owner" ? "LAST_OWNER" : "ok";
  }

  #mayBan(actor: UserId, who: UserId): Code {
    const theirs = this.#members.get(who);
    const mine = this.#members.get(actor);
    if (mine === undefined) return "NOT_FOUND";
    return mine.role !== "member" && (theirs === undefined || rank[mine.role] > rank[theirs.role]) ? "ok" : "FORBIDDEN";
  }

  #mayAnswer(actor: UserId, invitation: ModelInvitation | undefined, status: string): Code {
    if (invitation?.userId !== actor || invitation.status === "withdrawn") return "NOT_FOUND";
    return invitation.status === "pending" || invitation.status === status ? "ok" : "CONFLICT";
  }

  #mayAccept(actor: UserId, link: ModelLink | undefined): Code {
    if (link === undefined) return "NOT_FOUND";
    if (this.#members.has(actor)) return "ok";
    if (link.isRevoked || link.uses >= link.maxUses) return "INVITE_EXPIRED";
    return this.#banned.has(actor) ? "FORBIDDEN" : "ok";
  }

  #mayJoin(actor: UserId): Code {
    if (this.#members.has(actor)) return "ok";
    if (this.#rules.visibility === "private") return "NOT_FOUND";
    return this.#banned.has(actor) ? "FORBIDDEN" : "ok";
  }

  // What comes of it.
  #change(isSaid: boolean): void {
    this.#pts++;
    if (isSaid) this.#sent(null);
  }

  /** @returns whether they were no member before */
  #enter(person: UserId): boolean {
    if (this.#members.has(person)) return false;
    const seq = this.#messages.length;
    const visibleFromSeq = this.#rules.historyVisibility === "sinceJoined" ? seq + 1 : 1;
    this.#members.set(person, { role: "member", visibleFromSeq, readSeq: seq });
    this.#settle(person, "accepted");
    this.#change(this.#type === "group");
    return true;
  }

  #exit(person: UserId): void {
    if (this.#members.delete(person)) this.#change(this.#type === "group");
  }

  #changeRole(person: UserId, role: Role): void {
    const member = this.#members.get(person);
    if (member === undefined || member.role === role) return;
    member.role = role;
    this.#change(true);
  }

  #ban(person: UserId): void {
    this.#banned.add(person);
    this.#settle(person, "withdrawn");
    this.#exit(person);
  }

  #settle(person: UserId, status: Invitation["status"]): void {
    for (const each of this.#invitations) if (each.userId === person && each.status === "pending") each.status = status;
  }

  #invited(userId: UserId, answer: unknown): void {
    const { items } = operations.inviteMembers.output.parse(answer);
    const waiting = this.#invitations.find((each) => each.userId === userId && each.status === "pending");
    const expected = this.#members.has(userId) ? [] : [waiting?.id ?? items[0]?.id];
    expect(items.map(({ id }) => id)).toEqual(expected.flatMap((id) => id ?? []));
    const [item] = items;
    if (item !== undefined && waiting === undefined) this.#invitations.push({ id: item.id, userId, status: "pending" });
  }

  /** @param actor null: by the system */
  #sent(actor: UserId | null): void {
    this.#pts++;
    this.#messages.push(actor);
    const member = actor === null ? undefined : this.#members.get(actor);
    if (member !== undefined) member.readSeq = this.#messages.length;
  }

  #hear({ event, payload }: { readonly event: string; readonly payload: object }, hears: readonly boolean[]): void {
    const pushed = { event, payload, pts: Object(payload).pts, createdAt: new Date().toISOString() };
    const change = changeSchema.parse(pushed);
    people.forEach((person, index) => {
      const state = this.#clients.get(person);
      if (state !== undefined && hears[index] === true) this.#clients.set(person, applyChange(state, change, person));
    });
  }

  async #read(person: UserId): Promise<ConversationState> {
    const conversationId = this.#id;
    const { conversation } = must(await node(0).call(operations.getConversation, person, { conversationId }));
    const { items } = must(await node(0).call(operations.listMessages, person, { conversationId, limit: 200 }));
    const list = must(await node(0).call(operations.listMembers, person, { conversationId, limit: 200 }));
    const members = new Map(list.items.map(({ userId, role }) => [userId, { userId, role }]));
    return { ...addHistory(freshConversation(conversation), { items, isOldest: true }), members };
  }

  /** Everybody reads what the model holds, and what they knew before, with the changes since, is that. */
  async judge(): Promise<void> {
    const conversationId = this.#id;
    for (const person of people) {
      const waiting = must(await node(1).call(operations.listInvitations, person, { limit: 200 })).items;
      const mine = this.#invitations.filter(({ userId, status }) => userId === person && status === "pending");
      expect(waiting.filter((each) => each.conversationId === conversationId).map(({ id }) => id)).toEqual(
        mine.map(({ id }) => id),
      );
      const member = this.#members.get(person);
      const state = this.#clients.get(person);
      if (member === undefined || state === undefined) {
        const read = await node(1).call(operations.getConversation, person, { conversationId });
        expect(read.ok ? "ok" : read.failure.code).toBe("NOT_FOUND");
        continue;
      }
      const fresh = await this.#read(person);
      this.#judgeFresh(person, member, fresh);
      const request = { conversationId, afterPts: state.conversation.pts, limit: 200 };
      const { items } = must(await node(1).call(operations.listChanges, person, request));
      const after = items.reduce((now, change) => applyChange(now, change, person), state);
      expect(after.messages).toEqual(fresh.messages);
      expect(after.members).toEqual(fresh.members);
      // who read elsewhere hears of it in the inbox, which this client has not read
      const { me, ...rest } = fresh.conversation;
      expect({ ...after.conversation, me: { ...after.conversation.me, ...marksOf(me) } }).toEqual({ ...rest, me });
    }
  }

  /** What keeps order is for those who do, and what has ended is there for nobody [C7]. */
  async end(): Promise<void> {
    const conversationId = this.#id;
    const call = async (row: OperationRow<unknown, unknown>, person: UserId, request: object = {}) => {
      const result = await node(1).call(row, person, { conversationId, ...request });
      return result.ok ? "ok" : result.failure.code;
    };
    for (const person of people) {
      const expected = this.#manages(person) ?? "ok";
      const codes = [await call(operations.listInvites, person), await call(operations.listBans, person)];
      expect(codes).toEqual([expected, expected]);
    }
    const others = people.filter((person) => this.#members.get(person)?.role !== "owner");
    for (const person of others) {
      const expected = this.#members.has(person) ? "FORBIDDEN" : "NOT_FOUND";
      expect(await call(operations.deleteConversation, person)).toBe(expected);
    }
    const owner = people.find((person) => !others.includes(person));
    if (owner === undefined) return; // the last one left nobody behind
    expect(await call(operations.deleteConversation, owner)).toBe("ok");
    const { getConversation, listMessages, listMembers, listChanges } = operations;
    const links = this.#links.slice(-1).map(({ token }) => ({ token }));
    for (const person of people) {
      for (const row of [getConversation, listMessages, listMembers, listChanges])
        expect(await call(row, person)).toBe("NOT_FOUND");
      for (const { token } of links)
        expect(await node(0).call(operations.acceptInvite, person, { token })).toMatchObject({ ok: false });
      const waiting = must(await node(1).call(operations.listInvitations, person, { limit: 200 })).items;
      expect(waiting.filter((each) => each.conversationId === conversationId)).toEqual([]);
    }
  }

  #judgeFresh(person: UserId, { role, visibleFromSeq, readSeq }: ModelMember, fresh: ConversationState): void {
    const seqs = this.#messages.map((_, index) => index + 1).filter((seq) => seq >= visibleFromSeq);
    const unread = seqs.filter((seq) => {
      const sender = this.#messages[seq - 1];
      return seq > readSeq && sender !== null && sender !== person;
    }).length;
    expect(fresh.conversation).toMatchObject({
      ...{ ...this.#rules, pts: this.#pts, seq: this.#messages.length, memberCount: this.#members.size },
      me: { role, visibleFromSeq, readSeq, unread },
    });
    expect(fresh.messages.map(({ seq }) => seq)).toEqual(seqs);
    expect(fresh.conversation.lastMessage?.seq).toBe(seqs.at(-1));
    const roles = [...this.#members].map(([id, each]) => [id, each.role] as const);
    expect(new Map([...(fresh.members ?? [])].map(([id, each]) => [id, each.role]))).toEqual(new Map(roles));
  }
}

const marksOf = ({ readSeq, deliveredSeq, unread }: ConversationState["conversation"]["me"]) => {
  return { readSeq, deliveredSeq, unread };
};

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function fail(): never {
  throw new Error("There is nobody");
}

const node = (index: number): TestNode => nodes[index] ?? fail();

test("[C1] [C3] [C4] [C5] [C6] [C7] [C9] [L10] [L18] [L23] whoever comes, goes and rules, on two nodes: as the model says", async () => {
  let operationsDone = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 100 }), room, async (steps, type) => {
      const run = await Run.begin(type === "group" ? "group" : "channel");
      for (const step of steps) await run.take(step);
      await run.judge();
      await run.end();
      operationsDone += steps.length;
    }),
    { seed, numRuns: 120, endOnFailure: true },
  );
  expect(operationsDone).toBeGreaterThan(7_600);
  for (const { errors } of nodes) expect(errors).toEqual([]);
}, 240_000);
