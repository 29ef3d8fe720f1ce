import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { Passkeys } from "./passkeys.ts";

export function removePasskeyOperation(passkeys: Passkeys): Operation {
  return defineOperation(operations.removePasskey, {
    handle: ({ passkeyId }, { userId }) => passkeys.remove(userId, passkeyId),
    rest: (body) => ({ body }),
  });
}
