import { z } from "zod";
import { userId } from "../ids.ts";
import { user } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";
import { opaqueText } from "../text.ts";

/** What the names of people begin with. */
export const searchText = opaqueText(64);

/** At most 200, separated by commas. */
export const userIdsFromQuery = z.preprocess(
  (value) => (typeof value === "string" ? value.split(",") : value),
  z.array(userId).min(1).max(200),
);

/** People by the beginning of their names, or by their ids. */
export const listUsers = operation({
  summary: "Finds people by the beginning of their names, or by their ids.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/users", status: 200 },
  input: z.strictObject({
    query: searchText.optional(),
    ids: userIdsFromQuery.optional(),
    ...page,
  }),
  output: pageOf(user),
});
