import { z } from "zod";
import { timestamp } from "./text.ts";

interface ErrorRow {
  /** HTTP status */
  readonly status: number;
  /** The same request may succeed later, unchanged. */
  readonly retryable: boolean;
  /** The sentence people read when the operation has nothing more exact to say. */
  readonly text: string;
}

const row = (status: number, text: string, retryable = false): ErrorRow => ({ status, retryable, text });

/** Every expected failure of every operation: code → HTTP status, whether to retry, and a sentence. */
export const errors = {
  VALIDATION_FAILED: row(400, "The request is not valid."),
  UNAUTHENTICATED: row(401, "Sign in first."),
  INVALID_CREDENTIALS: row(401, "The name or the password is wrong."),
  TOKEN_REUSED: row(401, "This session was ended because its token was used twice. Sign in again."),
  FORBIDDEN: row(403, "You may not do this."),
  RECIPIENT_UNAVAILABLE: row(403, "This person cannot be written to."),
  REGISTRATION_CLOSED: row(403, "New accounts are not accepted here."),
  NOT_FOUND: row(404, "There is nothing here, or you may not see it."),
  METHOD_NOT_ALLOWED: row(405, "This address does not take that method."),
  USERNAME_TAKEN: row(409, "This username is taken."),
  EMAIL_TAKEN: row(409, "This e-mail address has an account already."),
  ALREADY_FRIENDS: row(409, "You are friends already."),
  ALREADY_REQUESTED: row(409, "You have asked this person already."),
  CANNOT_BEFRIEND_SELF: row(409, "You cannot be your own friend."),
  NOT_FOR_DIRECT: row(409, "A direct conversation does not have this."),
  LAST_OWNER: row(409, "The last owner cannot leave; make someone else owner first."),
  CONFLICT: row(409, "Someone else changed this at the same moment."),
  INVITE_EXPIRED: row(410, "This invitation is no longer valid."),
  TOO_LARGE: row(413, "The request is too large."),
  UNSUPPORTED_TYPE: row(415, "The request's content type is not supported."),
  RATE_LIMITED: row(429, "This is too often. Try again later.", true),
  QUOTA_EXCEEDED: row(429, "You have as many of these as one may have."),
  UNAVAILABLE: row(503, "The server cannot do this right now. Try again.", true),
  INTERNAL: row(500, "Something went wrong on the server."),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errors;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errors, code);
}

export const fieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** RFC 9457 problem details, as `application/problem+json`. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  traceId: z.string(),
  errors: z.array(fieldError).optional(),
  retryAfter: z.int().optional(),
  /** When it ends, of what ends by itself. */
  until: timestamp.optional(),
});
export type Problem = z.infer<typeof problem>;
