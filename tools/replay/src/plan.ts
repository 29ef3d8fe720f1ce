import { username as usernameSchema } from "@hubbub/contract";
import type { LogEntry } from "./parse-irc.ts";

export interface SourceLine {
  /** Where it stands, for people: `file:line`. */
  readonly at: string;
  readonly entry: LogEntry;
}

export interface PlannedAccount {
  readonly username: string;
  readonly displayName: string;
  /** Whoever only joins and leaves needs no session. */
  speaks: boolean;
}

/** One thing to do; `account` is an index into the plan's accounts. */
export type Step =
  | { readonly kind: "add" | "remove"; readonly account: number }
  | { readonly kind: "send"; readonly account: number; readonly text: string; readonly at: string };

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

  say(nick: string, text: string, at: string): void {
    const account = this.join(nick);
    const speaker = this.accounts[account];
    if (speaker !== undefined) speaker.speaks = true;
    this.steps.push({ kind: "send", account, text, at });
  }
}

/** What must happen on a server so that the logs' conversation happens there, line by line. */
export function planReplay(lines: Iterable<SourceLine>): Plan {
  const channel = new Channel();
  const unknown: string[] = [];
  const counts = { message: 0, action: 0, empty: 0, join: 0, part: 0, rename: 0, server: 0, blank: 0, unknown: 0 };
  for (const { at, entry } of lines) {
    counts[entry.kind]++;
    switch (entry.kind) {
      case "message":
        channel.say(entry.nick, entry.text, at);
        break;
      case "action":
        channel.say(entry.nick, `* ${entry.nick} ${entry.text}`, at);
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
