import fc from "fast-check";

const kinds = [
  ...(["send", "send", "send", "reply", "reply", "thread", "thread", "thread", "edit", "edit", "delete"] as const),
  ...([
    "delete",
    "react",
    "react",
    "react",
    "react",
    "unreact",
    "unreact",
    "pin",
    "pin",
    "pin",
    "pin",
    "pin",
    "unpin",
  ] as const),
  ...(["forward", "forward", "forward", "add", "add", "add", "remove", "rename", "trim", "read", "choose"] as const),
];
export const emoji = ["👍", "❤️", "🎉"] as const;

export const step = fc.record({
  kind: fc.constantFrom(...kinds),
  /** Which person, counted round: the owner and the admin a little more often. */
  actor: fc.nat(10),
  /** Which message, from the newest back; or which person. */
  target: fc.nat(9),
  emoji: fc.nat(2),
  /** Whether an edit leaves the text as it is, a forward stays at home, a mark is of getting alone. */
  same: fc.boolean(),
  /** Whether no word is written. */
  silent: fc.boolean(),
  /** Which of the media that were uploaded a message refers to, of whomever and attached or not. */
  media: fc.option(fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 }),
  /** Whom a message calls: people, or everyone; nothing where nothing is said of it. */
  calls: fc.option(fc.array(fc.nat(8), { maxLength: 4 }), { nil: undefined, freq: 2 }),
  /** By person: whether they hear the push. */
  hears: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
