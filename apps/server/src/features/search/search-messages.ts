import { messageId, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { messageView } from "../conversations/index.ts";
import { findMessages, type Place, placeOf } from "./find-messages.ts";
import { highlightsOf, searchTerms } from "./search-terms.ts";

export function searchMessagesOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.searchMessages, {
    handle: async (input, { userId }) => {
      const before = input.cursor === undefined ? undefined : parseCursor(input.cursor);
      const isOfThisList = before === undefined || (before?.by === "seq") === (input.conversationId !== undefined);
      if (before === null || !isOfThisList) return invalid("cursor", "is not one of this list");
      const search = { input, userId, terms: searchTerms(input.q ?? "") };
      // nothing but marks of quotation
      if (search.terms.length === 0 && input.has === undefined) return ok({ items: [], nextCursor: null });
      const rows = await findMessages(db, search, before, input.limit + 1);
      const page = rows.slice(0, input.limit);
      const last = rows.length > input.limit ? page.at(-1) : undefined;
      return ok({
        items: page.map((row) => ({
          message: messageView(row),
          highlights: highlightsOf(row.text ?? "", search.terms),
        })),
        nextCursor: last === undefined ? null : formatCursor(placeOf(search, last)),
      });
    },
    rest: (body) => ({ body }),
  });
}

function formatCursor(place: Place): string {
  return place.by === "seq" ? String(place.seq) : `${place.at.toISOString()}_${place.id}`;
}

/** @returns null for what is no cursor of ours */
function parseCursor(cursor: string): Place | null {
  if (/^\d{1,15}$/.test(cursor)) return { by: "seq", seq: Number(cursor) };
  const [at, id, ...more] = cursor.split("_");
  const time = new Date(at ?? "");
  const parsed = messageId.safeParse(id);
  if (more.length > 0 || !parsed.success || Number.isNaN(time.getTime())) return null;
  return time.toISOString() === at ? { by: "time", at: time, id: parsed.data } : null;
}
