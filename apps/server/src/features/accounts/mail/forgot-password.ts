import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import type { Postbox } from "./postbox.ts";

export interface ForgotPasswordDeps {
  readonly db: Database;
  readonly postbox: Postbox;
}

/** Does the same for every address: whether it has an account is looked up when the mail is sent. */
export function forgotPasswordOperation({ db, postbox }: ForgotPasswordDeps): Operation {
  return definePublicOperation(operations.forgotPassword, {
    handle: async ({ email }) => {
      await postbox.post(db, { kind: "resetPassword", userId: null, address: email });
      postbox.posted();
      return ok(null);
    },
    rest: (body) => ({ body }),
  });
}
