import { z } from "zod";
import { mediaId } from "../ids.ts";
import { media } from "../objects/media.ts";
import { operation } from "../operation.ts";

/** What a file is and what has become of it, for who may have it [M4]. */
export const getMedia = operation({
  summary: "Reads what a file is and what has become of it.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/media/{mediaId}", status: 200 },
  input: z.strictObject({ mediaId }),
  output: z.object({ media }),
});
