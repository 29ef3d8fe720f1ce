import { z } from "zod";
import { mediaId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { freeText, lineOfText } from "../text.ts";
import { presenceFields } from "./user-status.ts";

export const username = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9._-]{3,32}$/, "must be 3 to 32 of a-z, 0-9, '.', '_' and '-'");

export const displayName = lineOfText(limits.displayName);

export const bio = freeText(limits.bio);

/** A name of the IANA time zone database, such as `Europe/Berlin`. */
export const timeZone = z.string().max(64).refine(isTimeZone, "must be a time zone such as Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    // offsets such as +01:00 are accepted too, but tell nothing of summer time
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

/** A language tag (BCP 47), such as `de` or `pt-BR`. */
export const language = z.string().max(35).refine(isLanguage, "must be a language tag such as en or pt-BR");

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** What anyone signed in may see of a person: never e-mail addresses, hashes or flags. */
export const user = z.object({
  id: userId,
  username: z.string(),
  displayName: z.string(),
  /** Their picture: one of the media. */
  avatarMediaId: mediaId.optional(),
  bio: z.string().optional(),
  /** The account is no more: the name stands for whoever it was. */
  isDeleted: z.literal(true).optional(),
  ...presenceFields,
  /** Absent where the person comes along with something else. */
  presence: presenceFields.presence.optional(),
});
export type User = z.infer<typeof user>;

/** What one sees of oneself. */
export const ownUser = user.extend({
  email: z.string(),
  /** Whether the address has proved to be theirs. */
  emailVerified: z.boolean(),
  /** Whether they run the server. */
  isAdmin: z.boolean(),
  timeZone: z.string().optional(),
  language: z.string().optional(),
});
export type OwnUser = z.infer<typeof ownUser>;
