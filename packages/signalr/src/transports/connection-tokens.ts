import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const idBytes = 16;
/** Milliseconds since 1970 take six bytes for the next eight thousand years. */
const timeBytes = 6;
const tagBytes = 16;

/** What a token of another node says. */
export interface ForeignToken {
  readonly connectionId: string;
}

/**
 * The secret tokens of negotiated connections. Nodes that share a key understand each other's: one may negotiate and
 * another open the WebSocket. Without a shared key each has its own, and a token is known where it was given.
 */
export class ConnectionTokens {
  readonly #key: Uint8Array | string;
  readonly #isShared: boolean;

  /** @param key at least 32 random bytes, the same on all nodes */
  constructor(key?: Uint8Array | string) {
    this.#key = key ?? randomBytes(32);
    this.#isShared = key !== undefined;
  }

  /** @param now milliseconds since 1970 */
  issue(connectionId: string, now: number): string {
    const body = Buffer.alloc(idBytes + timeBytes);
    body.write(connectionId, "base64url");
    body.writeUIntBE(now, idBytes, timeBytes);
    return Buffer.concat([body, this.#tagOf(body)]).toString("base64url");
  }

  /** @returns the connection that was promised, or undefined for a token that is forged or older than `lifetime` milliseconds */
  verify(token: string, now: number, lifetime: number): ForeignToken | undefined {
    const bytes = Buffer.from(token, "base64url");
    if (!this.#isShared || bytes.length !== idBytes + timeBytes + tagBytes) return undefined;
    const body = bytes.subarray(0, idBytes + timeBytes);
    if (!timingSafeEqual(bytes.subarray(idBytes + timeBytes), this.#tagOf(body))) return undefined;
    const age = now - body.readUIntBE(idBytes, timeBytes);
    return age <= lifetime ? { connectionId: body.toString("base64url", 0, idBytes) } : undefined;
  }

  #tagOf(body: Uint8Array): Buffer {
    return createHmac("sha256", this.#key).update(body).digest().subarray(0, tagBytes);
  }
}
