import type { HubbubApi } from "@hubbub/client";
import { type ConversationId, limits } from "@hubbub/contract";
import type { SentLine } from "./compare.ts";

/** Lines that are looked for, and how long it takes between two: a person may search five times a second. */
const [asked, pauseMs] = [12, 220];
const fewestWords = 3;

/** Words that a line can be found by; undefined where it has too few. */
function queryFor(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  if (words.length < fewestWords) return undefined;
  return words.slice(0, 12).join(" ").slice(0, limits.searchText).trim();
}

/**
 * Looks for some of the lines, evenly spread, by their words.
 * @returns where those stand that were not found
 */
export async function findMissed(
  api: Pick<HubbubApi, "call">,
  conversationId: ConversationId,
  sent: readonly SentLine[],
): Promise<{ readonly asked: number; readonly missed: readonly string[] }> {
  const wordy = sent.flatMap((line) => {
    const q = queryFor(line.text ?? "");
    return q === undefined ? [] : [{ line, q }];
  });
  const step = Math.max(1, Math.floor(wordy.length / asked));
  const chosen = wordy.filter((_, index) => index % step === 0).slice(0, asked);
  const missed: string[] = [];
  for (const { line, q } of chosen) {
    const { items } = await api.call("searchMessages", { q, conversationId, limit: limits.page.most });
    if (!items.some(({ message }) => message.id === line.id)) missed.push(line.at);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return { asked: chosen.length, missed };
}
