import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const idBytes = 16;
/** Milliseconds since 1970 take six bytes for the next eight thousand years. */
const timeBytes = 6;
const flagBytes = 1;
const nodeBytes = 8;
const bodyBytes = idBytes + timeBytes + flagBytes + nodeBytes;
/** With it a token takes 64 characters of base64url, without bits that mean nothing. */
const tagBytes = 17;

/** What was promised to a client. */
export interface ConnectionPromise {
  readonly connectionId: string;
  /** Whether it was offered stateful reconnect. */
  readonly resumable: boolean;
  /** When that was, in milliseconds since 1970. */
  readonly issued: number;
}

/** What a token says. */
export interface ConnectionToken extends ConnectionPromise {
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

  issue({ connectionId, resumable, issued }: ConnectionPromise): string {
    const body = Buffer.alloc(bodyBytes);
    body.write(connectionId, "base64url");
    body.writeUIntBE(issued, idBytes, timeBytes);
    body.writeUInt8(resumable ? 1 : 0, idBytes + timeBytes);
    this.#node.copy(body, bodyBytes - nodeBytes);
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
      resumable: body.readUInt8(idBytes + timeBytes) === 1,
      node: body.toString("base64url", bodyBytes - nodeBytes),
    };
  }

  #tagOf(body: Uint8Array): Buffer {
    return createHmac("sha256", this.#key).update(body).digest().subarray(0, tagBytes);
  }
}
