import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const results = join(import.meta.dir, "../../results");

export interface Report {
  /** What was measured, such as `signalr`. */
  readonly name: string;
  /** ISO 8601. */
  readonly date: string;
  /** Everything that was measured. */
  readonly data: object;
  readonly markdown: string;
  /** By the file name that the Markdown shows. */
  readonly charts: Readonly<Record<string, string>>;
}

/**
 * Writes `<date>-<name>.json`, `<name>.md` and its charts; the newest report of a name replaces the one before.
 * @returns the path of the Markdown
 */
export function writeReport({ name, date, data, markdown, charts }: Report): string {
  mkdirSync(results, { recursive: true });
  const earlier = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d-${name}\\.json|${name}-[a-z0-9-]+\\.svg)$`);
  for (const file of readdirSync(results)) if (earlier.test(file)) rmSync(join(results, file));
  const json = `${date.slice(0, 10)}-${name}.json`;
  writeFileSync(join(results, json), `${JSON.stringify(data, rounded, 2)}\n`);
  for (const [file, svg] of Object.entries(charts)) writeFileSync(join(results, file), svg);
  const path = join(results, `${name}.md`);
  writeFileSync(
    path,
    `${markdown.trim()}\n\nEverything measured: [${json}](${json}). Made by \`npm run bench -- ${name}\`.\n`,
  );
  return path;
}

/** No figure here is good to more than four decimals. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(4)) : value;
}
