import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type ProtocolName, type Script, type Transcript, transcribe } from "./script.ts";
import { scripts } from "./scripts/index.ts";
import { type OracleServer, startOnBun, startOnNode } from "./servers.ts";

/** Milliseconds for a script, of which some wait for time-outs. */
const patience = 30_000;

async function recorded({ name }: Script): Promise<Transcript> {
  return Bun.file(join(import.meta.dir, "transcripts", `${name}.json`)).json();
}

/** The reference's transcript, but for what we mean to do otherwise. */
async function expected(script: Script): Promise<Transcript> {
  const transcript = { ...(await recorded(script)) };
  for (const [step, { ours }] of Object.entries(script.deviations ?? {})) {
    if (!(step in transcript)) throw new Error(`'${script.name}' has no step '${step}'.`);
    if (Bun.deepEquals(transcript[step], ours)) throw new Error(`'${script.name}': '${step}' is no deviation.`);
    transcript[step] = ours;
  }
  return transcript;
}

const runtimes = { Bun: startOnBun, Node: startOnNode } as const;

for (const [runtime, start] of Object.entries(runtimes)) {
  describe(`${runtime} answers as ASP.NET Core does`, () => {
    let server: OracleServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());
    for (const script of scripts) {
      const protocols: readonly ProtocolName[] = script.speaks ? ["json", "messagepack"] : ["json"];
      for (const protocol of protocols) {
        const title = script.speaks ? `${script.name}, ${protocol}` : script.name;
        test(
          title,
          async () => {
            const actual = await transcribe(script, { address: server.address, protocol });
            const steps = Object.entries(await expected(script)).filter(
              ([step]) => protocol === "json" || step in actual,
            );
            expect(actual).toEqual(Object.fromEntries(steps));
          },
          patience,
        );
      }
    }
  });
}
