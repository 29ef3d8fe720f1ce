import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { ok } from "../../../operations/result.ts";
import type { Passkeys } from "./passkeys.ts";

export function startPasskeyLoginOperation(passkeys: Passkeys): Operation {
  return definePublicOperation(operations.startPasskeyLogin, {
    handle: async () => ok(await passkeys.request()),
    rest: (options) => ({ body: { options } }),
  });
}
