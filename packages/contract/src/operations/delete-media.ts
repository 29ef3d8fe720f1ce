import { z } from "zod";
import { mediaId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Takes back what the caller uploaded, while nothing refers to it: else CONFLICT. To do so again changes nothing. */
export const deleteMedia = operation({
  summary: "Takes back what one uploaded, while nothing refers to it.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/media/{mediaId}", status: 204 },
  input: z.strictObject({ mediaId }),
  output: nothing,
});
