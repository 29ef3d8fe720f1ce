import { describe, expect, test } from "bun:test";
import { Redis } from "ioredis";
import { requireRedis } from "../../../../scripts/services.ts";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { messagePackProtocol } from "../protocol/messagepack-protocol.ts";
import type { InvocationMessage, Outcome } from "../protocol/messages.ts";
import type { SerializedMessage } from "../protocol/serialized-message.ts";
import { ContractNode, until } from "../testing/contract-node.ts";
import { startRedis } from "../testing/redis-server.ts";
import { type RedisRecording, readRedisRecordings } from "../testing/redis-vectors.ts";
import { TestClient } from "../testing/test-client.ts";
import { decodeInvocation } from "./backplane-protocol.ts";
import { redisBackplane } from "./redis.ts";

const program = requireRedis() ?? "";

/** Keeps what it is sent as it was framed. */
class RecordingClient extends TestClient {
  readonly frames: string[] = [];

  override enqueue(message: SerializedMessage): void {
    this.frames.push(Buffer.from(message.frame(this.protocol)).toString("hex"));
    super.enqueue(message);
  }
}

/** What the client of the recordings answered, undefined where it never did. */
function answerTo({ arguments: [question] }: InvocationMessage): Outcome | undefined {
  if (question === "hang") return undefined;
  if (question === "boom") return { kind: "error", error: "client boom" };
  return { kind: "result", result: question === "null" ? null : `ans:${question}` };
}

const isOfSecondNode = (channel: string) => channel.includes(":internal:ack:") || channel.includes(":internal:return:");

/** Plays the first node of a recording to a node of ours that stands in for the second. */
async function replay(recording: RedisRecording, redis: Redis, spy: Redis, path: string) {
  const channelPrefix = recording.title.startsWith("prefix") ? "pre:" : "";
  const factory = redisBackplane({ redis: { path }, channelPrefix, hubName: () => "Vectors.Chat" });
  const node = new ContractNode(factory);
  await node.backplane.ready;
  const id = recording.connections.get("b1") ?? "";
  const protocol = /MESSAGEPACK on node B|all clients MESSAGEPACK/.test(recording.title)
    ? messagePackProtocol
    : jsonProtocol;
  const client = new RecordingClient(id, "bob", protocol);
  client.onAsked = (invocation) => {
    const outcome = answerTo(invocation);
    if (outcome === undefined) node.local.remove(client);
    else node.local.results.complete(id, invocation.invocationId ?? "", outcome);
  };
  await node.connect(client);
  const published: [string, string][] = [];
  const note = (_pattern: string, channel: Buffer, payload: Buffer) => {
    if (isOfSecondNode(channel.toString())) published.push([channel.toString(), payload.toString("hex")]);
  };
  spy.on("pmessageBuffer", note);
  const expected: { frames: string[]; published: [string, string][] } = { frames: [], published: [] };
  let isInGroup = false;
  for (const { title, channel, payload } of recording.vectors) {
    if (isOfSecondNode(channel)) {
      expected.published.push([channel, payload.toString("hex")]);
      // The first node went on when it had heard this.
      await until(() => published.length === expected.published.length);
      continue;
    }
    await redis.publish(channel, payload);
    if (title.startsWith("add REMOTE")) isInGroup = true;
    if (title.startsWith("remove REMOTE")) isInGroup = false;
    const isForClient =
      channel.endsWith(":all") ||
      channel.endsWith(":user:bob") ||
      channel.endsWith(`:connection:${id}`) ||
      (channel.endsWith(":group:g") && isInGroup);
    if (!isForClient) continue;
    const { excludedIds, messages } = decodeInvocation(payload);
    const bytes = messages.get(protocol.name) ?? new Uint8Array();
    if (!excludedIds.includes(id)) expected.frames.push(Buffer.from(bytes).toString("hex"));
  }
  await until(() => client.frames.length >= expected.frames.length);
  spy.off("pmessageBuffer", note);
  await node.backplane.close();
  return { actual: { frames: client.frames, published }, expected };
}

describe.skipIf(program === "")("in the place of a recorded node", () => {
  test("[B1] clients get the reference's bytes, and it would get ours as its own", async () => {
    await using server = await startRedis(program);
    const connect = () => {
      const client = new Redis({ path: server.path, retryStrategy: () => 20, maxRetriesPerRequest: null });
      return client.on("error", () => undefined);
    };
    const [redis, spy] = [connect(), connect()];
    await spy.psubscribe("*");
    const recordings = readRedisRecordings();
    expect(recordings.length).toBe(5);
    for (const recording of recordings) {
      const { actual, expected } = await replay(recording, redis, spy, server.path);
      expect(expected.frames.length, recording.title).toBeGreaterThan(15);
      expect(expected.published.length, recording.title).toBeGreaterThan(5);
      expect(actual, recording.title).toEqual(expected);
    }
    redis.disconnect();
    spy.disconnect();
  });
});
