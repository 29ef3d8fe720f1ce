import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { messageView } from "../conversations/index.ts";
import { findVisibleMessage } from "./visible-message.ts";

export function getMessageOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getMessage, {
    handle: async ({ messageId }, { userId }) => {
      const row = await findVisibleMessage(db, messageId, userId);
      return row === undefined ? fail("NOT_FOUND") : ok({ message: messageView(row) });
    },
    rest: (body) => ({ body }),
  });
}
