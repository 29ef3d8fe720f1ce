import { afterAll, expect, test } from "bun:test";
import { ChatConnection } from "@hubbub/client";
import { type ChatEvents, newClientMessageId, newConversationId } from "@hubbub/contract";
import { createTestDatabase } from "../src/testing/database.ts";
import { ServerProcess } from "../src/testing/server-process.ts";
import { newPerson } from "./crash/person.ts";

const store = await createTestDatabase();
const server = await ServerProcess.start({
  env: { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" },
});
afterAll(async () => {
  await server.stop();
  await store.drop();
});

test("[K9] what the SDK tells and fails is heard as Error; what it calls rejects and is heard nowhere", async () => {
  const connection = new ChatConnection((await newPerson(await server.url, "ada")).api);
  const online = Promise.withResolvers<void>();
  connection.onState(({ status }) => status === "online" && online.resolve());
  const errors: ChatEvents["Error"][] = [];
  const heard = Promise.withResolvers<void>();
  connection.on("Error", (error) => {
    errors.push(error);
    heard.resolve();
  });
  const nowhere = { conversationId: newConversationId(), clientMessageId: newClientMessageId(), text: "Nowhere" };
  connection.tell("sendMessage", nowhere);
  connection.start();
  await online.promise;
  await expect(connection.call("sendMessage", nowhere)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(errors).toEqual([]);
  connection.tell("sendMessage", nowhere);
  await heard.promise;
  expect(errors.map(({ code }) => code)).toEqual(["NOT_FOUND"]);
  await connection.stop();
});
