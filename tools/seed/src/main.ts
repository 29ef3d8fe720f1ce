import { parseArgs } from "node:util";
import { Progress } from "@hubbub/progress";
import { openStorage } from "../../../apps/server/src/composition/storage.ts";
import { loadConfig } from "../../../apps/server/src/config/config.ts";
import { Passwords } from "../../../apps/server/src/features/accounts/passwords.ts";
import { createLogger } from "../../../apps/server/src/logger.ts";
import { optionsFor, type SeedOptions } from "./plan.ts";
import { seed } from "./seed.ts";

const usage = `Usage: npm run seed -- [--messages 1000000] [--people 2000] [--conversations 2000] [--longest 100000]
                 [--channel-members 100000] [--days 365] [--seed 1]
Fills the database that the settings name (DATABASE_URL, or HUBBUB_DATA_DIR while no server uses it).`;

/** @throws Error for what is no whole number from 1 on */
function readOptions(args: string[]): SeedOptions {
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(
      ["messages", "people", "conversations", "longest", "channel-members", "days", "seed"].map((name) => [
        name,
        { type: "string" as const },
      ]),
    ),
  });
  const read = (name: string, otherwise: number): number => {
    const given = values[name];
    if (given === undefined) return otherwise;
    if (typeof given !== "string" || !/^[1-9]\d{0,8}$/.test(given))
      throw new Error(`--${name} takes a whole number from 1 on.`);
    return Number(given);
  };
  const usual = optionsFor(read("messages", 1_000_000));
  const options: SeedOptions = {
    messages: usual.messages,
    people: read("people", usual.people),
    conversations: read("conversations", usual.conversations),
    longest: read("longest", usual.longest),
    channelMembers: read("channel-members", usual.channelMembers),
    days: read("days", usual.days),
    seed: read("seed", usual.seed),
  };
  if (options.longest > options.messages)
    throw new Error("The longest conversation cannot have more than all messages.");
  if (options.people < 2 || options.conversations < 3)
    throw new Error("At least 2 people and 3 conversations are needed.");
  return options;
}

async function main(options: SeedOptions): Promise<void> {
  const config = loadConfig(process.env);
  const storage = await openStorage(config, createLogger(config.logLevel));
  try {
    const password = crypto.randomUUID();
    const began = performance.now();
    const passwordHash = await new Passwords().hash(password);
    const { conversations, firstUsername } = await seed(storage.url, options, passwordHash, new Progress());
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`${options.messages} messages in ${conversations.length} conversations, in ${seconds} s.
Log in as ${firstUsername}, who is in all of them, with the password ${password}, which all of them have.`);
  } finally {
    await storage.close();
  }
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 1;
}
