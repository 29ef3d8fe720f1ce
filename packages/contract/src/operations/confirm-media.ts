import { z } from "zod";
import { mediaId } from "../ids.ts";
import { media } from "../objects/media.ts";
import { operation } from "../operation.ts";

/** Says that the bytes are there; the server looks at them [M1]. To do so again answers the same. */
export const confirmMedia = operation({
  summary: "Says that the bytes of an upload are there.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/media/{mediaId}/confirm", status: 200 },
  input: z.strictObject({ mediaId }),
  output: z.object({ media }),
});
