import { problem } from "../errors.ts";

/** What was invoked without wanting an answer has failed: to the caller's connection alone. */
export const callFailed = problem.pick({ code: true, detail: true });
