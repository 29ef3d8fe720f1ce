import { expect, test } from "bun:test";
import { newConversationId, newUserId, operations } from "@hubbub/contract";
import { RecordingBroadcaster } from "../../testing/test-node.ts";
import { StatusPushes } from "./status-pushes.ts";

test("[L22] of many marks of a member a conversation hears the first at once, and the latest each second", () => {
  const broadcaster = new RecordingBroadcaster();
  const waiting: (() => void)[] = [];
  const statuses = new StatusPushes(broadcaster, (act, milliseconds) => {
    expect(milliseconds).toBe(1_000);
    waiting.push(act);
  });
  const secondPasses = (): void => {
    for (const act of waiting.splice(0)) act();
  };
  const conversationId = operations.getConversation.input.shape.conversationId.parse(newConversationId());
  const [ann, ben] = [newUserId(), newUserId()];
  const mark = (userId: typeof ann, seq: number): void =>
    statuses.push({ conversationId, userId, deliveredSeq: seq, readSeq: seq, receiptsVersion: seq });
  const heard = () => broadcaster.pushes.splice(0).map(({ payload }) => Object(payload).readSeq);

  for (const seq of [1, 2, 4, 3]) mark(ann, seq);
  mark(ben, 5);
  expect(heard()).toEqual([1, 5]);
  secondPasses();
  expect(heard()).toEqual([4]);
  mark(ann, 6);
  expect(heard()).toEqual([]);
  secondPasses();
  expect(heard()).toEqual([6]);
  secondPasses();
  expect(waiting).toEqual([]);
  mark(ann, 7);
  expect(heard()).toEqual([7]);
});
