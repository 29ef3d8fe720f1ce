import type { Combination } from "../combination.ts";
import type { World } from "../world.ts";

/** What an application does with the official client, and what it must see. */
export interface Script {
  readonly title: string;
  readonly applies?: (combination: Combination) => boolean;
  /** @returns what was seen, fit for JSON */
  run(world: World): Promise<unknown>;
  expected(combination: Combination): unknown;
}

/** Makes a script; the rules it proves stand at the beginning of its title. */
export function script(title: string, parts: Omit<Script, "title">): Script {
  return { title, ...parts };
}
