import { z } from "zod";
import { mediaId } from "../ids.ts";
import { bio, displayName, language, ownUser, timeZone } from "../objects/user.ts";
import { operation } from "../operation.ts";

/** Changes the caller's profile; fields that are not sent stay as they are, null takes one away. */
export const updateOwnUser = operation({
  summary: "Changes the caller's profile; fields that are not sent stay as they are.",
  kind: "command",
  access: "signedIn",
  route: { method: "PATCH", path: "/users/me", status: 200 },
  input: z
    .strictObject({
      displayName: displayName.optional(),
      bio: bio.nullable().optional(),
      /** What the caller uploaded with the purpose `avatar`, once it is `active`. */
      avatarMediaId: mediaId.nullable().optional(),
      timeZone: timeZone.nullable().optional(),
      language: language.nullable().optional(),
    })
    .refine((input) => Object.keys(input).length > 0, "must change at least one field"),
  output: z.object({ user: ownUser }),
});
