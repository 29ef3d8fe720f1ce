import { expect, test } from "bun:test";
import { newConversationId, newUserId } from "@hubbub/contract";
import { toHttpRequest } from "./operation-request.ts";

const conversationId = newConversationId();

test("fields that a path names go into it, the rest into the query or the body", () => {
  expect(toHttpRequest("listMessages", { conversationId, beforeSeq: 7 })).toEqual({
    method: "GET",
    path: `/api/v1/conversations/${conversationId}/messages?beforeSeq=7`,
  });
  expect(toHttpRequest("updateConversation", { conversationId, topic: null })).toEqual({
    method: "PATCH",
    path: `/api/v1/conversations/${conversationId}`,
    body: '{"topic":null}',
  });
});

test("a list in a query is separated by commas", () => {
  const ids = [newUserId(), newUserId()];
  expect(toHttpRequest("listUsers", { ids }).path).toBe(`/api/v1/users?ids=${ids.join("%2C")}`);
});
