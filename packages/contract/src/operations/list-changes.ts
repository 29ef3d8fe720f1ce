import { z } from "zod";
import { conversationId } from "../ids.ts";
import { change } from "../objects/change.ts";
import { operation } from "../operation.ts";
import { pageLimit, pageOf } from "../page.ts";
import { integerFromQuery } from "../text.ts";

/** A conversation's log after a pts, in order. `nextCursor` is the `afterPts` of the next page. */
export const listChanges = operation({
  summary: "Lists a conversation's log after a pts, in order.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/changes", status: 200 },
  input: z.strictObject({
    conversationId,
    afterPts: integerFromQuery(0, Number.MAX_SAFE_INTEGER).default(0),
    limit: pageLimit,
  }),
  output: pageOf(change),
});
