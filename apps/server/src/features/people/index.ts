import type { Operation } from "../../operations/operation.ts";
import type { Database } from "../../ports/database.ts";
import { getOwnUserOperation } from "./get-own-user.ts";
import { listUsersOperation } from "./list-users.ts";

export { findUsers } from "./public-user.ts";

/** Profiles, and finding people. */
export function peopleOperations(deps: { readonly db: Database }): readonly Operation[] {
  return [getOwnUserOperation(deps), listUsersOperation(deps)];
}
