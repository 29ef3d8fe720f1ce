import { createRequire } from "node:module";
import { combinationsIn, forwardedCombinations } from "./combination.ts";
import type { Library } from "./library.ts";
import { runScripts } from "./scripts/index.ts";

// node in-node.mjs <folder of the package> <address of the fixture> all|forwarded: a line of JSON for each combination, as it ends.
const [folder = "", control = "", set] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const library: Library = { ...load("@microsoft/signalr"), ...load("@microsoft/signalr-protocol-msgpack") };

for (const combination of set === "forwarded" ? forwardedCombinations() : combinationsIn("Node")) {
  process.stdout.write(`${JSON.stringify(await runScripts(library, combination, control))}\n`);
}
