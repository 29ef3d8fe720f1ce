import { ProtocolError } from "./protocol-error.ts";

/** @throws ProtocolError when the text is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError("A message is not valid JSON.");
  }
}

/** @returns whether the value is an object with properties, and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns whether arrays and objects lie at most `levels` deep inside each other. */
export function isWithinDepth(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isWithinDepth(item, levels - 1)) return false;
    return true;
  }
  for (const item of Object.values(value)) if (!isWithinDepth(item, levels - 1)) return false;
  return true;
}

const [quote, backslash, opensArray, closesArray, opensObject, closesObject] = [34, 92, 91, 93, 123, 125];

/**
 * Looks only at brackets and strings, so that what is too deep is refused before anything is built of it: values nested
 * by the ten thousand make the garbage collector stop the process for tens of milliseconds.
 * @returns false when a JSON text is certainly nested deeper than `levels`; whether it is JSON is not looked at
 */
export function isTextWithinDepth(text: string, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) at = endOfString(text, at);
    else if (unit === opensArray || unit === opensObject) depth++;
    else if (unit === closesArray || unit === closesObject) depth--;
    if (depth > levels) return false;
  }
  return true;
}

/** @returns where the string that begins at `start` ends */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    if (unit === backslash) at++;
  }
  return text.length;
}
