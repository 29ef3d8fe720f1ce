import { z } from "zod";
import { operation } from "../operation.ts";
import { timestamp } from "../text.ts";

/**
 * One JSON document, sent while it is read: `account`, `settings`, `conversations`, `messages` and so on, each an object or
 * a list. Sections and fields are added as the server keeps more; nothing that others wrote is among them.
 */
export const exportOwnData = operation({
  summary: "Everything that the server keeps of the caller, and all that they wrote, as one JSON document.",
  kind: "query",
  access: "signedIn",
  limit: { name: "export" },
  route: { method: "GET", path: "/users/me/export", status: 200 },
  input: z.strictObject({}),
  output: z.looseObject({ exportedAt: timestamp }),
});
