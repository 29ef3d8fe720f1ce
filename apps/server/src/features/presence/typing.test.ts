import { expect, test } from "bun:test";
import { limits, newConversationId, newUserId } from "@hubbub/contract";
import { Typing } from "./typing.ts";

/** Time that moves when it is told to. */
function begin() {
  let now = 0;
  const timers: { readonly at: number; readonly act: () => void }[] = [];
  const typing = new Typing({ now: () => now }, (act, milliseconds) => timers.push({ at: now + milliseconds, act }));
  const said: string[] = [];
  const place = { userId: newUserId(), conversationId: newConversationId(), connection: "one" };
  return {
    typing,
    said,
    place,
    /** As the operation does. */
    type(where = place) {
      if (typing.renew(where)) return;
      typing.start(
        where,
        () => said.push("started"),
        () => said.push("stopped"),
      );
    },
    pass(milliseconds: number) {
      for (const end = now + milliseconds; ; ) {
        const next = timers.toSorted((a, b) => a.at - b.at).find(({ at }) => at <= end);
        if (next === undefined) {
          now = end;
          return;
        }
        timers.splice(timers.indexOf(next), 1);
        now = next.at;
        next.act();
      }
    },
  };
}

test("[PR7] typing that goes on is told at most every 2 s, and lasts as long as it is renewed", () => {
  const { said, type, pass } = begin();
  for (let ms = 0; ms < 10_000; ms += 250) {
    type();
    pass(250);
  }
  expect(said).toEqual(["started", "started", "started", "started", "started"]);
  pass(limits.typing.lasts - 250);
  expect(said.at(-1)).toBe("stopped");
  expect(said).toHaveLength(6);
});

test("typing that is not renewed ends by itself, once", () => {
  const { said, type, pass, typing, place } = begin();
  type();
  pass(limits.typing.lasts - 1);
  expect(said).toEqual(["started"]);
  pass(1);
  expect(said).toEqual(["started", "stopped"]);
  typing.stop(place);
  pass(60_000);
  expect(said).toEqual(["started", "stopped"]);
});

test("the pause is a person's, whichever conversation they type in; an end is told only of what was told", () => {
  const { said, type, pass, typing, place } = begin();
  const elsewhere = { ...place, conversationId: newConversationId() };
  type();
  type(elsewhere);
  expect(said).toEqual(["started"]);
  typing.stop(elsewhere);
  expect(said).toEqual(["started"]);
  pass(limits.typing.pause);
  type(elsewhere);
  expect(said).toEqual(["started", "started"]);
});

test("typing ends with its connection, not with another one of the same person", () => {
  const { said, type, typing } = begin();
  type();
  typing.left("another");
  expect(said).toEqual(["started"]);
  typing.left("one");
  expect(said).toEqual(["started", "stopped"]);
});
