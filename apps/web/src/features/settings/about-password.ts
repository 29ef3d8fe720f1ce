import { HubbubError } from "@hubbub/client";

/** A log-in's refusal names no field; here it can only be about this one. */
export function aboutPassword(error: unknown, field: string): unknown {
  if (!(error instanceof HubbubError && error.code === "INVALID_CREDENTIALS")) return error;
  const { code, detail, retryable } = error;
  const errors = [{ path: field, message: "this is not your password" }];
  return new HubbubError({ code, detail, retryable, errors, cause: error });
}
