import { z } from "zod";
import { account } from "../objects/account.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";
import { searchText } from "./list-users.ts";

/** By name or e-mail address, whatever people let others find. The newest first; deleted ones are gone. */
export const listAccounts = operation({
  summary:
    "Lists the accounts of the server, the newest first, or those whose name or e-mail address begins with a text.",
  kind: "query",
  access: "admin",
  route: { method: "GET", path: "/admin/users", status: 200 },
  input: z.strictObject({ query: searchText.optional(), ...page }),
  output: pageOf(account),
});
