import { hubOnlyOperations } from "@hubbub/contract";
import { defineStream, type HubOnlyOperation } from "../../operations/hub-only-operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { readPage } from "./list-messages.ts";

/** One page, read in one statement, so that it is judged and seen as of one moment. */
export function streamHistoryOperation({ db }: { readonly db: Database }): HubOnlyOperation {
  return defineStream(hubOnlyOperations.history, async ({ conversationId, beforeSeq, limit }, { userId }) => {
    const page = await readPage(db, { conversationId, limit, ...(beforeSeq !== null && { beforeSeq }) }, userId);
    return page === undefined ? fail("NOT_FOUND") : ok(page.items);
  });
}
