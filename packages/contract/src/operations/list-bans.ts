import { z } from "zod";
import { conversationId } from "../ids.ts";
import { ban } from "../objects/ban.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** Who is banned, in the order of their ids. Owners and admins only. */
export const listBans = operation({
  summary: "Lists who is banned.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/bans", status: 200 },
  input: z.strictObject({ conversationId, ...page }),
  output: pageOf(ban),
});
