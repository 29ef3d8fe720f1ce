import type { Operation } from "../../../operations/operation.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";
import type { Mailer } from "../../../ports/mailer.ts";
import type { Confirmation } from "../confirmation.ts";
import type { PasswordRules } from "../password-rules.ts";
import type { Passwords } from "../passwords.ts";
import type { Sessions } from "../sessions.ts";
import { changeEmailOperation } from "./change-email.ts";
import { forgotPasswordOperation } from "./forgot-password.ts";
import { MailTokens } from "./mail-tokens.ts";
import { Postbox } from "./postbox.ts";
import { Postman, type PostmanDeps } from "./postman.ts";
import { resendVerificationOperation } from "./resend-verification.ts";
import { resetPasswordOperation } from "./reset-password.ts";
import { verifyEmailOperation } from "./verify-email.ts";

export interface MailSettings {
  /** Under which people reach the server: where links lead. */
  readonly publicUrl: string;
}

export interface MailDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly mailer: Mailer;
  /** From which the tokens of links are derived. */
  readonly key: Uint8Array;
  readonly settings: MailSettings;
  readonly onError: (error: unknown) => void;
  readonly onFailure: PostmanDeps["onFailure"];
}

export interface Mail {
  readonly postbox: Postbox;
  readonly tokens: MailTokens;
  readonly postman: Postman;
}

export function createMail({ key, settings, ...deps }: MailDeps): Mail {
  const tokens = new MailTokens(key, deps.clock);
  const postman = new Postman({ ...deps, tokens, publicUrl: settings.publicUrl });
  return { tokens, postman, postbox: new Postbox(deps.clock, () => postman.wake()) };
}

interface MailOperationDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly passwordRules: PasswordRules;
  readonly sessions: Sessions;
  readonly confirmation: Confirmation;
}

/** What is done by links in mails. */
export function mailOperations(deps: MailOperationDeps & Mail): Operation[] {
  return [
    forgotPasswordOperation(deps),
    resetPasswordOperation(deps),
    verifyEmailOperation(deps),
    resendVerificationOperation(deps),
    changeEmailOperation(deps),
  ];
}
