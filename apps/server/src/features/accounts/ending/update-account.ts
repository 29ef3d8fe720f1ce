import { type OperationInput, operations, type UserId } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../../operations/operation.ts";
import { fail, invalid, ok, Refused, refusable } from "../../../operations/result.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import type { Outbox } from "../../../ports/outbox.ts";
import { recordAudit } from "../audit/record-audit.ts";
import type { Sessions } from "../sessions.ts";
import { accountSuspensionChanged } from "./account-events.ts";
import { accountColumns, accountView } from "./account-view.ts";
import { lockAdmins, mustNotBeLastAdmin } from "./last-admin.ts";
import { notSuspended, type SuspensionColumns, suspensionColumns } from "./suspension.ts";

export interface UpdateAccountDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly outbox: Pick<Outbox, "write" | "handOver">;
  readonly isAdmin: (user: UserId) => Promise<boolean>;
}

export function updateAccountOperation(deps: UpdateAccountDeps): Operation {
  const { db, clock, sessions, outbox, isAdmin } = deps;
  return defineAdminOperation(operations.updateAccount, {
    isAdmin,
    handle: async (input, { userId: by }) => {
      if (input.userId === by && input.isSuspended === true) return fail("FORBIDDEN", "Nobody suspends themselves.");
      if (input.suspendedUntil !== undefined && Date.parse(input.suspendedUntil) <= clock.now())
        return invalid("suspendedUntil", "must be in the future");
      const done = await refusable(() => db.transaction().execute((tx) => change(tx, deps, input, by)));
      if (!done.ok) return done;
      const { row, ended, events } = done.value;
      for (const session of ended) sessions.ended(session, "suspended");
      outbox.handOver(events);
      return ok({ user: accountView(row) });
    },
    rest: (body) => ({ body }),
  });
}

/** @throws Refused NOT_FOUND, and CONFLICT where nobody else could run the server */
async function change(
  tx: Transactor,
  { clock, sessions, outbox }: UpdateAccountDeps,
  input: OperationInput<"updateAccount">,
  by: UserId,
) {
  const { userId, isSuspended, isAdmin } = input;
  await lockAdmins(tx);
  const account = await tx
    .selectFrom("users")
    .select(["is_admin", ...suspensionColumns])
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (account === undefined) throw new Refused({ code: "NOT_FOUND" });
  const runsServer = account.is_admin && account.suspended_at === null;
  if (runsServer && (isSuspended === true || isAdmin === false)) await mustNotBeLastAdmin(tx, userId);
  const suspension = suspensionOf(input, account, clock.now());
  const changesSuspension = !isSameSuspension(account, suspension);
  const row = await tx
    .updateTable("users")
    .set({ is_admin: isAdmin ?? account.is_admin, ...suspension })
    .where("id", "=", userId)
    .returning(accountColumns)
    .executeTakeFirstOrThrow();
  if (changesSuspension)
    await recordAudit(tx, clock, by, { action: isSuspended ? "accountSuspended" : "accountLetInAgain", userId });
  if (isAdmin !== undefined && isAdmin !== account.is_admin)
    await recordAudit(tx, clock, by, { action: isAdmin ? "adminMade" : "adminUnmade", userId });
  const ended = isSuspended === true ? await sessions.endAllIn(tx, userId, "suspended") : [];
  const events = changesSuspension ? [await outbox.write(tx, accountSuspensionChanged.of(userId, by, null))] : [];
  return { row, ended, events };
}

/** What is to be; a suspension that is renewed began when it began. */
function suspensionOf(
  { isSuspended, suspensionReason, suspendedUntil }: OperationInput<"updateAccount">,
  { suspended_at, suspended_until, suspension_reason }: SuspensionColumns,
  now: number,
): SuspensionColumns {
  if (isSuspended === undefined) return { suspended_at, suspended_until, suspension_reason };
  if (!isSuspended) return notSuspended;
  return {
    suspended_at: suspended_at ?? new Date(now),
    suspended_until: suspendedUntil === undefined ? null : new Date(suspendedUntil),
    suspension_reason: suspensionReason ?? null,
  };
}

function isSameSuspension(one: SuspensionColumns, other: SuspensionColumns): boolean {
  return (
    one.suspended_at?.getTime() === other.suspended_at?.getTime() &&
    one.suspended_until?.getTime() === other.suspended_until?.getTime() &&
    one.suspension_reason === other.suspension_reason
  );
}
