import { expect, test } from "bun:test";
import { parseReplies } from "./parse-replies.ts";

test("a line answers the nearest of those it is linked to, and beginnings answer nothing", () => {
  const links = "3 3 -\n3 5 -\n4 5 -\n9 7 -\r\n1 2\nsome words\n";
  expect([...parseReplies(links)]).toEqual([
    [5, 4],
    [9, 7],
  ]);
});
