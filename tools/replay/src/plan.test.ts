import { expect, test } from "bun:test";
import { parseLine } from "./parse-irc.ts";
import { planReplay } from "./plan.ts";

const plan = (...lines: string[]) =>
  planReplay(lines.map((line, index) => ({ at: `log:${index + 1}`, entry: parseLine(line) })));

/** Steps as "username: what". */
function story(...lines: string[]): string[] {
  const { accounts, steps } = plan(...lines);
  return steps.map((step) => `${accounts[step.account]?.username}: ${step.kind === "send" ? step.text : step.kind}`);
}

test("joins and parts are memberships, and whoever speaks unseen is added first", () => {
  expect(
    story(
      "[09:00] <ann> hello",
      "=== bob [b@host]  has joined #x",
      "=== bob [b@host]  has joined #x",
      "[09:01]  * bob waves",
      "=== bob [b@host]  has left #x []",
      "=== bob [b@host]  has left #x []",
      "=== unseen [u@host]  has left #x []",
      "[09:02] <bob> still here",
    ),
  ).toEqual(["ann: add", "ann: hello", "bob: add", "bob: * bob waves", "bob: remove", "bob: add", "bob: still here"]);
});

test("what answers a beginning quotes it, what answers an answer does so in its thread, and what nobody said is not answered", () => {
  const lines = ["<ann> how?", "=== eve [e@host]  has joined #x", "<bob> so", "<ann> thanks", "<bob> sure", "<eve> hi"];
  const answers = [undefined, undefined, 1, 3, 4, 2];
  const { steps } = planReplay(
    lines.map((line, index) => {
      const answered = answers[index];
      return { at: `${index + 1}`, entry: parseLine(line), ...(answered !== undefined && { answers: `${answered}` }) };
    }),
  );
  const said = steps.flatMap((step) => (step.kind === "send" ? [step.answer] : []));
  expect(said).toEqual([
    undefined,
    { to: "1", thread: undefined },
    { to: "3", thread: "1" },
    { to: "4", thread: "1" },
    undefined,
  ]);
});

test("an account keeps its username through changes of its nick, and a freed nick is somebody else's", () => {
  expect(
    story(
      "<ann> one",
      "=== ann is now known as ann|away",
      "<ANN|away> two",
      "<ann> another ann",
      "=== nobody is now known as x",
    ),
  ).toEqual(["ann: add", "ann: one", "ann: two", "ann-2: add", "ann-2: another ann"]);
});

test("usernames are valid and unique, whatever the nicks", () => {
  const nicks = ["PD", "a[b]", "a{b}", "a|b|", "^^^", "x".repeat(40), "x".repeat(41), "Dr_Willis", "dr_willis"];
  const { accounts } = plan(...nicks.map((nick) => `<${nick}> hi`));
  expect(accounts.map((account) => account.username)).toEqual([
    "pd_",
    "a_b_",
    "a_b_-2",
    "a_b_-3",
    "___",
    "x".repeat(32),
    `${"x".repeat(30)}-2`,
    "dr_willis",
  ]);
});

test("every line is counted once, and who only joins needs no session", () => {
  const { counts, accounts, unknown } = plan(
    "<a> x",
    "<a>",
    "",
    "?",
    "=== b [h]  has joined #x",
    "=== mode/#x [+o a]  by b",
  );
  expect(counts).toEqual({
    message: 1,
    action: 0,
    empty: 1,
    join: 1,
    part: 0,
    rename: 0,
    server: 1,
    blank: 1,
    unknown: 1,
  });
  expect(unknown).toEqual(["log:4"]);
  expect(accounts.map((account) => account.speaks)).toEqual([true, false]);
});
