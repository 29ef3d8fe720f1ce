import type { UserId } from "@hubbub/contract";
import type { Progress } from "@hubbub/progress";
import { openConnections } from "../../../apps/server/src/infrastructure/postgres/database.ts";
import { orderOfMessages, peopleOf, planConversations, type SeedOptions } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { makeSeedClock, removeSeedClock } from "./seed-clock.ts";
import { type WrittenConversation, writeConversations } from "./write-conversations.ts";
import { writeMarks } from "./write-marks.ts";
import { writeMessages } from "./write-messages.ts";
import { writePeople } from "./write-people.ts";
import { WriterOfTexts } from "./writer-of-texts.ts";

export { optionsFor, type SeedOptions } from "./plan.ts";

/** Connections that write messages, each to conversations of its own. */
const WRITERS = 2;
const DAY_MS = 86_400_000;

export interface Seeded {
  /** The first of them is in every conversation. */
  readonly people: readonly UserId[];
  /** The longest, then the channel with the most members, then the others. */
  readonly conversations: readonly WrittenConversation[];
  readonly firstUsername: string;
}

/**
 * Fills a database with people and what they said, as if operations had: by the same functions of the database, at times
 * in the past. What is there already stays as it is; servers may run.
 * @param passwordHash of everyone's password
 */
export async function seed(
  url: string,
  options: SeedOptions,
  passwordHash: string,
  progress: Progress,
): Promise<Seeded> {
  const sql = openConnections(url, 1);
  try {
    await makeSeedClock(sql);
    const random = seededRandom(options.seed);
    const now = Date.now();
    const begin = new Date(now - options.days * DAY_MS);
    const planned = planConversations(options, random);
    const count = peopleOf(options);
    progress.begin("people", count);
    const tag = `seed${crypto.randomUUID().slice(0, 8)}`;
    const { ids: people, firstUsername } = await writePeople(sql, { count, tag, passwordHash, at: begin }, (more) =>
      progress.advance(more),
    );
    const joining = planned.reduce((sum, { joiners: [from, to] }) => sum + to - from, 0);
    progress.begin("conversations", planned.length + joining);
    const conversations = await writeConversations(sql, { planned, people, at: begin }, (more) =>
      progress.advance(more),
    );
    progress.begin("messages", options.messages);
    const writing = Array.from({ length: WRITERS }, async (_, writer) => {
      const own = conversations.map((each, number) => ({
        number,
        messages: number % WRITERS === writer ? each.messages : 0,
      }));
      const connection = openConnections(url, 1);
      try {
        const itsRandom = seededRandom(options.seed + 1 + writer);
        await writeMessages(
          connection,
          {
            conversations,
            order: orderOfMessages(own, itsRandom),
            from: begin,
            to: new Date(now),
            random: itsRandom,
            texts: new WriterOfTexts(itsRandom),
          },
          (more) => progress.advance(more),
        );
      } finally {
        await connection.close();
      }
    });
    await Promise.all(writing);
    await writeMarks(sql, { conversations, random });
    // what a long-lived database has had done for it
    await sql.unsafe("vacuum analyze");
    return { people, conversations, firstUsername };
  } finally {
    await removeSeedClock(sql);
    await sql.close();
  }
}
