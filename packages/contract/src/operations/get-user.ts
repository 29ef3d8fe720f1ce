import { z } from "zod";
import { userId } from "../ids.ts";
import { user } from "../objects/user.ts";
import { operation } from "../operation.ts";

export const getUser = operation({
  summary: "Reads the public part of a person.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/users/{userId}", status: 200 },
  input: z.strictObject({ userId }),
  output: z.object({ user }),
});
