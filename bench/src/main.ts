import { join } from "node:path";
import { writeChatReport } from "./chat/report.ts";
import { runChat } from "./chat/run.ts";
import { runLogin, writeLoginReport } from "./login/run.ts";
import { writeReconnectReport } from "./reconnect/report.ts";
import { runReconnect } from "./reconnect/run.ts";
import { writeSignalRReport } from "./signalr/report.ts";
import { runSignalR } from "./signalr/run.ts";
import { writeSizeReport } from "./size/report.ts";
import { runSize } from "./size/run.ts";
import { runStart, writeStartReport } from "./start/run.ts";
import { writeThresholdReport } from "./threshold/report.ts";
import { runThreshold } from "./threshold/run.ts";

const usage = `Usage: npm run bench -- <what> [part…] [--profile]
  signalr [hubbub-bun hubbub-node bun-publish ws socket.io aspnetcore]
          CPU a delivery and memory a connection, of our library and its peers
  chat    [people room sends idle] [--profile]
          the real server and PostgreSQL; --profile writes the server's CPU profile to bench/dist
  threshold
          CPU a delivery and memory a membership, natively and member by member, by the size of the group
  start   time to ready and idle memory
  login   whether the time of a refusal tells who has an account
  reconnect
          2,000 and 10,000 clients that come back at once
  size    [data directory]
          history, sync, search and lists with 10,000 and with 1,000,000 messages, which take some minutes to make; or
          with those in a directory that \`npm run seed\` has filled
Each writes its report to bench/results.`;

/** @returns the path of the report */
async function run(what: string | undefined, options: readonly string[]): Promise<string | undefined> {
  const only = options.filter((option) => !option.startsWith("--"));
  const profiles = options.includes("--profile") ? join(import.meta.dir, "../dist") : undefined;
  switch (what) {
    case "signalr":
      return writeSignalRReport(await runSignalR(only));
    case "chat":
      return writeChatReport(await runChat(only, profiles));
    case "threshold":
      return writeThresholdReport(await runThreshold());
    case "login":
      return writeLoginReport(await runLogin());
    case "start":
      return writeStartReport(await runStart());
    case "reconnect":
      return writeReconnectReport(await runReconnect());
    case "size":
      return writeSizeReport(await runSize(only[0]));
    default:
      return undefined;
  }
}

const [what, ...options] = process.argv.slice(2);
const report = await run(what, options);
console.log(report === undefined ? usage : `Report: ${report}`);
process.exit(report === undefined ? 2 : 0);
