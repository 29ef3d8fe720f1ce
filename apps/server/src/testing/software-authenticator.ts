import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { NewPasskeyCredential, PasskeyCreation, PasskeyCredential, PasskeyRequest } from "@hubbub/contract";

/** What a hostile browser or authenticator would say otherwise than an honest one. */
export interface Lies {
  readonly challenge?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly type?: string;
  readonly rpId?: string;
  readonly userHandle?: string;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly format?: string;
  readonly signature?: (honest: Buffer) => Buffer;
}

const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();
const text = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");

const FLAG = { present: 1, verified: 4, hasCredential: 64 } as const;

/** One passkey, ES256, as an authenticator and the browser before it would speak of it (WebAuthn Level 3). */
export class SoftwareAuthenticator {
  readonly id = randomBytes(32);
  /** Uses so far; 0 for ever where it does not count. */
  counter: number;
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #origin: string;
  readonly #counts: boolean;
  #userHandle = "";

  constructor(origin: string, { counts = true } = {}) {
    this.#origin = origin;
    this.#counts = counts;
    this.counter = counts ? 1 : 0;
  }

  create(options: PasskeyCreation, lies: Lies = {}): NewPasskeyCredential {
    this.#userHandle = options.user.id;
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), idLength, this.id, this.#publicKey()]);
    const authData = Buffer.concat([this.#head(lies.rpId ?? options.rp.id, lies, FLAG.hasCredential), attested]);
    const authDataHead = Buffer.from([0x59, authData.length >> 8, authData.length & 0xff]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      ...[cborText("fmt"), cborText(lies.format ?? "none"), cborText("attStmt"), Buffer.from([0xa0])],
      ...[cborText("authData"), authDataHead, authData],
    ]);
    const clientDataJSON = this.#clientData("webauthn.create", options.challenge, lies);
    return {
      id: text(this.id),
      type: "public-key",
      response: { clientDataJSON, attestationObject: text(attestationObject), transports: ["internal"] },
    };
  }

  get(options: PasskeyRequest, lies: Lies = {}): PasskeyCredential {
    if (this.#counts) this.counter++;
    const authenticatorData = this.#head(lies.rpId ?? options.rpId, lies);
    const clientDataJSON = this.#clientData("webauthn.get", options.challenge, lies);
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, "base64url"))]);
    const honest = sign("sha256", signed, this.#keys.privateKey);
    return {
      id: text(this.id),
      type: "public-key",
      response: {
        clientDataJSON,
        authenticatorData: text(authenticatorData),
        signature: text(lies.signature?.(honest) ?? honest),
        userHandle: lies.userHandle ?? this.#userHandle,
      },
    };
  }

  #head(rpId: string, { isPresent = true, isVerified = true }: Lies, flags = 0): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const said = flags | (isPresent ? FLAG.present : 0) | (isVerified ? FLAG.verified : 0);
    return Buffer.concat([sha256(rpId), Buffer.from([said]), counter]);
  }

  #clientData(type: string, challenge: string, lies: Lies): string {
    const { origin = this.#origin, crossOrigin = false } = lies;
    return text(
      JSON.stringify({ type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin, crossOrigin }),
    );
  }

  /** In COSE: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}. */
  #publicKey(): Buffer {
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    const coordinate = (name: number, value: string) =>
      Buffer.concat([Buffer.from([name, 0x58, 32]), Buffer.from(value, "base64url")]);
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]),
      coordinate(0x21, x),
      coordinate(0x22, y),
    ]);
  }
}

/** Of at most 23 bytes. */
function cborText(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
}
