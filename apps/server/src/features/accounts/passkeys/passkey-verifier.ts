import type { NewPasskeyCredential, PasskeyCredential, UserId } from "@hubbub/contract";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject, decodeClientDataJSON } from "@simplewebauthn/server/helpers";
import type { ChallengePurpose, OpenedChallenge, PasskeyChallenges } from "./passkey-challenges.ts";
import type { RelyingParty } from "./relying-party.ts";

/** COSE's numbers of EdDSA, ES256 and RS256: what authenticators can do. */
export const algorithms = [-8, -7, -257];

/** What is kept of a passkey to know it again. */
export interface KnownPasskey {
  readonly userId: UserId;
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

export interface VerifiedCreation {
  readonly challenge: OpenedChallenge;
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly backedUp: boolean;
}

export interface VerifiedUse {
  readonly challenge: OpenedChallenge;
  readonly counter: number;
  readonly backedUp: boolean;
}

/** What an authenticator said: by our challenge, for our pages, after it knew its person. */
export class PasskeyVerifier {
  readonly #party: RelyingParty;
  readonly #challenges: PasskeyChallenges;

  constructor(party: RelyingParty, challenges: PasskeyChallenges) {
    this.#party = party;
    this.#challenges = challenges;
  }

  /** @returns undefined where anything is wrong */
  creation({ id, type, response }: NewPasskeyCredential, purpose: ChallengePurpose) {
    return refusing(async (): Promise<VerifiedCreation | undefined> => {
      const expected = await this.#expected(response.clientDataJSON, purpose);
      if (expected === undefined || !isUncertified(response.attestationObject)) return undefined;
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        ...expected.options,
        response: { id, rawId: id, type, clientExtensionResults: {}, response: withoutTransports(response) },
        supportedAlgorithmIDs: algorithms,
      });
      if (!verified) return undefined;
      const { credential, credentialBackedUp } = registrationInfo;
      const credentialId = Buffer.from(credential.id, "base64url");
      const { publicKey, counter } = credential;
      return { challenge: expected.challenge, credentialId, publicKey, counter, backedUp: credentialBackedUp };
    });
  }

  /** @returns undefined where anything is wrong, a counter that has not risen too */
  use({ id, type, response }: PasskeyCredential, { userId, publicKey, counter }: KnownPasskey) {
    return refusing(async (): Promise<VerifiedUse | undefined> => {
      const expected = await this.#expected(response.clientDataJSON, { kind: "login" });
      if (expected === undefined || response.userHandle !== userHandleOf(userId)) return undefined;
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        ...expected.options,
        response: { id, rawId: id, type, clientExtensionResults: {}, response },
        credential: { id, publicKey: new Uint8Array(publicKey), counter },
      });
      if (!verified) return undefined;
      const { newCounter, credentialBackedUp } = authenticationInfo;
      return { challenge: expected.challenge, counter: newCounter, backedUp: credentialBackedUp };
    });
  }

  async #expected(clientDataJSON: string, purpose: ChallengePurpose) {
    const { challenge, origin, crossOrigin } = decodeClientDataJSON(clientDataJSON);
    const opened = await this.#challenges.open(challenge, purpose);
    if (opened === undefined || crossOrigin === true || !this.#party.isOwnOrigin(origin)) return undefined;
    const expectations = { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: this.#party.id };
    return { challenge: opened, options: { ...expectations, requireUserVerification: true } };
  }
}

/** By which authenticators name the account of a passkey: base64url of the id's text. */
export const userHandleOf = (userId: UserId): string => Buffer.from(userId).toString("base64url");

/** None was asked for; and certificates of a stranger would be followed to wherever they point. */
function isUncertified(attestationObject: string): boolean {
  const attestation = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, "base64url")));
  const format = attestation.get("fmt");
  return format === "none" || (format === "packed" && attestation.get("attStmt").get("x5c") === undefined);
}

function withoutTransports({ clientDataJSON, attestationObject }: NewPasskeyCredential["response"]) {
  return { clientDataJSON, attestationObject };
}

/** The library throws for all that is not good. */
async function refusing<T>(verify: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}
