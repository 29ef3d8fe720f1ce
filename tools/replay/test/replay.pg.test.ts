import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");

async function run(...args: string[]) {
  const tool = Bun.spawn([process.execPath, "tools/replay/src/main.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([new Response(tool.stdout).text(), new Response(tool.stderr).text()]);
  return { code: await tool.exited, out, err };
}

test("a real conversation is stored and delivered line by line, once and in order", async () => {
  const { code, out, err } = await run(
    "tools/replay/sample/ubuntu-2006-12-10.txt",
    "tools/replay/sample/ubuntu-2008-04-20.txt",
  );
  expect({ out, err, code }).toEqual({ out: expect.any(String), err: expect.stringContaining("100 %"), code: 0 });
  const equal = "93 lines in = 93 sent = 93 stored = 93 delivered to reader 1 = 93 delivered to reader 2";
  expect(out).toContain(equal);
  expect(out).toContain("92 message, 1 action, 1 empty, 13 join, 4 part, 4 rename, 0 server, 0 blank, 0 unknown");
}, 60_000);

test("answers become quotes in the channel and threads, and lines are found by their words", async () => {
  const { code, out } = await run("tools/replay/sample/ubuntu-2008-04-20-answers.txt");
  expect({ out, code }).toEqual({ out: expect.stringContaining("Faithful: "), code: 0 });
  expect(out).toMatch(/Answers: [1-9]\d* quoted in the channel, [1-9]\d* in [1-9]\d* threads\./);
  expect(out).toContain("Search: 12 of 12 lines found by their words.");
}, 60_000);

test("a log that cannot be read, or a server that cannot be reached, is told in a line", async () => {
  const missing = await run("tools/replay/sample/nothing.txt");
  expect(missing).toMatchObject({ code: 1, out: "" });
  expect(missing.err).toContain("nothing.txt");
  const unreachable = await run("tools/replay/sample/ubuntu-2008-04-20.txt", "--url", "http://127.0.0.1:1");
  expect(unreachable.code).toBe(1);
  expect(unreachable.err.trimEnd().split("\n").at(-1)).toContain("cannot be reached");
});
