import type { Operation } from "../../operations/operation.ts";
import { getOwnUserOperation } from "./get-own-user.ts";
import { type FindUserDeps, getUserOperation } from "./get-user.ts";
import { getUserByUsernameOperation } from "./get-user-by-username.ts";
import { listUsersOperation } from "./list-users.ts";
import { type UpdateOwnUserDeps, updateOwnUserOperation } from "./update-own-user.ts";

export { lockPair } from "./lock-pair.ts";
export { findUsers } from "./public-user.ts";
export { mayWriteIn, mayWriteTo } from "./reach.ts";

/** Profiles, and finding people. */
export function peopleOperations(deps: UpdateOwnUserDeps & FindUserDeps): readonly Operation[] {
  return [
    // before the routes that take any id or name
    getOwnUserOperation(deps),
    updateOwnUserOperation(deps),
    listUsersOperation(deps),
    getUserByUsernameOperation(deps),
    getUserOperation(deps),
  ];
}
