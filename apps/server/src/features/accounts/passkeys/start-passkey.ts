import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Confirmation } from "../confirmation.ts";
import type { Passkeys } from "./passkeys.ts";

export interface StartPasskeyDeps {
  readonly confirmation: Confirmation;
  readonly passkeys: Passkeys;
}

export function startPasskeyOperation({ confirmation, passkeys }: StartPasskeyDeps): Operation {
  return defineOperation(operations.startPasskey, {
    handle: async ({ password }, actor, origin) => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not make passkeys for here.");
      const confirmed = await confirmation.of(actor, password);
      return confirmed.ok ? ok(await passkeys.creationFor(actor)) : confirmed;
    },
    rest: (options) => ({ body: { options } }),
  });
}
