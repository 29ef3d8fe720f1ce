import { errors } from "@hubbub/contract";
import { Unavailable } from "../ports/conversation-writer.ts";
import type { Failure } from "./result.ts";

/** The sentence that people read. */
export function sentenceOf({ code, detail }: Failure): string {
  return detail ?? errors[code].text;
}

/** What an operation that threw is told as. Only `INTERNAL` is our fault, and to be logged. */
export function failureOfThrown(error: unknown): Failure {
  return { code: error instanceof Unavailable ? "UNAVAILABLE" : "INTERNAL" };
}
