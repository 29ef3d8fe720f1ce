import { type ErrorCode, errors, type FieldError, isErrorCode, type Problem } from "@hubbub/contract";

/** What the contract names, and two that arise on this side: no answer came, or one that cannot be read. */
export type HubbubErrorCode = ErrorCode | "NETWORK" | "UNEXPECTED_ANSWER";

interface HubbubErrorFields {
  readonly code: HubbubErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly errors?: readonly FieldError[] | undefined;
  readonly until?: string | undefined;
  readonly cause?: unknown;
}

/** Every failure of the SDK's calls. `retryable`: the same call may succeed later, unchanged. */
export class HubbubError extends Error {
  readonly code: HubbubErrorCode;
  /** A sentence for people. */
  readonly detail: string;
  readonly retryable: boolean;
  /** By field of the input; empty where the failure belongs to none. */
  readonly errors: readonly FieldError[];
  /** When it ends, of what ends by itself; an ISO timestamp. */
  readonly until: string | undefined;

  constructor({ code, detail, retryable, errors = [], until, cause }: HubbubErrorFields) {
    super(`${code}: ${detail}`, { cause });
    this.name = "HubbubError";
    this.code = code;
    this.detail = detail;
    this.retryable = retryable;
    this.errors = errors;
    this.until = until;
  }

  /** From an RFC 9457 answer. A code this version does not know is judged by its status. */
  static fromProblem({ code, detail, status, errors: fields, until }: Problem): HubbubError {
    if (isErrorCode(code))
      return new HubbubError({ code, detail, retryable: errors[code].retryable, errors: fields, until });
    return HubbubError.fromStatus(status, detail);
  }

  /** From an answer without a problem body: a proxy's, or of a newer server. */
  static fromStatus(status: number, detail?: string): HubbubError {
    const retryable = status === 429 || status === 502 || status === 503 || status === 504;
    return new HubbubError({
      code: retryable ? "UNAVAILABLE" : "UNEXPECTED_ANSWER",
      detail: detail ?? `The server answered with status ${status}.`,
      retryable,
    });
  }

  /**
   * From a rejected hub invocation, whose message is `CODE: sentence`. Anything else means that the connection ended
   * before the answer.
   */
  static fromHub(cause: unknown): HubbubError {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [, code, detail] = /^([A-Z_]+): (.*)$/s.exec(message) ?? [];
    if (code !== undefined && detail !== undefined && isErrorCode(code))
      return new HubbubError({ code, detail, retryable: errors[code].retryable, cause });
    if (/on the server/.test(message))
      return new HubbubError({ code: "INTERNAL", detail: errors.INTERNAL.text, retryable: false, cause });
    return HubbubError.network(cause);
  }

  static unexpectedAnswer(cause: unknown): HubbubError {
    const detail = "The server's answer cannot be understood by this version.";
    return new HubbubError({ code: "UNEXPECTED_ANSWER", detail, retryable: false, cause });
  }

  static network(cause: unknown): HubbubError {
    return new HubbubError({ code: "NETWORK", detail: "The server cannot be reached.", retryable: true, cause });
  }
}
