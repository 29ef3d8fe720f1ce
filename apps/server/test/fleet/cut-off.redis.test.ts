import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConversationId } from "@hubbub/contract";
import { startRedis } from "../../../../packages/signalr/src/testing/redis-server.ts";
import { requireRedis } from "../../../../scripts/services.ts";
import { createTestDatabase } from "../../src/testing/database.ts";
import { freePort, ServerProcess } from "../../src/testing/server-process.ts";
import { becomes, Guest } from "./fleet.ts";
import { Link } from "./link.ts";

const program = requireRedis();

/** Two nodes joined by Redis; the second one reaches Redis and the database by links that can be cut. */
async function linkedFleet() {
  const directory = mkdtempSync(join(tmpdir(), "hubbub-link-"));
  const [redisPort, linkPort] = [await freePort(), await freePort()];
  const redis = await startRedis(program ?? "", ["--port", String(redisPort), "--bind", "127.0.0.1"]);
  const database = await createTestDatabase();
  const url = new URL(database.url);
  const toDatabase = new Link(join(directory, ".s.PGSQL.5432"), { path: url.searchParams.get("path") ?? "" });
  url.searchParams.set("path", join(directory, ".s.PGSQL.5432"));
  const toRedis = new Link(linkPort, { host: "127.0.0.1", port: redisPort });
  const secret = { HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" };
  const start = (databaseUrl: string, port: number) =>
    ServerProcess.start({
      env: { DATABASE_URL: databaseUrl, REDIS_URL: `redis://127.0.0.1:${port}`, ...secret },
    });
  const whole = await start(database.url, redisPort);
  const linked = await start(url.href, linkPort);
  return {
    ...{ whole, linked, toDatabase, toRedis },
    async [Symbol.asyncDispose]() {
      toDatabase.mend();
      toRedis.mend();
      await Promise.all([whole.stop(), linked.stop()]);
      toDatabase.close();
      toRedis.close();
      await redis[Symbol.asyncDispose]();
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const about = (guest: Guest, id: string, since: number) =>
  guest.heard.filter(
    ({ at, event, payload }) =>
      at > since && event !== "RemovedFromConversation" && "conversationId" in payload && payload.conversationId === id,
  );

/** Pushes go again, in a while. */
async function saysUntilHeard(speaker: Guest, hearer: Guest, id: ConversationId): Promise<void> {
  for (const until = performance.now() + 40_000; !hearer.texts().includes("again"); await Bun.sleep(200)) {
    expect(performance.now()).toBeLessThan(until);
    await speaker.say(id, "again");
  }
}

describe.skipIf(program === undefined)("one of two nodes", () => {
  test("[L13] [L18] [L20] is cut off from Redis: its clients come to everything by themselves, a removed one hears nothing, and pushes go again afterwards", async () => {
    await using fleet = await linkedFleet();
    await using ada = await Guest.join(fleet.whole, "ada");
    await using ben = await Guest.join(fleet.linked, "ben");
    await using eve = await Guest.join(fleet.linked, "eve");
    const id = await ada.begin([ben, eve]);
    await becomes("all have it", () => ben.shown(id) >= 0 && eve.shown(id) >= 0, 5_000);
    fleet.toRedis.cut();
    await ada.person.api.call("removeMember", { conversationId: id, userId: eve.id });
    const removed = performance.now();
    for (let n = 0; n < 5; n++) await ada.say(id, `apart ${n}`);
    await ben.say(id, "from ben");
    await ben.person.api.call("markMessageAsRead", { conversationId: id, seq: 3 });
    const { conversation } = await ada.person.api.call("getConversation", { conversationId: id });
    for (const guest of [ada, ben]) await becomes("both show all", () => guest.shown(id) === conversation.pts, 40_000);
    expect(about(eve, id, removed + 1_000)).toEqual([]);
    fleet.toRedis.mend();
    await becomes("eve's store has left", () => !eve.store.getSnapshot().conversations.has(id), 40_000);
    await saysUntilHeard(ada, ben, id);
    await ada.store.loadReceipts(id);
    await becomes(
      "ben's mark is known",
      () => (ada.store.getSnapshot().conversations.get(id)?.receipts?.get(ben.id)?.readSeq ?? 0) >= 3,
      5_000,
    );
  }, 120_000);

  test("[L13] [L18] [L20] is cut off from the database: it hands on nothing that others push, and tells what was missed when it sees again", async () => {
    await using fleet = await linkedFleet();
    await using ada = await Guest.join(fleet.whole, "ada");
    await using ben = await Guest.join(fleet.linked, "ben");
    await using eve = await Guest.join(fleet.linked, "eve");
    const id = await ada.begin([ben, eve]);
    await becomes("all have it", () => ben.shown(id) >= 0 && eve.shown(id) >= 0, 5_000);
    fleet.toDatabase.cut();
    const cut = performance.now();
    await ada.person.api.call("removeMember", { conversationId: id, userId: eve.id });
    while (performance.now() - cut < 5_000) {
      await ada.say(id, "what eve may not hear");
      await Bun.sleep(50);
    }
    expect(about(eve, id, cut + 3_000)).toEqual([]);
    fleet.toDatabase.mend();
    const { conversation } = await ada.person.api.call("getConversation", { conversationId: id });
    await becomes("ben shows all", () => ben.shown(id) === conversation.pts, 40_000);
    await becomes("eve's store has left", () => !eve.store.getSnapshot().conversations.has(id), 40_000);
    expect(
      about(eve, id, cut + 3_000)
        .map(({ event }) => event)
        .filter((event) => event !== "ConversationHead"),
    ).toEqual([]);
    const late = performance.now();
    await saysUntilHeard(ada, ben, id);
    expect(about(eve, id, late)).toEqual([]);
  }, 120_000);
});
