/** How JSON.stringify writes bytes by itself: as an object of numbered properties, or as Buffers want to be written. */
const traceOfBytes = ['{"0":', "{}", '{"type":"Buffer"'];

/**
 * @returns the value as JSON; bytes become base64, as the reference server writes them, and what JSON has no word for,
 * like undefined or a function, becomes null
 * @throws TypeError on a cycle
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  // A replacer is slow, so it is used only where there may be bytes: looking for them in the text costs next to nothing.
  return traceOfBytes.some((trace) => text.includes(trace)) ? JSON.stringify(value, withBase64) : text;
}

/** Buffers have a way of their own to become JSON, so it is the holder that is asked, before that happens. */
function withBase64(this: Readonly<Record<string, unknown>>, key: string, written: unknown): unknown {
  const value = this[key];
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : written;
}
