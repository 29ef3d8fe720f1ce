import { expect, test } from "bun:test";
import { newUserId } from "@hubbub/contract";
import { systemText } from "./system-text.ts";

test("what happened is told in words, from where the reader stands", () => {
  const [own, other] = [newUserId(), newUserId()];
  const names = { subject: "You", object: "you" };
  const nameOf = (id: typeof own, place: "subject" | "object") => (id === own ? names[place] : "Bea");
  expect(systemText({ type: "memberAdded", userId: own }, other, nameOf)).toBe("Bea added you");
  expect(systemText({ type: "roleChanged", userId: other, from: "member", to: "admin" }, own, nameOf)).toBe(
    "You made Bea an admin",
  );
  expect(systemText({ type: "topicChanged", topic: null }, other, nameOf)).toBe("Bea took the topic away");
});
