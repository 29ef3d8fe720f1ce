import { z } from "zod";
import { limits } from "./limits.ts";

/** Of ES2024: every engine that we run on has it, a literal would ask the same of the compiler's target. */
const unicodeSets = "v";
/** Exactly one emoji as Unicode recommends it for interchange (UTS #51): joined, flagged and toned ones too. */
const oneEmoji = new RegExp("^\\p{RGI_Emoji}$", unicodeSets);
/** Asks for the picture where a character is a letter-like sign by default, such as ❤. */
const presentation = "\uFE0F";

/** The one spelling of an emoji, so that it is one reaction however a keyboard writes it. */
const spelled = (text: string): string =>
  !oneEmoji.test(text) && oneEmoji.test(text + presentation) ? text + presentation : text;

/** One emoji; also good as the last part of a path. */
export const emoji = z
  .string()
  .max(limits.emoji)
  .overwrite(spelled)
  .refine((text) => oneEmoji.test(text), "must be one emoji");
