import { timingSafeEqual } from "node:crypto";
import { newUserId, operations, type User } from "@hubbub/contract";
import { definePublicOperation, type Operation, type Origin } from "../../operations/operation.ts";
import { invalid, Refused, refusable } from "../../operations/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { Postbox } from "./mail/postbox.ts";
import type { PasswordRules } from "./password-rules.ts";
import type { Passwords } from "./passwords.ts";
import { redeemRegistrationInvite } from "./registration-invites/registration-invites.ts";

/** Who may make an account. */
export type Registration = "open" | "invite" | "closed";

export interface RegisterDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly passwordRules: PasswordRules;
  readonly postbox: Postbox;
  readonly clock: Clock;
  readonly registration: Registration;
  /** From the server's log. */
  readonly setupCode: string;
  /** The server listens to this machine only. */
  readonly hostIsLoopback: boolean;
}

export function registerOperation(deps: RegisterDeps): Operation {
  return definePublicOperation(operations.register, {
    handle: async (input, origin) => {
      const complaint = deps.passwordRules.complaint(input.password, input);
      if (complaint !== undefined) return invalid("password", complaint);
      const claim = claimOf(deps, input.setupCode, origin);
      if (claim === "wrongCode") return invalid("setupCode", "is not the one in the server's log");
      const passwordHash = await deps.passwords.hash(input.password);
      const registered = await refusable(() =>
        deps.db.transaction().execute(async (tx) => {
          const user = { id: newUserId(), username: input.username, displayName: input.displayName ?? input.username };
          const { email, inviteToken } = input;
          const made = await insert(tx, deps, { claim, inviteToken }, { ...user, email, passwordHash });
          await deps.postbox.post(tx, { kind: "verifyEmail", userId: made.id, address: input.email });
          return made;
        }),
      );
      deps.postbox.posted();
      return registered;
    },
    rest: (user) => ({ body: { user } }),
  });
}

type Claim = "setupCode" | "loopback" | "none";

/** Why this registration may become the server's admin if there is none: the contract's first-admin rule. */
function claimOf(deps: RegisterDeps, setupCode: string | undefined, origin: Origin): Claim | "wrongCode" {
  if (setupCode !== undefined) {
    const given = Buffer.from(setupCode);
    const expected = Buffer.from(deps.setupCode);
    return given.length === expected.length && timingSafeEqual(given, expected) ? "setupCode" : "wrongCode";
  }
  return deps.hostIsLoopback && origin.isLoopback ? "loopback" : "none";
}

interface NewAccount extends User {
  readonly email: string;
  readonly passwordHash: string;
}

async function insert(
  tx: Transactor,
  { clock, registration }: Pick<RegisterDeps, "clock" | "registration">,
  { claim, inviteToken }: { readonly claim: Claim; readonly inviteToken: string | undefined },
  { email, passwordHash, ...user }: NewAccount,
): Promise<User> {
  // While nobody is there, registrations decide one after another who is first.
  const first = await isFirst(tx);
  const isAdmin = claim === "setupCode" ? !(await hasAdmin(tx)) : claim === "loopback" && first;
  if (!isAdmin) await admit(tx, registration, inviteToken, clock);
  const inserted = await tx
    .insertInto("users")
    .values({
      id: user.id,
      username: user.username,
      email,
      email_key: email.toLowerCase(),
      display_name: user.displayName,
      password_hash: passwordHash,
      is_admin: isAdmin,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (inserted !== undefined) return user;
  const taken = await tx.selectFrom("users").select("id").where("username", "=", user.username).executeTakeFirst();
  throw new Refused({ code: taken === undefined ? "EMAIL_TAKEN" : "USERNAME_TAKEN" });
}

async function admit(
  tx: Transactor,
  registration: Registration,
  inviteToken: string | undefined,
  clock: Clock,
): Promise<void> {
  switch (registration) {
    case "open":
      return;
    case "invite":
      if (inviteToken === undefined)
        throw new Refused({ code: "REGISTRATION_CLOSED", detail: "New accounts need an invitation here." });
      await redeemRegistrationInvite(tx, clock, inviteToken);
      return;
    case "closed":
      throw new Refused({ code: "REGISTRATION_CLOSED" });
    default:
      registration satisfies never;
  }
}

async function isFirst(tx: Transactor): Promise<boolean> {
  const anyone = () => tx.selectFrom("users").select("id").limit(1).executeTakeFirst();
  if ((await anyone()) !== undefined) return false;
  await tx.selectFrom("installation").select("only_row").forUpdate().execute();
  return (await anyone()) === undefined;
}

/** Under the same lock, as two may come with the code at once. */
async function hasAdmin(tx: Transactor): Promise<boolean> {
  await tx.selectFrom("installation").select("only_row").forUpdate().execute();
  return (
    (await tx.selectFrom("users").select("id").where("is_admin", "=", true).limit(1).executeTakeFirst()) !== undefined
  );
}
