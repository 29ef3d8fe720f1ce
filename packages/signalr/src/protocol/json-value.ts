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
