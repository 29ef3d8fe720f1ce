import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { Identities } from "./identities.ts";

export function unlinkIdentityOperation(identities: Identities): Operation {
  return defineOperation(operations.unlinkIdentity, {
    handle: ({ provider }, { userId }) => identities.unlink(userId, provider),
    rest: (body) => ({ body }),
  });
}
