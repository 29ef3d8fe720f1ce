import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { markRaiser } from "./raise-marks.ts";

export function markMessageAsReadOperation(raise: ReturnType<typeof markRaiser>): Operation {
  return defineOperation(operations.markMessageAsRead, {
    handle: async ({ conversationId, seq }, { userId }) => {
      const receipt = await raise({ conversationId, userId, readSeq: seq, deliveredSeq: seq });
      return receipt === undefined ? fail("NOT_FOUND") : ok(receipt);
    },
    rest: (receipt) => ({ body: { receipt } }),
    hub: (receipt) => receipt,
  });
}
