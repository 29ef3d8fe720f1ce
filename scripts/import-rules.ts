import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ICruiseResult } from "dependency-cruiser";

const repository = join(import.meta.dirname, "..");
/** The folders whose imports are judged; one that does not exist yet is left out. */
const roots = ["packages", "apps", "conformance", "tools", "scripts", "bench"];
const ours = new RegExp(`^(${roots.join("|")})/(?!.*node_modules/)`);

export interface ImportViolation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface ImportCheck {
  /** Our own modules that were read; npm's are not counted. Zero means the check saw nothing and proves nothing. */
  readonly modules: number;
  readonly violations: readonly ImportViolation[];
}

/**
 * Judges every import below `root` by the rules in `.dependency-cruiser.cjs`.
 * Throws with the tool's own words when it could not read the tree.
 */
export async function checkImports(root: string): Promise<ImportCheck> {
  const cruiser = Bun.spawn(
    [
      join(repository, "node_modules/.bin/depcruise"),
      ...["--config", join(repository, ".dependency-cruiser.cjs")],
      ...["--output-type", "json"],
      ...roots.filter((folder) => existsSync(join(root, folder))),
    ],
    { cwd: root, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  const [output, complaint] = await Promise.all([
    new Response(cruiser.stdout).text(),
    new Response(cruiser.stderr).text(),
    cruiser.exited,
  ]);
  if (!output.startsWith("{")) throw new Error(`dependency-cruiser: ${complaint.trim() || output.trim()}`);
  const { modules, summary }: ICruiseResult = JSON.parse(output);
  return {
    modules: modules.filter(({ source }) => ours.test(source)).length,
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
