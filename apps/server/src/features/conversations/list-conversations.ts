import { conversationId, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type ListPosition, viewConversations } from "./conversation-view.ts";

export function listConversationsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listConversations, {
    handle: async ({ cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      if (cursor !== undefined && after === undefined) return invalid("cursor", "is not one of this list");
      const { items, next } = await viewConversations(db, userId, after, limit);
      return ok({ items, nextCursor: next === undefined ? null : formatCursor(next) });
    },
    rest: (body) => ({ body }),
  });
}

function formatCursor({ lastActivityAt, id }: ListPosition): string {
  return `${lastActivityAt.getTime()}_${id}`;
}

function parseCursor(cursor: string): ListPosition | undefined {
  const [time = "", id] = cursor.split("_");
  const parsed = conversationId.safeParse(id);
  return /^\d{1,15}$/.test(time) && parsed.success
    ? { lastActivityAt: new Date(Number(time)), id: parsed.data }
    : undefined;
}
