import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JUnitReport, readJUnit, summarize } from "./junit.ts";

/** Runs one file of tests under the real runner and reads its report. */
function reportOf(source: string): JUnitReport {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-junit-"));
  try {
    writeFileSync(join(folder, "sample.test.ts"), source);
    const options = ["--reporter=junit", "--reporter-outfile=report.xml"];
    Bun.spawnSync([process.execPath, "test", ...options], { cwd: folder });
    return readJUnit(readFileSync(join(folder, "report.xml"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a report of Bun tells what passed and was skipped, and of each failure the file, the groups, the test and the reason", () => {
  const report = reportOf(`
    import { describe, expect, test } from "bun:test";
    describe("outer <&>", () => {
      describe("inner", () => {
        test("compares", () => expect({ a: "\\u0001]]>" }).toEqual({ a: "<b>" }));
      });
      test("throws", () => { throw new TypeError("broken & <so>"); });
      test("takes too long", () => Bun.sleep(10_000), 20);
      test.skip("waits", () => {});
      test("passes", () => {});
    });
  `);
  expect(report).toMatchObject({ passed: 1, skipped: 1, files: new Set(["sample.test.ts"]) });
  const told = report.failures.map((failure) => summarize(failure));
  expect(told).toHaveLength(3);
  expect(told[0]).toStartWith("sample.test.ts › outer <&> › inner › compares\n    AssertionError: expect(received)");
  expect(told[0]).toContain('-   "a": "<b>"');
  expect(told[1]).toStartWith("sample.test.ts › outer <&> › throws\n    TypeError: broken & <so>\n");
  expect(told[2]).toBe("sample.test.ts › outer <&> › takes too long\n    test timed out");
});

test("a report of Playwright gives its failures and its errors alike, and its skipped tests as skipped", () => {
  const report = readJUnit(`<testsuites tests="4" failures="1" skipped="1" errors="1">
    <testsuite name="a.browser.test.ts">
      <testcase name="outer › fails" classname="a.browser.test.ts">
        <system-out><![CDATA[[[ATTACHMENT|failed.png]]]]></system-out>
        <failure message="expect failed"><![CDATA[  a.browser.test.ts:2:36 › fails ─────

          Error: expect(locator).toHaveText(expected) failed
        ]]></failure>
      </testcase>
      <testcase name="throws"><error message="no" type="Error"><![CDATA[Error: no]]></error></testcase>
      <testcase name="waits"><properties><property name="skip" value=""/></properties><skipped></skipped></testcase>
      <testcase name="passes" time="1"></testcase>
    </testsuite>
  </testsuites>`);
  expect(report).toMatchObject({ passed: 1, skipped: 1 });
  const [fails, throws] = report.failures.map((failure) => summarize(failure));
  expect(fails).toStartWith("a.browser.test.ts › outer › fails\n");
  expect(fails).toContain("Error: expect(locator).toHaveText(expected) failed");
  expect(fails).not.toContain("ATTACHMENT");
  expect(throws).toBe("a.browser.test.ts › throws\n    Error: no");
});

test("a long failure is told by its first lines, and that there are more", () => {
  const text = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n\n");
  expect(summarize({ path: ["a", "b"], text }, 2)).toBe("a › b\n    line 0\n    line 1\n    …");
});
