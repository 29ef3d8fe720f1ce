import { attacks } from "./attacks/index.ts";

/** One attack in a process of its own: `attacker.ts address name seconds`; prints how often the server did what about it. */
const [address = "", name = "", seconds = "1"] = process.argv.slice(2);
const attack = attacks.find((one) => one.name === name);
if (attack === undefined) throw new Error(`There is no attack '${name}'.`);
const outcomes: Record<string, number> = {};
await attack.run({
  address,
  until: Date.now() + Number(seconds) * 1000,
  count(outcome) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  },
});
process.stdout.write(JSON.stringify(outcomes));
process.exit(0);
