// bun conformance/oracle/record.ts [--at http://address] [script …]
// Asks ASP.NET Core's own server, and writes down what it answers. Needs the .NET SDK, or a reference that runs.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { transcribe } from "./script.ts";
import { scripts } from "./scripts/index.ts";
import { startReference } from "./servers.ts";

const transcripts = join(import.meta.dir, "transcripts");
const { values, positionals } = parseArgs({ options: { at: { type: "string" } }, allowPositionals: true });
const reference =
  values.at === undefined ? await startReference() : { address: values.at, stop: async () => undefined };
try {
  for (const script of scripts.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const { address } = reference;
    const transcript = await transcribe(script, { address, protocol: "json" });
    // What a script sees must not depend on the protocol, with the reference itself first.
    const others = script.speaks ? await transcribe(script, { address, protocol: "messagepack" }) : {};
    for (const [step, seen] of Object.entries(others)) {
      if (!Bun.deepEquals(seen, transcript[step])) throw new Error(`MessagePack shows another '${step}'.`);
    }
    await Bun.write(join(transcripts, `${script.name}.json`), `${JSON.stringify(transcript, null, 2)}\n`);
    process.stdout.write(
      `${script.name}: ${Object.keys(transcript).length} steps, ${Object.keys(others).length} with MessagePack\n`,
    );
  }
  await Bun.$`node_modules/.bin/biome format --write ${transcripts}`.cwd(join(import.meta.dir, "../..")).quiet();
} finally {
  await reference.stop();
}
