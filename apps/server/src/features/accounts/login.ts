import { operations, type SecondFactorChallenge } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import type { Passwords } from "./passwords.ts";
import type { LoginChallenges } from "./second-factor/login-challenges.ts";
import type { Grant, Sessions } from "./sessions.ts";
import { deliver, mayHaveTokenInBody, type TokenDelivery } from "./token-delivery.ts";

export interface LoginDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly challenges: LoginChallenges;
}

type Outcome =
  | { readonly kind: "done"; readonly grant: Grant; readonly delivery: TokenDelivery }
  | { readonly kind: "secondFactor"; readonly secondFactor: SecondFactorChallenge };

export function loginOperation({ db, passwords, sessions, challenges }: LoginDeps): Operation {
  return definePublicOperation(operations.login, {
    handle: async (input, origin): Promise<Result<Outcome>> => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not sign people in here.");
      const delivery = input.tokenDelivery ?? "cookie";
      if (delivery === "body" && !mayHaveTokenInBody(origin))
        return fail("FORBIDDEN", "Pages of this site get their refresh token in a cookie.");
      const name = input.login.toLowerCase();
      const account = await db
        .selectFrom("users")
        .select(["id", "password_hash"])
        .where(name.includes("@") ? "email_key" : "username", "=", name)
        .executeTakeFirst();
      const right = await passwords.verify(input.password, account?.password_hash ?? undefined);
      if (account?.password_hash == null || !right) return fail("INVALID_CREDENTIALS");
      const known = { userId: account.id, passwordHash: account.password_hash };
      const secondFactor = await challenges.create(known);
      if (secondFactor !== undefined) return ok({ kind: "secondFactor", secondFactor });
      const grant = await sessions.begin(known, input.deviceId, input.deviceName);
      return grant.ok ? ok({ kind: "done", grant: grant.value, delivery }) : grant;
    },
    rest: (outcome) =>
      outcome.kind === "done"
        ? deliver(outcome.grant, outcome.delivery)
        : { body: { secondFactor: outcome.secondFactor } },
  });
}
