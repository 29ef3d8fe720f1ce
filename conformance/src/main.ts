import { join } from "node:path";

/** `npm run conformance -- [http://address]`: the suite against a running server, or against one of its own. */
const [url, ...rest] = process.argv.slice(2);
const isUrl = url !== undefined && URL.canParse(url);
const suite = Bun.spawn(
  [process.execPath, "test", ...(isUrl ? rest : process.argv.slice(2)), "./conformance/conformance.pg.test.ts"],
  {
    cwd: join(import.meta.dir, "../.."),
    env: isUrl ? { ...process.env, HUBBUB_URL: url } : process.env,
    stdio: ["inherit", "inherit", "inherit"],
  },
);
process.exitCode = await suite.exited;
