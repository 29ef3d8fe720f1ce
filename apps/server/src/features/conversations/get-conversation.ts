import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { viewConversation } from "./conversation-view.ts";

export function getConversationOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getConversation, {
    handle: async ({ conversationId }, { userId }) => {
      const conversation = await viewConversation(db, conversationId, userId);
      return conversation === undefined ? fail("NOT_FOUND") : ok({ conversation });
    },
    rest: (body) => ({ body }),
  });
}
