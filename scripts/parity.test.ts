import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const noTest = "–";

interface Row {
  readonly id: string;
  readonly proof: string;
  readonly state: string;
}

/** Reads a file of the repository by its path from the root; undefined when there is none. */
type ReadFile = (path: string) => string | undefined;

const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

/** What is wrong with a row's proof, given its state; empty when nothing is. */
function proofProblems({ id, proof, state }: Row, read: ReadFile): string[] {
  if (state === "open") return proof === noTest ? [] : [`${id}: open, but names a test`];
  if (state !== "proved") return [`${id}: state "${state}" is neither open nor proved`];
  return proof.split("<br>").flatMap((reference) => {
    const [, path, name] = /^`([^`]+\.test\.tsx?|conformance\/suites\/[^`]+\.ts)` › (.+)$/.exec(reference.trim()) ?? [];
    if (path === undefined || name === undefined) return [`${id}: proof is not "\`file.test.ts\` › test name"`];
    const text = read(path);
    if (text === undefined) return [`${id}: no file ${path}`];
    const named = ['"', "'", "`"].some((quote) => text.includes(`${quote}${name}${quote}`));
    return named ? [] : [`${id}: ${path} has no test "${name}"`];
  });
}

/** Ids of one group run 01, 02, … in the order of the table, so none is lost, doubled or reused. */
function idProblems(rows: readonly Row[]): string[] {
  const last = new Map<string, number>();
  return rows.flatMap(({ id }) => {
    const [, group, number] = /^(S\d-[A-Z])(\d{2,})$/.exec(id) ?? [];
    if (group === undefined) return [`${id}: not an id like S1-E01`];
    const next = (last.get(group) ?? 0) + 1;
    last.set(group, next);
    return Number(number) === next ? [] : [`${id}: expected ${group}${String(next).padStart(2, "0")}`];
  });
}

/** The table of counts holds one true line for each system's heading (`## S1 Name`) and one for the total. */
function countProblems(text: string, rows: readonly Row[]): string[] {
  const titles = [...text.matchAll(/^## (S\d .+)$/gm)].map(([, title = ""]) => title);
  return [...titles, "Total"].flatMap((title) => {
    const own = title === "Total" ? rows : rows.filter((row) => row.id.startsWith(`${title.slice(0, 2)}-`));
    const proved = own.filter((row) => row.state === "proved").length;
    const line = `| ${title} | ${own.length} | ${own.length - proved} | ${proved} |`;
    return text.includes(`${line}\n`) ? [] : [`counts lack the line ${line}`];
  });
}

/** Everything that is wrong with a parity table, one sentence a problem. */
function parityProblems(text: string, read: ReadFile): string[] {
  const problems: string[] = [];
  const rows: Row[] = [];
  for (const line of text.match(/^\| S\d-.*$/gm) ?? []) {
    const cells = cellsOf(line);
    const [id = "", , , proof = "", state = ""] = cells;
    if (cells.length !== 5 || cells.includes("")) problems.push(`${id}: needs 5 filled cells`);
    rows.push({ id, proof, state });
  }
  for (const row of rows) problems.push(...proofProblems(row, read));
  return [...problems, ...idProblems(rows), ...countProblems(text, rows)];
}

test("every row of docs/parity.md is well formed, every proof exists, and the counts are true", () => {
  const read: ReadFile = (path) => {
    const file = join(root, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const text = readFileSync(join(root, "docs/parity.md"), "utf8");
  expect(text.match(/^## S\d /gm)).toHaveLength(5);
  expect(parityProblems(text, read)).toEqual([]);
});

test("the parity check names each kind of fault", () => {
  const read: ReadFile = (path) => (path === "a.test.ts" ? 'test("adds", () => {})' : undefined);
  const table = (rows: readonly string[], open: number, proved: number): string => {
    const counts = `${rows.length} | ${open} | ${proved} |`;
    return [`| Total | ${counts}`, `| S1 One | ${counts}`, "## S1 One", ...rows].join("\n");
  };
  const good = "| S1-E01 | theirs | ours | `a.test.ts` › adds | proved |";
  expect(parityProblems(table([good], 0, 1), read)).toEqual([]);

  const faults: readonly (readonly [row: string, problem: string])[] = [
    ["| S1-E02 | theirs | ours | open |", "S1-E02: needs 5 filled cells"],
    ["| S1-E02 | theirs |  | – | open |", "S1-E02: needs 5 filled cells"],
    ["| S1-E02 | theirs | ours | – | done |", 'S1-E02: state "done" is neither open nor proved'],
    ["| S1-E02 | theirs | ours | `a.test.ts` › adds | open |", "S1-E02: open, but names a test"],
    ["| S1-E02 | theirs | ours | – | proved |", 'S1-E02: proof is not "`file.test.ts` › test name"'],
    ["| S1-E02 | theirs | ours | `b.test.ts` › adds | proved |", "S1-E02: no file b.test.ts"],
    ["| S1-E02 | theirs | ours | `a.test.ts` › add | proved |", 'S1-E02: a.test.ts has no test "add"'],
    ["| S1-E01 | theirs | ours | – | open |", "S1-E01: expected S1-E02"],
    ["| S1-E03 | theirs | ours | – | open |", "S1-E03: expected S1-E02"],
  ];
  for (const [row, problem] of faults) expect(parityProblems(table([good, row], 1, 1), read)).toContain(problem);
  expect(parityProblems(table([good], 1, 0), read)).toEqual([
    "counts lack the line | S1 One | 1 | 0 | 1 |",
    "counts lack the line | Total | 1 | 0 | 1 |",
  ]);
});
