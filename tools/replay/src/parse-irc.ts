/** What one line of a log says. `empty`, `server` and `unknown` are kinds of their own, so that no line is dropped unseen. */
export type LogEntry =
  | { readonly kind: "message"; readonly nick: string; readonly text: string }
  | { readonly kind: "action"; readonly nick: string; readonly text: string }
  /** Someone said nothing. */
  | { readonly kind: "empty"; readonly nick: string }
  | { readonly kind: "join" | "part"; readonly nick: string }
  | { readonly kind: "rename"; readonly nick: string; readonly to: string }
  /** Modes, net splits: what the network says. */
  | { readonly kind: "server" }
  /** A line without anything. */
  | { readonly kind: "blank" }
  | { readonly kind: "unknown" };

/** The logger of the older days puts a space after every "]" of a nick, at its end too. */
const nick = "((?:[^\\s\\]]|\\] ?)+)";
/** Some days give the time only with the first line of a minute. */
const time = "^(?:\\[\\d\\d:\\d\\d\\] ?)?";

const patterns = {
  message: new RegExp(`${time}<([^>]+)>(?: (.*))?$`, "s"),
  action: new RegExp(`${time} {1,2}\\* (\\S+)(?: (.*))?$`, "s"),
  join: new RegExp(`^=== ${nick} +\\[\\S*\\] +has joined #\\S+$`),
  part: new RegExp(`^=== ${nick} +\\[\\S*\\] +has left #`),
  rename: new RegExp(`^=== ${nick} is now known as ${nick}$`),
  server: /^=== (?:mode\/#|netjoined:|netsplit:)/,
  /** What is none of these after "===" is an action in the older days' way. */
  oldAction: new RegExp(`^=== ${nick} (.+)$`, "s"),
};

const clean = (written: string | undefined): string => (written ?? "").replaceAll(" ", "");

/** Nobody can send white space alone, so it counts as nothing said. */
const said = (kind: "message" | "action", who: string, text: string): LogEntry =>
  text.trim() === "" ? { kind: "empty", nick: who } : { kind, nick: who, text };

/** Reads one line of an IRC log, without its line end. */
export function parseLine(line: string): LogEntry {
  if (line.trim() === "") return { kind: "blank" };
  if (patterns.server.test(line)) return { kind: "server" };
  for (const kind of ["join", "part"] as const) {
    const match = patterns[kind].exec(line);
    if (match !== null) return { kind, nick: clean(match[1]) };
  }
  const renamed = patterns.rename.exec(line);
  if (renamed !== null) return { kind: "rename", nick: clean(renamed[1]), to: clean(renamed[2]) };
  const message = patterns.message.exec(line);
  if (message !== null) return said("message", clean(message[1]), message[2] ?? "");
  const action = patterns.action.exec(line) ?? patterns.oldAction.exec(line);
  if (action !== null) return said("action", clean(action[1]), action[2] ?? "");
  return { kind: "unknown" };
}

/** Reads a whole log; bytes that are no UTF-8 become U+FFFD. */
export function parseLog(bytes: Uint8Array): LogEntry[] {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map(parseLine);
}
