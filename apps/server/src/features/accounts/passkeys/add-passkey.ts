import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { Passkeys } from "./passkeys.ts";

export function addPasskeyOperation(passkeys: Passkeys): Operation {
  return defineOperation(operations.addPasskey, {
    handle: ({ name, credential }, actor) => passkeys.add(actor, name, credential),
    rest: (passkey) => ({ body: { passkey } }),
  });
}
