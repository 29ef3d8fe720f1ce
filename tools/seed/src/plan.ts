import { shuffle, zipfShares } from "./random.ts";

export interface SeedOptions {
  /** What people say; joining and the like come on top. */
  readonly messages: number;
  /** Beside those who are only in the largest channel. */
  readonly people: number;
  readonly conversations: number;
  /** Messages of the longest conversation. */
  readonly longest: number;
  /** Members of the largest channel. */
  readonly channelMembers: number;
  /** Over how many days, up to now, it was said. */
  readonly days: number;
  /** Of the random numbers: the same seed says the same. */
  readonly seed: number;
}

/** The sizes of a community of which so many messages are there. */
export function optionsFor(messages: number): SeedOptions {
  const tenth = Math.max(1, Math.floor(messages / 10));
  const conversations = Math.max(4, Math.min(2_000, Math.floor(messages / 100)));
  return {
    messages,
    people: Math.max(20, Math.min(2_000, tenth)),
    conversations,
    longest: tenth,
    channelMembers: tenth,
    days: 365,
    seed: 1,
  };
}

export interface PlannedConversation {
  readonly type: "direct" | "group" | "channel";
  /** Places of its first members among the people; the first owns it. */
  readonly founders: readonly number[];
  /** Who joined later, before anything was said: from which place up to, but not with, which. */
  readonly joiners: readonly [from: number, to: number];
  readonly messages: number;
}

/** Whoever is at place 0 of the people is in every conversation: the worst case of lists, searches and syncs. */
export function planConversations(options: SeedOptions, random: () => number): PlannedConversation[] {
  const { messages, people, conversations, longest, channelMembers } = options;
  // flattened at its top, so that the longest stays the longest
  const shares = zipfShares(conversations - 1, 20);
  let left = messages - longest;
  const others = shares.map((share, index) => {
    const own = index === shares.length - 1 ? left : Math.min(left, Math.round((messages - longest) * share));
    left -= own;
    return own;
  });
  return [longest, ...others].map((own, index): PlannedConversation => {
    const none = [0, 0] as const;
    if (index === 0) return { type: "group", founders: founders(people, 100, random), joiners: none, messages: own };
    if (index === 1) return { type: "channel", founders: [0], joiners: [1, channelMembers], messages: own };
    // everyone has at most one conversation with the first
    if (index % 2 === 0 && index / 2 < people)
      return { type: "direct", founders: [0, index / 2], joiners: none, messages: own };
    const type = random() < 0.2 ? "channel" : "group";
    const size = 3 + Math.floor(27 * random() * random());
    return { type, founders: founders(people, size, random), joiners: none, messages: own };
  });
}

function founders(people: number, size: number, random: () => number): number[] {
  const all = new Set([0]);
  while (all.size < Math.min(size, people)) all.add(Math.floor(random() * people));
  return [...all];
}

/** Who is needed for it. */
export function peopleOf({ people, channelMembers }: SeedOptions): number {
  return Math.max(people, channelMembers);
}

/** In which order conversations get their messages: by their number, each as often as it has messages. */
export function orderOfMessages(
  conversations: readonly { readonly number: number; readonly messages: number }[],
  random: () => number,
): Int32Array {
  const order = new Int32Array(conversations.reduce((sum, { messages }) => sum + messages, 0));
  let at = 0;
  for (const { number, messages } of conversations) {
    order.fill(number, at, at + messages);
    at += messages;
  }
  return shuffle(order, random);
}
