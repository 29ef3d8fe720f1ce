const ZERO = 0x30;

/**
 * Finds a number in JSON without parsing it.
 * @param key what stands directly before the digits, such as `"n":`
 * @returns -1 when the key is not there
 */
export function numberAfter(payload: Buffer, key: string, from = 0): number {
  const found = payload.indexOf(key, from, "latin1");
  if (found < 0) return -1;
  let value = 0;
  for (let at = found + key.length; ; at++) {
    const digit = (payload[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}
