import { expect, test } from "bun:test";
import { type Account, newAccount } from "../src/account.ts";
import { alice, api, bob, carol, connect, dave, draft, newGroup } from "../src/target.ts";

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
  const { id, pts, seq } = await newGroup(alice, bob, carol, dave, listener);
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
