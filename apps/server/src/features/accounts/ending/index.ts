import type { Operation } from "../../../operations/operation.ts";
import { type DeleteAccountDeps, deleteAccountOperation } from "./delete-account.ts";
import { type DeleteOwnUserDeps, deleteOwnUserOperation } from "./delete-own-user.ts";
import { type ListAccountsDeps, listAccountsOperation } from "./list-accounts.ts";
import { type UpdateAccountDeps, updateAccountOperation } from "./update-account.ts";

/** How accounts end: by their person, or by those who run the server. */
export function endingOperations(
  deps: DeleteOwnUserDeps & ListAccountsDeps & UpdateAccountDeps & DeleteAccountDeps,
): Operation[] {
  return [
    deleteOwnUserOperation(deps),
    listAccountsOperation(deps),
    updateAccountOperation(deps),
    deleteAccountOperation(deps),
  ];
}
