import type { Combination } from "../combination.ts";
import type { Library } from "../library.ts";
import { refusalOf, World } from "../world.ts";
import { calls } from "./calls.ts";
import { endings } from "./endings.ts";
import { reconnects } from "./reconnects.ts";
import { type Script, script } from "./script.ts";
import { streams } from "./streams.ts";
import { tickets } from "./tickets.ts";

/** Milliseconds within which every script is through, on a machine that is busy. */
const patience = 50_000;

const binaryOnText = [
  script("[H5] MessagePack cannot travel on server-sent events, and the client says so", {
    run: async (world) => (await refusalOf(world.build())).includes("'ServerSentEvents' does not support Binary."),
    expected: () => true,
  }),
];

function scriptsFor(combination: Combination): readonly Script[] {
  if (combination.transport === "ServerSentEvents" && combination.protocol === "messagepack") return binaryOnText;
  const all: readonly Script[] = [...calls, ...streams, ...endings, ...reconnects, ...tickets];
  return all.filter(({ applies }) => applies?.(combination) ?? true);
}

/** Title of a script → what was or must be seen. */
export type Sights = Readonly<Record<string, unknown>>;

export function expectedOf(combination: Combination): Sights {
  return Object.fromEntries(scriptsFor(combination).map(({ title, expected }) => [title, expected(combination)]));
}

/** Runs all scripts of a combination at once. @param control where ways to the servers are made and broken */
export async function runScripts(library: Library, combination: Combination, control: string): Promise<Sights> {
  const run = async (script: Script) => {
    const world = await World.open(library, combination, control);
    try {
      return await Promise.race([script.run(world), tooLate()]);
    } catch (error) {
      return { thrown: String(error) };
    } finally {
      await world.close();
    }
  };
  const seen = scriptsFor(combination).map(async (script) => [script.title, await run(script)] as const);
  return Object.fromEntries(await Promise.all(seen));
}

function tooLate(): Promise<string> {
  return new Promise((resolve) => setTimeout(resolve, patience, "It took too long."));
}
