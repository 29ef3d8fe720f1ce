import type { z } from "zod";

/**
 * Checks a value that came over the wire against its schema, and refuses fields that the contract does not name: what
 * is not in the contract must not leave the server.
 */
export function strictly<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.parse(value);
  if (!Bun.deepEquals(parsed, value, true)) {
    throw new Error(`Beyond the contract: ${JSON.stringify(value)} where it has ${JSON.stringify(parsed)}`);
  }
  return parsed;
}
