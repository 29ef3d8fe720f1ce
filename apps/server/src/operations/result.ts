import type { ErrorCode, FieldError } from "@hubbub/contract";

/** An expected failure: a row of the contract's error table, with a more exact sentence where there is one. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which the same may succeed, where that is known. */
  readonly retryAfter?: number;
  /** When it ends, of what ends by itself; an ISO timestamp. */
  readonly until?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (code: ErrorCode, detail?: string): Result<never> => ({
  ok: false,
  failure: detail === undefined ? { code } : { code, detail },
});

/** A field of the input is wrong in a way that its schema cannot know. */
export const invalid = (path: string, message: string): Result<never> => ({
  ok: false,
  failure: { code: "VALIDATION_FAILED", detail: `${path} ${message}`, errors: [{ path, message }] },
});

/** Carries a failure out of a transaction, so that it is rolled back. */
export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** Runs work that may throw `Refused`. */
export async function refusable<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Refused) return { ok: false, failure: error.failure };
    throw error;
  }
}
