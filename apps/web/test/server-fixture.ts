import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type RunningServer, runServer, type Settings } from "@hubbub/run-server";

const repository = join(import.meta.dirname, "../../..");

/** The real server with the page as its sources are now. */
export function startServer(settingsFor?: (url: string) => Settings): Promise<RunningServer> {
  execFileSync(join(repository, "node_modules/.bin/bun"), ["scripts/build-web.ts"], {
    cwd: repository,
    stdio: "inherit",
  });
  return runServer(settingsFor);
}
