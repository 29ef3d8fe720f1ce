import { catchers, type Mutation } from "./mutation.ts";

/** The list as `docs/mutations.md` has it. */
export function tableOf(mutations: readonly Mutation[]): string {
  const rows = mutations.map(({ name, caughtBy, seed }) => `| ${name} | \`${catchers[caughtBy].file}\` | ${seed} |\n`);
  return `| Mistake | Caught by | Seed |\n|---|---|---|\n${rows.join("")}`;
}
