import { expect, test } from "bun:test";
import { change } from "@hubbub/contract";
import { type Account, newAccount } from "../src/account.ts";
import { eventually } from "../src/eventually.ts";
import { conversationPushes } from "../src/hub.ts";
import { applyChange, freshState } from "../src/state.ts";
import { alice, api, bob, carol, connect, dave, draft, newChannel, newGroup } from "../src/target.ts";

const each = 100;

/** Sends by REST, some at a time. */
async function sendByRest(sender: Account, conversationId: string): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < each) await api.call("sendMessage", draft(conversationId, `rest ${next++}`), sender.token);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

test("pushes reach every client in pts order, with four senders at once by hub and REST [L19]", async () => {
  const listener = await newAccount(api, "listener");
  await using ears = await connect(listener);
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id, pts, seq } = await newChannel(alice, bob, carol, dave, listener);
  const byHub = [a, b].flatMap((hub) => Array.from({ length: each }, (_, n) => hub.send(draft(id, `hub ${n}`))));
  await Promise.all([...byHub, sendByRest(carol, id), sendByRest(dave, id)]);

  const total = 4 * each;
  const expected = Array.from({ length: total }, (_, n) => ({ pts: pts + 1 + n, seq: seq + 1 + n }));
  for (const hub of [ears, a, b]) {
    await hub.hears("ReceiveMessage", (message) => message.pts === pts + total);
    expect(hub.heard("ReceiveMessage").map((message) => ({ pts: message.pts, seq: message.seq }))).toEqual(expected);
  }
  const receipts = await Promise.all(byHub);
  const heard = new Map(ears.heard("ReceiveMessage").map((message) => [message.id, message.seq]));
  for (const receipt of receipts) expect(heard.get(receipt.messageId)).toBe(receipt.seq);
});

test("changes of every kind at once reach a member without a gap: state + pushes = fresh state [L18] [L19]", async () => {
  await using ears = await connect(bob);
  await using a = await connect(alice);
  await using c = await connect(carol);
  const { id: conversationId } = await newGroup(alice, bob, carol);
  let state = await freshState(api, bob, conversationId);
  const repeat = async (times: number, work: (n: number) => Promise<unknown>): Promise<void> => {
    for (let n = 0; n < times; n++) await work(n);
  };
  await Promise.all([
    repeat(60, (n) => a.send(draft(conversationId, `alice ${n}`))),
    repeat(60, (n) => api.call("updateConversation", { conversationId, title: `Title ${n}` }, alice.token)),
    // She comes and goes meanwhile, and may not always send.
    repeat(60, (n) => c.send(draft(conversationId, `carol ${n}`)).catch(() => undefined)),
    repeat(20, async () => {
      await api.call("removeMember", { conversationId, userId: carol.user.id }, alice.token);
      await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
    }),
    repeat(20, async () => {
      await api.call("addMembers", { conversationId, userIds: [dave.user.id] }, alice.token);
      await api.call("removeMember", { conversationId, userId: dave.user.id }, alice.token);
    }),
  ]);
  const fresh = await freshState(api, bob, conversationId);
  const { pts } = state;
  const pushed = () => conversationPushes(ears, conversationId).filter(({ payload }) => Object(payload).pts > pts);
  await eventually(
    () => pushed().length >= fresh.pts - state.pts,
    () => `${pushed().length} pushes came of ${fresh.pts - state.pts}`,
  );
  const createdAt = new Date().toISOString();
  for (const { event, payload } of pushed()) {
    state = applyChange(state, change.parse({ event, payload, pts: Object(payload).pts, createdAt }));
  }
  expect(state).toEqual(fresh);
});
