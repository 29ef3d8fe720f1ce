import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const idBytes = 16;
/** Milliseconds since 1970 take six bytes for the next eight thousand years. */
const timeBytes = 6;
const nodeBytes = 8;
const bodyBytes = idBytes + timeBytes + nodeBytes;
const tagBytes = 18;

/** What a token says. */
export interface ConnectionToken {
  readonly connectionId: string;
  /** When it was issued, in milliseconds since 1970. */
  readonly issued: number;
  /** The node that issued it. */
  readonly node: string;
}

/**
 * The secret tokens of negotiated connections. Nodes that share a key understand each other's: one may negotiate and
 * another open the WebSocket, or pass requests on to the first. Without a shared key each has its own, and a token is
 * known where it was given.
 */
export class ConnectionTokens {
  /** Names this node in its tokens; random, so that it is another one after each start. */
  readonly node: string;
  readonly isShared: boolean;
  readonly #key: Uint8Array | string;
  readonly #node = randomBytes(nodeBytes);

  /** @param key at least 32 random bytes, the same on all nodes */
  constructor(key?: Uint8Array | string) {
    this.#key = key ?? randomBytes(32);
    this.isShared = key !== undefined;
    this.node = this.#node.toString("base64url");
  }

  /** @param now milliseconds since 1970 */
  issue(connectionId: string, now: number): string {
    const body = Buffer.alloc(bodyBytes);
    body.write(connectionId, "base64url");
    body.writeUIntBE(now, idBytes, timeBytes);
    this.#node.copy(body, idBytes + timeBytes);
    return Buffer.concat([body, this.#tagOf(body)]).toString("base64url");
  }

  /** @returns what a token says, of this node or of one that shares the key; undefined for one that is forged or written in another way */
  read(token: string): ConnectionToken | undefined {
    const bytes = Buffer.from(token, "base64url");
    if (bytes.length !== bodyBytes + tagBytes || bytes.toString("base64url") !== token) {
      return undefined;
    }
    const body = bytes.subarray(0, bodyBytes);
    if (!timingSafeEqual(bytes.subarray(bodyBytes), this.#tagOf(body))) return undefined;
    return {
      connectionId: body.toString("base64url", 0, idBytes),
      issued: body.readUIntBE(idBytes, timeBytes),
      node: body.toString("base64url", idBytes + timeBytes),
    };
  }

  #tagOf(body: Uint8Array): Buffer {
    return createHmac("sha256", this.#key).update(body).digest().subarray(0, tagBytes);
  }
}
