const bytesOfId = 16;

/** @returns a random name of 128 bits, as base64url */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(bytesOfId));
  return Buffer.from(bytes.buffer).toString("base64url");
}
