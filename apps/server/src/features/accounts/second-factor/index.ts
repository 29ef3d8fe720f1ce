import type { Operation } from "../../../operations/operation.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";
import type { Confirmation } from "../confirmation.ts";
import type { Keys } from "../refresh-tokens.ts";
import type { Sessions } from "../sessions.ts";
import { disableTotpOperation } from "./disable-totp.ts";
import { enableTotpOperation } from "./enable-totp.ts";
import { finishLoginOperation } from "./finish-login.ts";
import { getTotpOperation } from "./get-totp.ts";
import { LoginChallenges } from "./login-challenges.ts";
import { renewRecoveryCodesOperation } from "./renew-recovery-codes.ts";
import { SecondFactor } from "./second-factor.ts";
import { setUpTotpOperation } from "./set-up-totp.ts";
import { TotpSeal } from "./totp-seal.ts";

export interface SecondFactorSliceDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly confirmation: Confirmation;
  readonly sessions: Sessions;
  readonly keys: Keys;
}

export interface SecondFactorSlice {
  readonly operations: readonly Operation[];
  readonly challenges: LoginChallenges;
  readonly cleanUp: (db: Database) => Promise<void>;
}

/** The second step of log-ins by password. */
export function createSecondFactor({
  db,
  clock,
  confirmation,
  sessions,
  keys,
}: SecondFactorSliceDeps): SecondFactorSlice {
  const secondFactor = new SecondFactor({ db, clock, seal: new TotpSeal(keys) });
  const challenges = new LoginChallenges({ db, clock, secondFactor });
  return {
    operations: [
      finishLoginOperation({ challenges, sessions }),
      getTotpOperation(secondFactor),
      setUpTotpOperation({ confirmation, secondFactor }),
      enableTotpOperation(secondFactor),
      disableTotpOperation({ confirmation, secondFactor }),
      renewRecoveryCodesOperation({ confirmation, secondFactor }),
    ],
    challenges,
    cleanUp: async (slow) => {
      await slow.deleteFrom("login_challenges").where("expires_at", "<=", new Date(clock.now())).execute();
      await secondFactor.renewSeals(slow);
    },
  };
}
