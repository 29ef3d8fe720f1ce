import { expect } from "bun:test";
import { newConversationId, newMessageId, type OperationName } from "@hubbub/contract";
import type { Account } from "./account.ts";
import { type Answer, problemOf } from "./api.ts";
import { failure } from "./failure.ts";
import type { HubClient } from "./hub.ts";
import { conversationOperations, messageOperations, sampleRequests } from "./samples.ts";
import { alice, api } from "./target.ts";

/** Everything of an answer but what is different at every request. */
function comparable(answer: Answer): unknown {
  const { traceId } = problemOf(answer);
  const headers = Object.fromEntries(answer.headers);
  delete headers["date"];
  const text = JSON.stringify({ status: answer.status, headers, text: answer.text });
  return text.replaceAll(traceId, "…");
}

/** Each of these operations answers the same, byte for byte, as it does of what was never there. */
async function expectAlike(
  { token }: Account,
  names: readonly OperationName[],
  conversationId: string,
  messageId: string,
): Promise<void> {
  const absent = newConversationId();
  for (const name of names) {
    const real = sampleRequests(conversationId, alice.user.id, messageId)[name];
    const none = sampleRequests(absent, alice.user.id, newMessageId(absent))[name];
    const expected = await api.send(name, Object(none), { token });
    expect(problemOf(expected)).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect({ name, answer: comparable(await api.send(name, Object(real), { token })) }).toEqual({
      name,
      answer: comparable(expected),
    });
  }
}

/** For this person, by every route and hub method, the message is as if it did not exist. */
export async function expectMessageUnseen(person: Account, hub: HubClient, messageId: string): Promise<void> {
  const absent = newConversationId();
  await expectAlike(person, messageOperations, absent, messageId);
  for (const name of ["editMessage", "deleteMessage", "react", "unreact"] as const) {
    const change = { ...sampleRequests(absent, alice.user.id, newMessageId(absent))[name] };
    const refused = await failure(hub.call(name, change));
    expect(refused).toContain("NOT_FOUND: ");
    expect(await failure(hub.call(name, { ...change, messageId }))).toBe(refused);
  }
}

/** For this person, by every route and hub method, the conversation and its message are as if they did not exist. */
export async function expectUnseen(
  person: Account,
  hub: HubClient,
  conversationId: string,
  messageId: string,
): Promise<void> {
  const absent = newConversationId();
  const { token } = person;
  await expectAlike(person, [...conversationOperations, ...messageOperations], conversationId, messageId);
  await expectMessageUnseen(person, hub, messageId);

  const message = { clientMessageId: crypto.randomUUID(), text: "Let me in" };
  const refused = await failure(hub.send({ conversationId: absent, ...message }));
  expect(refused).toContain("NOT_FOUND: ");
  expect(await failure(hub.send({ conversationId, ...message }))).toBe(refused);

  const { epoch } = await api.call("sync", {}, token);
  for (const known of [{ epoch }, {}]) {
    const nothing = await api.call("sync", { ...known, conversations: { [absent]: 0 } }, token);
    expect(nothing.conversations).toEqual([]);
    expect(await api.call("sync", { ...known, conversations: { [conversationId]: 0 } }, token)).toEqual(nothing);
    expect(await hub.sync({ ...known, conversations: { [conversationId]: 0 } })).toEqual(nothing);
  }
  const { items } = await api.call("listConversations", { limit: 200 }, token);
  expect(items.map((conversation): string => conversation.id)).not.toContain(conversationId);
}
