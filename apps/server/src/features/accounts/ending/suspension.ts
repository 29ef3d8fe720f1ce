import type { Failure } from "../../../operations/result.ts";

/** A suspension as the row of its account has it. */
export interface SuspensionColumns {
  readonly suspended_at: Date | null;
  readonly suspended_until: Date | null;
  readonly suspension_reason: string | null;
}

export const suspensionColumns = ["suspended_at", "suspended_until", "suspension_reason"] as const;

/** What an account has that is not suspended. */
export const notSuspended: SuspensionColumns = {
  suspended_at: null,
  suspended_until: null,
  suspension_reason: null,
};

/**
 * What someone is told who proves to be the person, and may not sign in.
 * @returns undefined where nothing is against it, also in the minute in which a suspension that is over is still written down
 */
export function refusalOfSuspended(
  { suspended_at, suspended_until, suspension_reason }: SuspensionColumns,
  now: number,
): Failure | undefined {
  if (suspended_at === null || (suspended_until !== null && suspended_until.getTime() <= now)) return undefined;
  const reason = suspension_reason === null ? "." : `: ${suspension_reason}`;
  return {
    code: "FORBIDDEN",
    detail: `This account is suspended${reason}`,
    ...(suspended_until !== null && { until: suspended_until.toISOString() }),
  };
}
