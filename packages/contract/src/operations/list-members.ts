import { z } from "zod";
import { conversationId } from "../ids.ts";
import { member } from "../objects/member.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";
import { userIdsFromQuery } from "./list-users.ts";

/** The members in the order of their ids; of certain people, those who are members. */
export const listMembers = operation({
  summary: "Lists the members of a conversation in the order of their ids.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/members", status: 200 },
  input: z.strictObject({ conversationId, ids: userIdsFromQuery.optional(), ...page }),
  output: pageOf(member),
});
