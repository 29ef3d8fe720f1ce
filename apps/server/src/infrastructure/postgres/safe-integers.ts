function toSafeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`int8 ${value} has no exact number in JavaScript`);
  return number;
}

/**
 * Turns every int8, which the driver gives as BigInt, into a number, in place; arrays of int8 too.
 * The one place where this is done.
 * @throws RangeError for a value beyond ±2^53, which a number would round
 */
export function toSafeIntegers(rows: readonly Record<string, unknown>[]): void {
  for (const row of rows) {
    for (const column in row) {
      const value = row[column];
      if (typeof value === "bigint") row[column] = toSafeInteger(value);
      else if (Array.isArray(value) && value.some((item) => typeof item === "bigint")) {
        row[column] = value.map((item: unknown) => (typeof item === "bigint" ? toSafeInteger(item) : item));
      }
    }
  }
}
