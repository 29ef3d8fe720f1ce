import { operations } from "@hubbub/contract";
import { z } from "zod";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { AdministrationDeps } from "./administration-deps.ts";

const eventId = z.guid();

/** Ordered by the event's id, which begins with the time and is the cursor. */
export function listDeadLettersOperation({
  isAdmin,
  deadLetters,
}: Pick<AdministrationDeps, "isAdmin" | "deadLetters">): Operation {
  return defineAdminOperation(operations.listDeadLetters, {
    isAdmin,
    handle: async ({ cursor, limit }) => {
      if (cursor !== undefined && !eventId.safeParse(cursor).success)
        return invalid("cursor", "is not one of this list");
      const letters = await deadLetters.list(limit + 1, cursor);
      const items = letters
        .slice(0, limit)
        .map(({ conversationId, userId, traceId, createdAt, diedAt, id, event, tries, error }) => ({
          ...{ id, event, tries, error, createdAt: createdAt.toISOString(), diedAt: diedAt.toISOString() },
          ...(conversationId !== null && { conversationId }),
          ...(userId !== null && { userId }),
          ...(traceId !== null && { traceId }),
        }));
      return ok({ items, nextCursor: letters.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
