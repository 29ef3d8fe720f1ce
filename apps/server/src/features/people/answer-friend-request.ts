import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Clock } from "../../ports/clock.ts";
import { type ChangePairDeps, changePair } from "./change-pair.ts";
import { judgeAnswer } from "./friendship.ts";

export function answerFriendRequestOperation(deps: ChangePairDeps & { readonly clock: Clock }): Operation {
  return defineOperation(operations.answerFriendRequest, {
    handle: async ({ userId: peer, status }, { userId }) => {
      const now = new Date(deps.clock.now());
      const done = await changePair(deps, userId, peer, (pair) => judgeAnswer(pair, status, now));
      return done.ok ? ok(done.value === undefined ? {} : { friend: done.value }) : done;
    },
    rest: (body) => ({ body }),
  });
}
