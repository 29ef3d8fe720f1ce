import { deviceId, displayName, providerId, userId } from "@hubbub/contract";
import { EncryptJWT, jwtDecrypt } from "jose";
import { z } from "zod";
import type { Clock } from "../../../ports/clock.ts";
import type { Keys } from "../refresh-tokens.ts";

/** A sign-in that is under way at a provider, as the browser's cookie keeps it. */
const flow = z.object({
  provider: providerId,
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  aim: z.discriminatedUnion("purpose", [
    z.object({ purpose: z.literal("signIn"), deviceId, deviceName: displayName.optional() }),
    z.object({ purpose: z.literal("link"), userId }),
  ]),
});
export type Flow = z.infer<typeof flow>;

/** Keeps flows out of the database: encrypted and signed, they are good in one browser for a few minutes. */
export class SealedFlows {
  readonly #keys: Keys;
  readonly #clock: Clock;
  readonly #lifetimeSeconds: number;

  constructor(keys: Keys, clock: Clock, lifetimeSeconds: number) {
    this.#keys = keys;
    this.#clock = clock;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  seal(value: Flow): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    return new EncryptJWT({ flow: value })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setIssuedAt(now)
      .setExpirationTime(now + this.#lifetimeSeconds)
      .encrypt(this.#keys[0]);
  }

  /** @returns undefined for one that is altered, expired or none of ours */
  async open(sealed: string | undefined): Promise<Flow | undefined> {
    if (sealed === undefined) return undefined;
    for (const key of this.#keys) {
      const opened = await this.#openWith(key, sealed);
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  async #openWith(key: Uint8Array, sealed: string): Promise<Flow | undefined> {
    try {
      const { payload } = await jwtDecrypt(sealed, key, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
        requiredClaims: ["exp"],
        currentDate: new Date(this.#clock.now()),
      });
      return flow.safeParse(payload["flow"]).data;
    } catch {
      return undefined; // jose throws for all that is not good
    }
  }
}
