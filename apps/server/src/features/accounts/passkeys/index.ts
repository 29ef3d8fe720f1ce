import type { Operation } from "../../../operations/operation.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";
import type { Confirmation } from "../confirmation.ts";
import type { Keys } from "../refresh-tokens.ts";
import type { Sessions } from "../sessions.ts";
import { addPasskeyOperation } from "./add-passkey.ts";
import { listPasskeysOperation } from "./list-passkeys.ts";
import { loginWithPasskeyOperation } from "./login-with-passkey.ts";
import { PasskeyChallenges } from "./passkey-challenges.ts";
import { PasskeyVerifier } from "./passkey-verifier.ts";
import { Passkeys } from "./passkeys.ts";
import type { RelyingParty } from "./relying-party.ts";
import { removePasskeyOperation } from "./remove-passkey.ts";
import { renamePasskeyOperation } from "./rename-passkey.ts";
import { startPasskeyOperation } from "./start-passkey.ts";
import { startPasskeyLoginOperation } from "./start-passkey-login.ts";

export interface PasskeySliceDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly confirmation: Confirmation;
  readonly sessions: Sessions;
  readonly keys: Keys;
  readonly party: RelyingParty;
}

export interface PasskeySlice {
  readonly operations: readonly Operation[];
  readonly cleanUp: (db: Database) => Promise<void>;
}

/** Logging in by a key that a device keeps (WebAuthn). */
export function createPasskeys({ db, clock, confirmation, sessions, keys, party }: PasskeySliceDeps): PasskeySlice {
  const challenges = new PasskeyChallenges(keys, clock);
  const verifier = new PasskeyVerifier(party, challenges);
  const passkeys = new Passkeys({ db, clock, party, challenges, verifier });
  return {
    operations: [
      listPasskeysOperation(db),
      startPasskeyOperation({ confirmation, passkeys }),
      addPasskeyOperation(passkeys),
      renamePasskeyOperation(db),
      removePasskeyOperation(passkeys),
      startPasskeyLoginOperation(passkeys),
      loginWithPasskeyOperation({ passkeys, sessions }),
    ],
    cleanUp: (slow) => challenges.cleanUp(slow),
  };
}
