import pino, { type Logger } from "pino";
import type { Config } from "./config/config.ts";
import { currentTrace } from "./ports/trace.ts";

const levelNames: Readonly<Record<number, string>> = pino.levels.labels;

/** One line for a person: time, level, what happened, and the rest as JSON. */
function readable(line: string): string {
  const { time, level, msg, ...rest }: { time: string; level: number; msg?: string } = JSON.parse(line);
  const more = Object.keys(rest).length === 0 ? "" : ` ${JSON.stringify(rest)}`;
  return `${time.slice(11, 19)} ${levelNames[level] ?? level} ${msg ?? ""}${more}\n`;
}

/** Nothing logs these on purpose; an object that is logged whole may hold them. */
const SECRETS = [
  "password",
  "newPassword",
  "currentPassword",
  "token",
  "accessToken",
  "refreshToken",
  "ticket",
  "access_token",
  "authorization",
  "cookie",
  "setupCode",
];

/** What PostgreSQL tells of a row that it refused: the row. */
const CONTENT = ["err.detail", "err.where"];

/** Logs to standard output: readable lines on a terminal, JSON anywhere else. */
export function createLogger(level: Config["logLevel"]): Logger {
  const output = process.stdout;
  const destination = output.isTTY ? { write: (line: string) => void output.write(readable(line)) } : output;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const traceId = currentTrace();
        return traceId === null ? {} : { traceId };
      },
      redact: {
        paths: [...SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), ...CONTENT],
        censor: "[secret]",
      },
    },
    destination,
  );
}
