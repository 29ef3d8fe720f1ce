import { z } from "zod";
import { userId } from "../ids.ts";
import { block } from "../objects/block.ts";
import { operation } from "../operation.ts";

/** From now on this person cannot reach the caller alone, and learns nothing of it. Ends friendship and requests. */
export const blockUser = operation({
  summary: "Blocks someone, who learns nothing of it and cannot reach the caller alone. Ends friendship and requests.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/blocks/{userId}", status: 200 },
  input: z.strictObject({ userId }),
  output: z.object({ block }),
});
