import { SaxesParser } from "saxes";

export interface Failure {
  /** The file, the groups and the test. */
  readonly path: readonly string[];
  readonly text: string;
}

export interface JUnitReport {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  /** Those of which at least one test is told. */
  readonly files: ReadonlySet<string>;
}

const isFailure = (element: string): boolean => element === "failure" || element === "error";

/** Reads what Bun and Playwright write: the outermost suite is named after the file, a nested one after its group. */
export function readJUnit(xml: string): JUnitReport {
  const suites: string[] = [];
  const files = new Set<string>();
  const failures: Failure[] = [];
  let passed = 0;
  let skipped = 0;
  let test: { name: string; isSkipped: boolean; failure?: string } = { name: "", isSkipped: false };
  let isInFailure = false;

  const parser = new SaxesParser();
  // A failure may quote what XML forbids; the rest of the report still counts.
  parser.on("error", () => undefined);
  parser.on("opentag", ({ name, attributes }) => {
    if (name === "testsuite") suites.push(attributes["name"] ?? "");
    else if (name === "testcase") test = { name: attributes["name"] ?? "", isSkipped: false };
    else if (name === "skipped") test.isSkipped = true;
    else if (isFailure(name)) {
      isInFailure = true;
      test.failure ??= "";
    }
  });
  const addText = (text: string): void => {
    if (isInFailure) test.failure += text;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", ({ name, attributes }) => {
    if (name === "testsuite") suites.pop();
    else if (isFailure(name)) {
      isInFailure = false;
      // Of a test that took too long Bun writes the message alone.
      if (test.failure?.trim() === "") test.failure = attributes["message"] ?? "";
    } else if (name === "testcase") {
      files.add(suites[0] ?? "");
      if (test.failure !== undefined) failures.push({ path: [...suites, test.name], text: test.failure });
      else if (test.isSkipped) skipped += 1;
      else passed += 1;
    }
  });
  parser.write(xml).close();
  return { passed, skipped, failures, files };
}

/** What is told of a failure at the end of a run: where it is, and how it begins. */
export function summarize({ path, text }: Failure, maxLines = 12): string {
  const lines = Bun.stripANSI(text)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const shown = lines.slice(0, maxLines).map((line) => `    ${line.trimEnd()}`);
  return [path.join(" › "), ...shown, ...(lines.length > maxLines ? ["    …"] : [])].join("\n");
}
