import { expect, test } from "bun:test";
import { firstDifference, type SentLine } from "./compare.ts";

const sent: SentLine[] = ["a", "b", "c"].map((id) => ({ id, senderId: "s", text: id, at: `log:${id}` }));

test("the same lines in the same order are no difference", () => {
  expect(firstDifference(sent, structuredClone(sent))).toBeUndefined();
});

test.each([
  ["lost at the end", ["a", "b"], "ends before log:c"],
  ["lost in the middle", ["a", "c"], "for log:b"],
  ["doubled", ["a", "a", "b", "c"], "for log:b"],
  ["doubled at the end", ["a", "b", "c", "c"], "goes on"],
  ["out of order", ["b", "a", "c"], "for log:a"],
])("a line %s is told with its place", (_, ids, place) => {
  const came = ids.map((id) => ({ id, senderId: "s", text: id }));
  expect(firstDifference(sent, came)).toContain(place);
});

test("another answer is a difference", () => {
  const answers: SentLine[] = [{ id: "a", senderId: "s", text: "a", at: "log:a", replyToId: "r", threadRootId: "t" }];
  expect(firstDifference(answers, structuredClone(answers))).toBeUndefined();
  for (const field of ["replyToId", "threadRootId"])
    expect(firstDifference(answers, [{ ...answers[0], id: "a", senderId: "s", [field]: undefined }])).toContain(
      "log:a",
    );
});

test("another text and another sender are differences", () => {
  expect(firstDifference(sent, [{ id: "a", senderId: "s", text: "A" }])).toContain("log:a");
  expect(firstDifference(sent, [{ id: "a", senderId: "t", text: "a" }])).toContain("log:a");
});
