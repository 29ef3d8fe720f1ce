import { z } from "zod";

/** PostgreSQL cannot store U+0000, and a lone surrogate would silently become U+FFFD there [L4]. */
const storable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;

/** One line of text for people, trimmed. @param most code points */
export const lineOfText = (most: number) =>
  z
    .string()
    .refine(storable, "must not contain U+0000 or a lone surrogate")
    .trim()
    .min(1, "must not be empty")
    .refine((text) => codePoints(text) <= most, `must have at most ${most} characters`);

export const isBlank = (text: string): boolean => text.trim() === "";

/** Free text that may be empty, kept exactly as it is. @param mostBytes of UTF-8 */
export const optionalText = (mostBytes: number) =>
  z
    .string()
    .refine(storable, "must not contain U+0000 or a lone surrogate")
    .refine((text) => utf8Bytes(text) <= mostBytes, `must have at most ${mostBytes} bytes`);

/** The same, not empty. @param mostBytes of UTF-8 */
export const freeText = (mostBytes: number) =>
  optionalText(mostBytes).refine((text) => !isBlank(text), "must not be empty");

/** Text that is compared, never shown: names to look up, tokens, cursors. @param most UTF-16 units */
export const opaqueText = (most: number) =>
  z.string().max(most).refine(storable, "must not contain U+0000 or a lone surrogate");

/** Query strings carry numbers as text; JSON carries them as they are. */
export const integerFromQuery = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int().min(least).max(most),
  );

export const timestamp = z.iso.datetime();
/** Numbers a conversation's messages, from 1, without gaps [L1]. */
export const seq = z.int().min(0);
/** Numbers a conversation's durable changes, from 1, without gaps [L1]. */
export const pts = z.int().min(0);
