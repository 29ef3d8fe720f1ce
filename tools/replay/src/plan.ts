import { username as usernameSchema } from "@hubbub/contract";
import type { LogEntry } from "./parse-irc.ts";

export interface SourceLine {
  /** Where it stands, for people: `file:line`. */
  readonly at: string;
  readonly entry: LogEntry;
  /** Where the line stands that it answers. */
  readonly answers?: string;
}

export interface PlannedAccount {
  readonly username: string;
  readonly displayName: string;
  /** Whoever only joins and leaves needs no session. */
  speaks: boolean;
}

/** One thing to do; `account` is an index into the plan's accounts. */
export type Step = { readonly kind: "add" | "remove"; readonly account: number } | Sending;

export interface Sending {
  readonly kind: "send";
  readonly account: number;
  readonly text: string;
  readonly at: string;
  readonly answer: Answer | undefined;
}

/**
 * What answers a beginning quotes it in the main history; what answers an answer does so in the thread of that
 * beginning. Lines are named by where they stand.
 */
export interface Answer {
  readonly to: string;
  readonly thread: string | undefined;
}

export interface Plan {
  readonly accounts: readonly PlannedAccount[];
  readonly steps: readonly Step[];
  /** How many lines there are of each kind; they add up to the lines of the logs. */
  readonly counts: Readonly<Record<LogEntry["kind"], number>>;
  /** The lines that nobody could make sense of. */
  readonly unknown: readonly string[];
}

const longest = 32;
const shortest = 3;

/** A nick as a username: at most 32 of `[a-z0-9._-]`, not yet taken. */
function toUsername(nick: string, taken: ReadonlySet<string>): string {
  const base = nick
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, "_")
    .padEnd(shortest, "_");
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? "" : `-${n}`;
    const username = base.slice(0, longest - suffix.length) + suffix;
    if (!taken.has(username)) return usernameSchema.parse(username);
  }
}

/** Who goes by which nick at the moment, and who is in the channel. */
class Channel {
  readonly accounts: PlannedAccount[] = [];
  readonly steps: Step[] = [];
  readonly #nicks = new Map<string, number>();
  readonly #usernames = new Set<string>();
  readonly #present = new Set<number>();
  /** Of the lines said so far: where their conversation began, themselves where they begin one. */
  readonly #beginnings = new Map<string, string>();

  /** The account of a nick, with a new one where there is none. IRC knows no case in nicks. */
  #account(nick: string): number {
    const known = this.#nicks.get(nick.toLowerCase());
    if (known !== undefined) return known;
    const username = toUsername(nick, this.#usernames);
    this.#usernames.add(username);
    const account = this.accounts.push({ username, displayName: nick.slice(0, 64), speaks: false }) - 1;
    this.#nicks.set(nick.toLowerCase(), account);
    return account;
  }

  join(nick: string): number {
    const account = this.#account(nick);
    if (!this.#present.has(account)) this.steps.push({ kind: "add", account });
    this.#present.add(account);
    return account;
  }

  /** Whoever was here before the log begins may leave without ever having been seen. */
  part(nick: string): void {
    const account = this.#nicks.get(nick.toLowerCase());
    if (account !== undefined && this.#present.delete(account)) this.steps.push({ kind: "remove", account });
  }

  /** The account goes on under the new nick; the old one is free for somebody else. */
  rename(nick: string, to: string): void {
    const account = this.#nicks.get(nick.toLowerCase());
    if (account === undefined) return;
    this.#nicks.delete(nick.toLowerCase());
    this.#nicks.set(to.toLowerCase(), account);
  }

  say(nick: string, text: string, { at, answers }: SourceLine): void {
    const account = this.join(nick);
    const speaker = this.accounts[account];
    if (speaker !== undefined) speaker.speaks = true;
    const beginning = answers === undefined ? undefined : this.#beginnings.get(answers);
    this.#beginnings.set(at, beginning ?? at);
    const answer =
      answers === undefined || beginning === undefined
        ? undefined // of what nobody said, such as a joining
        : { to: answers, thread: beginning === answers ? undefined : beginning };
    this.steps.push({ kind: "send", account, text, at, answer });
  }
}

/** What must happen on a server so that the logs' conversation happens there, line by line. */
export function planReplay(lines: Iterable<SourceLine>): Plan {
  const channel = new Channel();
  const unknown: string[] = [];
  const counts = { message: 0, action: 0, empty: 0, join: 0, part: 0, rename: 0, server: 0, blank: 0, unknown: 0 };
  for (const line of lines) {
    const { at, entry } = line;
    counts[entry.kind]++;
    switch (entry.kind) {
      case "message":
        channel.say(entry.nick, entry.text, line);
        break;
      case "action":
        channel.say(entry.nick, `* ${entry.nick} ${entry.text}`, line);
        break;
      case "join":
        channel.join(entry.nick);
        break;
      case "part":
        channel.part(entry.nick);
        break;
      case "rename":
        channel.rename(entry.nick, entry.to);
        break;
      case "unknown":
        unknown.push(at);
        break;
      case "empty":
      case "server":
      case "blank":
        break;
    }
  }
  return { accounts: channel.accounts, steps: channel.steps, counts, unknown };
}
