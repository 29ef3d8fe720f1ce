import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import type { Clock } from "../../ports/clock.ts";
import { type ChangePairDeps, changePair } from "./change-pair.ts";
import { judgeRemoval } from "./friendship.ts";

export function removeFriendOperation(deps: ChangePairDeps & { readonly clock: Clock }): Operation {
  return defineOperation(operations.removeFriend, {
    handle: ({ userId: peer }, { userId }) => {
      const now = new Date(deps.clock.now());
      return changePair(deps, userId, peer, (pair) => judgeRemoval(pair, now));
    },
    rest: () => ({ body: null }),
  });
}
