import { Unavailable } from "../ports/conversation-writer.ts";

export interface Gathering<Item> {
  /** Runs side by side; whoever asks meanwhile is gathered for the next one. */
  readonly atOnce: number;
  /** How much one item asks for, and how much one run may ask for; an item that asks for more runs alone. */
  readonly weigh: (item: Item) => number;
  readonly most: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers together what is asked for while earlier answers are on their way: thousands who ask at once cost a few
 * queries, and one who asks alone waits for nobody.
 * @param run for reads alone: where it fails for several, each is run by itself, so that one's fault is its own
 */
export function gathered<Item, Outcome extends object>(
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  { atOnce, weigh, most }: Gathering<Item>,
): (item: Item) => Promise<Outcome> {
  const queue: Waiting<Item, Outcome>[] = [];
  let running = 0;

  const take = (): Waiting<Item, Outcome>[] => {
    let weight = 0;
    const beyond = queue.findIndex(({ item }, index) => {
      weight += weigh(item);
      return index > 0 && weight > most;
    });
    return queue.splice(0, beyond < 0 ? queue.length : beyond);
  };
  const answer = async (waiting: readonly Waiting<Item, Outcome>[]): Promise<void> => {
    try {
      const outcomes = await run(waiting.map(({ item }) => item));
      for (const [index, { resolve, reject }] of waiting.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error("Someone who was gathered has no answer"));
        else resolve(outcome);
      }
    } catch (error) {
      if (waiting.length === 1 || error instanceof Unavailable) for (const { reject } of waiting) reject(error);
      else for (const each of waiting) await answer([each]);
    }
  };
  const begin = async (): Promise<void> => {
    running++;
    while (queue.length > 0) await answer(take());
    running--;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (running < atOnce) void begin();
    });
}
