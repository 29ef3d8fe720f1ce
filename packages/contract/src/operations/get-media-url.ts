import { z } from "zod";
import { mediaId } from "../ids.ts";
import { operation } from "../operation.ts";
import { timestamp } from "../text.ts";

/** An address to download from, without a token, until `expiresAt`; for who may have the file, once it is `active` [M4]. */
export const getMediaUrl = operation({
  summary: "Makes an address to download a file from, good for 15 minutes.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/media/{mediaId}/url", status: 200 },
  input: z.strictObject({ mediaId }),
  output: z.object({ url: z.url(), expiresAt: timestamp }),
});
