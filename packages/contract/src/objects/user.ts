import { z } from "zod";
import { userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { lineOfText } from "../text.ts";

export const username = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9._-]{3,32}$/, "must be 3 to 32 of a-z, 0-9, '.', '_' and '-'");

export const displayName = lineOfText(limits.displayName);

/** What anyone signed in may see of a person: never e-mail addresses, hashes or flags. */
export const user = z.object({ id: userId, username: z.string(), displayName: z.string() });
export type User = z.infer<typeof user>;
