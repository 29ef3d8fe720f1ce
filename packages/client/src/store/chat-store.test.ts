import { expect, test } from "bun:test";
import {
  type ConversationId,
  type Message,
  type MessageId,
  newClientMessageId,
  newMediaId,
  newUserId,
} from "@hubbub/contract";
import type { ChatStorage } from "../storage/chat-storage.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { type Asked, done, effective, received } from "../testing/asked-changes.ts";
import { Browser, begin, openWindow, other, seeded, until, user, wait } from "../testing/simulated-browser.ts";
import type { Faults } from "../testing/simulated-network.ts";
import type { SimulatedServer } from "../testing/simulated-server.ts";
import type { ChatStore } from "./chat-store.ts";
import type { ConversationState } from "./conversation-state.ts";
import { asIntended } from "./pending-change.ts";
import { pinsIn } from "./pins.ts";
import { messageIn, repliesIn } from "./threads.ts";

/** Is no member anywhere. */
const stranger = newUserId();
const baseSeed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
process.stdout.write(`chat-store: SEED=${baseSeed}\n`);

/** What must be equal on both sides at the end. */
function view(conversations: Iterable<Pick<ConversationState, "conversation">>) {
  return [...conversations]
    .map(({ conversation }) => conversation)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((conversation) => structuredClone(conversation));
}

function pick<Item>(items: readonly Item[], random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

interface Session extends Pick<ReturnType<typeof begin>, "server" | "browser"> {
  store: ChatStore;
  /** Another window of the same browser. */
  readonly second: ChatStore;
  readonly sentBySecond: string[];
  readonly opened: ConversationId;
  /** By the first window, in this order. */
  readonly asked: Asked[];
  readonly random: () => number;
}

/** Of one of the other's newest messages, or of those between; 0 where there is none. */
function anySeq({ server, random }: Session, id: ConversationId, from = -12, to?: number): number {
  const recent = server.rooms.get(id)?.messages.slice(from, to) ?? [];
  return (
    pick(
      recent.filter(({ senderId }) => senderId === other),
      random,
    )?.seq ?? 0
  );
}

const showAround = (store: ChatStore, id: ConversationId, random: () => number) =>
  store.history.showAround(id, Math.ceil(random() * 20)).catch(() => undefined);

/** A message that a thread may be about. */
function anyRoot(server: SimulatedServer, id: ConversationId, random: () => number): MessageId | undefined {
  const roots = server.rooms.get(id)?.messages.filter(({ threadRootId }) => threadRootId === undefined) ?? [];
  return pick(roots.slice(0, 3), random)?.id;
}

/** Edits, deletes or reacts to one's own, as it is shown. */
function changeOwn({ store, opened, asked, random }: Session, step: number): void {
  const state = store.getSnapshot().conversations.get(opened);
  // what a deletion does to a thread is not simulated
  const isThere = ({ senderId, deletedAt, threadRootId }: Message): boolean =>
    senderId === user.id && deletedAt === undefined && threadRootId === undefined;
  const shown = state?.messages.map((message) => asIntended(message, state.changing, user.id)).filter(isThere);
  const message = pick(shown ?? [], random);
  if (message === undefined) return;
  const { id, text = "", reactions = [] } = message;
  const fate = random();
  if (fate < 0.5) {
    const isEmptied = message.media !== undefined && fate < 0.15;
    const edited = isEmptied ? "" : `${text.split(",")[0]}, edited ${step}`;
    asked.push({ event: "MessageEdited", id, text: edited });
    store.messages.edit(message, edited, message.mentions ?? []);
  } else if (fate < 0.6) {
    asked.push({ event: "MessageDeleted", id });
    store.messages.delete(message);
  } else {
    const isOn = reactions.some(({ emoji, userIds }) => emoji === "🔥" && userIds.includes(user.id));
    asked.push({ event: isOn ? "ReactionRemoved" : "ReactionAdded", id });
    if (isOn) store.messages.unreact(message, "🔥");
    else store.messages.react(message, "🔥");
  }
}

/** What may happen, and how often. */
const happenings: readonly (readonly [number, (session: Session, id: ConversationId, step: number) => unknown])[] = [
  [4, ({ server }) => server.create()],
  [3, ({ server, opened }, id) => id !== opened && server.remove(id, other)],
  [7, ({ server }, id, step) => server.rename(id, `Room ${step}`)],
  [4, ({ server }, id, step) => server.doUnknown(id, `Unknown ${step}`)],
  [3, ({ server }, id) => server.tellUnknown(id)],
  [35, ({ server }, id, step) => server.write(id, other, `other ${step}`)],
  [8, (session, id, step) => session.server.edit(id, anySeq(session, id), `edited ${step}`)],
  [6, (session, id) => session.server.pin(id, anySeq(session, id))],
  [8, (session, id) => session.server.delete(id, anySeq(session, id))],
  [
    10,
    (session, id) => {
      const [who = other, emoji = "👍"] = [
        pick([user.id, other], session.random),
        pick(["👍", "❤️", "🎉"], session.random),
      ];
      session.server.react(id, anySeq(session, id), who, emoji);
    },
  ],
  [
    20,
    ({ store, opened, asked, server, random }, _, step) => {
      if (!store.getSnapshot().conversations.has(opened)) return;
      asked.push({ event: "ReceiveMessage", text: `own ${step}` });
      const mentions = random() < 0.3 ? [other, stranger, "everyone" as const].slice(step % 3) : undefined;
      const threadRootId = random() < 0.3 ? anyRoot(server, opened, random) : undefined;
      // as an upload is known before anybody looked into it
      const media = { id: newMediaId(opened), fileName: "picture.png", contentType: "image/png", size: 70 };
      store.messages.send(opened, {
        text: `own ${step}`,
        ...(random() < 0.3 && { attachments: [media] }),
        ...(mentions !== undefined && { mentions }),
        ...(threadRootId !== undefined && { threadRootId }),
      });
    },
  ],
  [
    10,
    ({ server, random }, id, step) => {
      const mentions = random() < 0.3 ? [user.id] : [];
      server.write(id, other, `reply ${step}`, { threadRootId: anyRoot(server, id, random), mentions });
    },
  ],
  // what began threads may be long past
  [10, (session, id, step) => session.server.edit(id, anySeq(session, id, 0, 4), `edited ${step}`)],
  [
    14,
    ({ store, server, opened, random }) => {
      const rootId = anyRoot(server, opened, random);
      return rootId && store.aside.loadThread(opened, rootId).catch(() => undefined);
    },
  ],
  [12, (session, _, step) => changeOwn(session, step)],
  [3, ({ server }, id) => server.invite(id, other)],
  [
    3,
    ({ server, random }) => {
      const invitation = pick([...server.invitations.values()], random);
      const status = pick(["accepted", "declined", "withdrawn"] as const, random);
      if (invitation !== undefined && status !== undefined) server.settle(invitation, status);
    },
  ],
  [
    8,
    ({ second, opened, sentBySecond }, _, step) => {
      if (!second.getSnapshot().conversations.has(opened)) return;
      sentBySecond.push(`second ${step}`);
      second.messages.send(opened, { text: `second ${step}` });
    },
  ],
  [
    3,
    async (session) => {
      const { server, browser, opened, store } = session;
      await store.stop();
      session.store = openWindow(server, browser);
      session.store.history.open(opened);
      session.store.start();
    },
  ],
  // on another device, and by the other one
  [6, ({ server, random }, id) => server.mark(id, user.id, Math.floor(random() * 15), 0)],
  [4, ({ server, random }, id) => server.mark(id, other, Math.floor(random() * 15), 15)],
  [
    5,
    ({ server, random }, id, step) =>
      server.choose(id, { pinned: random() < 0.5, archived: random() < 0.5, draft: `draft ${step}` }),
  ],
  [5, ({ store, random }, id) => store.markRead(id, Math.floor(random() * 15))],
  [3, ({ store, opened }) => store.loadReceipts(opened).catch(() => undefined)],
  [8, ({ store, opened }) => store.history.loadEarlier(opened).catch(() => undefined)],
  [8, ({ store, opened }) => store.aside.loadPins(opened).catch(() => undefined)],
  [8, (session) => session.server.pin(session.opened, anySeq(session, session.opened))],
  [4, ({ store, opened, random }) => showAround(store, opened, random)],
  [3, ({ store, opened, random }) => void showAround(store, opened, random)],
  [4, ({ store, opened }) => store.history.loadLater(opened).catch(() => undefined)],
  [1, ({ store, opened }) => store.history.showNewest(opened)],
  [6, ({ server }) => server.network.setState({ status: "offline", until: 0 })],
  [10, ({ server }) => server.start()],
  [7, () => wait(5)],
];
const choices = happenings.flatMap(([share, happen]) => Array.from({ length: share }, () => happen));

async function disturb(seed: number): Promise<Session> {
  const random = seeded(seed);
  const faults: Faults = { random, share: 0.3 };
  const { server, store, browser } = begin(faults);
  const opened = server.create();
  const second = openWindow(server, browser);
  const session: Session = { server, browser, store, second, opened, asked: [], sentBySecond: [], random };
  for (let i = 0; i < 3; i++) server.create();
  store.history.open(opened);
  for (let i = 0; i < 6; i++) server.write(opened, user.id, `older ${i}`);
  store.start();
  second.start();
  await until(() => store.getSnapshot().conversations.has(opened));
  await store.history.loadEarlier(opened).catch(() => undefined);
  for (let step = 0; step < 80; step++) {
    await Promise.resolve(pick(choices, random)?.(session, pick([...server.rooms.keys()], random) ?? opened, step));
  }
  await goOnCalmly(session);
  faults.share = 0;
  server.network.setState({ status: "offline", until: 0 });
  server.start();
  return session;
}

/** Fewer changes than bring a reset, which forgets the pins: some while the list is on its way, of messages shown or not. */
async function goOnCalmly(session: Session): Promise<void> {
  const { server, opened, second, random } = session;
  const windows = [session.store, second];
  const pin = (from: number, to?: number) => server.pin(opened, anySeq(session, opened, from, to));
  server.start();
  await until(() => windows.every((store) => store.getSnapshot().sync.status === "ready"));
  const reading = windows.map((store) => store.aside.loadPins(opened).catch(() => undefined));
  for (let n = 0; n < 4; n++) {
    pin(-6);
    await wait(1);
  }
  await Promise.all(reading);
  for (let n = 0; n < 2; n++) {
    pin(0, 6);
    pin(-6);
  }
  const { messages = [] } = server.rooms.get(opened) ?? {};
  server.delete(
    opened,
    pick(
      messages.filter(({ pinnedAt }) => pinnedAt !== undefined),
      random,
    )?.seq ?? 0,
  );
  const root = messages.findLast(
    ({ threadRootId, deletedAt }) => threadRootId === undefined && deletedAt === undefined,
  );
  if (root !== undefined) server.write(opened, other, "A reply", { threadRootId: root.id });
}

/** Members' marks, where they were read. */
function receiptsIn({ receipts, receiptsVersion }: ConversationState) {
  return receiptsVersion === undefined ? undefined : new Map(receipts);
}

function serverReceipts(server: SimulatedServer, { conversation, receiptsVersion }: ConversationState) {
  if (receiptsVersion === undefined) return undefined;
  return new Map(server.receiptsIn(conversation.id).map(({ userId, ...marks }) => [userId, marks]));
}

/** As many messages of all as a run has, from where it begins. */
function runFrom(run: readonly Message[], all: readonly Message[]): readonly Message[] {
  const from = (run[0]?.seq ?? 1) - 1;
  return all.slice(from, from + run.length);
}

/** The threads that were read: their roots, and the replies from where they were read. */
function threadsIn(state: ConversationState) {
  return [...state.threads.keys()].map((rootId) => [messageIn(state, rootId), ...repliesIn(state, rootId)]);
}

/** Of a conversation whose pins were read. */
function serverPins(server: SimulatedServer, { conversation, pins }: ConversationState) {
  if (pins === undefined) return undefined;
  const all = server.rooms.get(conversation.id)?.messages ?? [];
  return all.filter(({ pinnedAt }) => pinnedAt !== undefined).reverse();
}

function serverThreads(server: SimulatedServer, { conversation, threads }: ConversationState) {
  const all = server.rooms.get(conversation.id)?.messages ?? [];
  return [...threads].map(([rootId, from]) =>
    all.filter(({ id, threadRootId, seq }) => id === rootId || (threadRootId === rootId && seq >= from)),
  );
}

/** Whether a window shows what the server holds, and nothing of its own waits. */
function isLevel(server: SimulatedServer, store: ChatStore): boolean {
  const { conversations, invitations } = store.getSnapshot();
  const mine = [...conversations.values()];
  return (
    Bun.deepEquals(new Map(invitations), server.invitations) &&
    mine.every(({ pending, changing }) => pending.length + changing.length === 0) &&
    Bun.deepEquals(view(mine), view(server.rooms.values())) &&
    mine.every(({ messages, window, history, conversation }) => {
      const all = server.rooms.get(conversation.id)?.messages ?? [];
      return (
        (history === "unloaded" || Bun.deepEquals(messages, all.slice(all.length - messages.length))) &&
        Bun.deepEquals(window?.messages, window && runFrom(window.messages, all))
      );
    }) &&
    mine.every((state) => Bun.deepEquals(threadsIn(state), serverThreads(server, state))) &&
    mine.every((state) => Bun.deepEquals(pinsIn(state), serverPins(server, state))) &&
    mine.every((state) => state.isUnreadKnown && Bun.deepEquals(receiptsIn(state), serverReceipts(server, state)))
  );
}

function expectLevel(server: SimulatedServer, store: ChatStore, seed: number): void {
  const { conversations, invitations } = store.getSnapshot();
  expect(new Map(invitations)).toEqual(server.invitations);
  expect({ seed, view: view(conversations.values()) }).toEqual({ seed, view: view(server.rooms.values()) });
  for (const state of conversations.values()) {
    const { conversation, messages, pending, changing, window } = state;
    const all = server.rooms.get(conversation.id)?.messages ?? [];
    expect(messages).toEqual(all.slice(all.length - messages.length));
    if (window !== undefined) expect(window.messages).toEqual(runFrom(window.messages, all));
    expect([...pending, ...changing]).toEqual([]);
    expect(receiptsIn(state)).toEqual(serverReceipts(server, state));
    expect(threadsIn(state)).toEqual(serverThreads(server, state));
    expect(pinsIn(state)).toEqual(serverPins(server, state));
    expect(state.isUnreadKnown).toBe(true);
  }
}

test("[L5] [L16] [L17] [L18] [L20] [L22] [L23] [K2] [K4] [K5] over any losses and reloads both windows end as the server is, each send stored once, each change made once, in order", async () => {
  for (let run = 0; run < 40; run++) {
    const seed = baseSeed + run;
    const { server, browser, store, second, asked, sentBySecond, opened } = await disturb(seed);
    await until(() => isLevel(server, store) && isLevel(server, second));
    expectLevel(server, store, seed);
    expectLevel(server, second, seed);
    expect({ seed, done: done(server.rooms, opened, user.id) }).toEqual({ seed, done: effective(asked) });
    expect(received(server.rooms, opened, "second")).toEqual(sentBySecond);
    await until(async () => (await browser.storage.listOutbox()).length === 0);
    // whatever comes next begins from what was kept
    await Promise.all([store.stop(), second.stop()]);
    expect(await browser.storage.listOutbox()).toEqual([]);
    const fresh = openWindow(server, browser);
    fresh.start();
    await until(() => isLevel(server, fresh));
    expectLevel(server, fresh, seed);
    await fresh.stop();
  }
}, 90_000);

test("[K2] a start shows what was kept before anything is asked, and asks only for what was missed", async () => {
  const { server, browser, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  server.write(id, other, "kept");
  store.history.open(id);
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  await store.history.loadEarlier(id);
  await until(() => server.network.isQuiet);
  await wait(10);
  await store.stop();
  server.write(id, other, "missed");
  const asked = server.network.log.length;
  const next = openWindow(server, browser);
  next.start();
  const texts = () =>
    next
      .getSnapshot()
      .conversations.get(id)
      ?.messages.map(({ text }) => text);
  await until(() => texts() !== undefined);
  expect(texts()).toEqual(["kept"]);
  await until(() => texts()?.length === 2);
  expect(texts()).toEqual(["kept", "missed"]);
  expect(server.network.log.slice(asked)).not.toContain("listConversations");
  await next.stop();
});

test("[K2] [L22] what was read without a connection is told after a reload", async () => {
  const { server, browser, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  server.write(id, other, "news");
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready" && server.network.isQuiet);
  server.network.setState({ status: "offline", until: 0 });
  store.markRead(id, 1);
  await until(async () => (await browser.storage.load())?.conversations[0]?.unsentReadSeq === 1);
  await store.stop();
  expect(server.rooms.get(id)?.conversation.me.readSeq).toBe(0);
  const next = openWindow(server, browser);
  next.start();
  await until(() => server.rooms.get(id)?.conversation.me.readSeq === 1);
  expect(server.rooms.get(id)?.conversation.me).toMatchObject({ readSeq: 1, unread: 0 });
  await next.stop();
});

test("[K4] [L12] what waited for more than a week is offered and not sent, and goes when it is tried again", async () => {
  const { server, browser, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  const createdAt = new Date(Date.now() - 8 * 24 * 3600 * 1000).toISOString();
  const clientMessageId = newClientMessageId();
  await browser.storage.putOutbox({ conversationId: id, clientMessageId, text: "old news", createdAt });
  store.start();
  const pending = () => store.getSnapshot().conversations.get(id)?.pending[0];
  await until(() => pending()?.status === "failed");
  expect(pending()?.failure).toContain("more than a week");
  expect(server.rooms.get(id)?.messages).toEqual([]);
  store.messages.retry(id, clientMessageId);
  await until(() => pending() === undefined);
  expect(server.rooms.get(id)?.messages.map(({ text }) => text)).toEqual(["old news"]);
  await until(() => server.network.isQuiet);
  expect(await browser.storage.listOutbox()).toEqual([]);
  await store.stop();
});

test("[K7] where storage fails the client goes on without, and says so", async () => {
  const { server } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  const broken: ChatStorage = new MemoryStorage();
  broken.load = () => Promise.reject(new Error("the disk is full"));
  const store = openWindow(server, Object.assign(new Browser(), { storage: broken }));
  store.start();
  await until(() => store.getSnapshot().conversations.has(id));
  expect(store.getSnapshot().isKept).toBe(false);
  store.messages.send(id, { text: "all the same" });
  await until(() => server.rooms.get(id)?.messages.length === 1);
  expect(server.rooms.get(id)?.messages[0]?.text).toBe("all the same");
  await store.stop();
});

test("[L21] another epoch: everything is forgotten and read afresh, what is not sent yet is sent", async () => {
  const { server, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  for (let i = 0; i < 3; i++) server.write(id, other, `before ${i}`);
  const backup = new Map(server.rooms);
  store.history.open(id);
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  await store.history.loadEarlier(id);
  for (let i = 0; i < 5; i++) server.write(id, other, `lost ${i}`);
  server.create();
  await until(() => store.getSnapshot().conversations.size === 2);
  server.network.setState({ status: "offline", until: 0 });
  store.messages.send(id, { text: "kept" });
  server.restore(backup);
  server.start();
  const texts = () =>
    store
      .getSnapshot()
      .conversations.get(id)
      ?.messages.map(({ text }) => text);
  await until(() => texts()?.at(-1) === "kept" && store.getSnapshot().conversations.size === 1);
  expect(texts()).toEqual(["before 0", "before 1", "before 2", "kept"]);
  expect([...store.getSnapshot().conversations.keys()]).toEqual([id]);
  await store.stop();
});

test("[K8] [L17] [L19] a client older than its server reads afresh what it does not understand, once, and goes on", async () => {
  const { server, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  const conversation = () => store.getSnapshot().conversations.get(id)?.conversation;
  server.network.setState({ status: "offline", until: 0 });
  // more than one answer of a sync carries
  for (let i = 0; i < 5; i++) server.doUnknown(id, `Unknown ${i}`);
  server.tellUnknown(id);
  server.write(id, other, "after");
  server.start();
  // one's own marks come back a moment later
  const isEqual = () => Bun.deepEquals(conversation(), server.rooms.get(id)?.conversation);
  await until(() => conversation()?.lastMessage?.text === "after" && isEqual());
  // pushed to one who is connected: known only by its number
  server.doUnknown(id, "Last");
  await until(() => conversation()?.title === "Last" && isEqual());
  await wait(30); // for what a loop would go on with
  const calls = server.network.log.length;
  await wait(30);
  expect(server.network.log).toHaveLength(calls);
  await store.stop();
});

test("[L13] a conversation that sync leaves out disappears", async () => {
  const { server, store } = begin({ random: seeded(baseSeed), share: 0 });
  const [kept, lost] = [server.create(), server.create()];
  store.start();
  await until(() => store.getSnapshot().conversations.size === 2 && store.getSnapshot().sync.status === "ready");
  server.rooms.delete(lost);
  server.network.setState({ status: "offline", until: 0 });
  server.start();
  await until(() => store.getSnapshot().conversations.size === 1);
  expect([...store.getSnapshot().conversations.keys()]).toEqual([kept]);
  await store.stop();
});
