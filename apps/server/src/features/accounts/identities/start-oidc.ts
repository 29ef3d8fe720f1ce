import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok, type Result } from "../../../operations/result.ts";
import type { OidcProviderClient } from "./oidc-provider-client.ts";
import type { SealedFlows } from "./sealed-flow.ts";

export interface OidcDeps {
  readonly providers: ReadonlyMap<string, OidcProviderClient>;
  readonly flows: SealedFlows;
  /** For what a provider did wrong: the operator's to read, not the person's. */
  readonly onProviderFailure: (provider: string, error: unknown) => void;
}

interface Journey {
  readonly location: string;
  readonly signInCookie: string | null;
}

export function startOidcOperation({ providers, flows, onProviderFailure }: OidcDeps): Operation {
  return definePublicOperation(operations.startOidc, {
    handle: async ({ provider: id, deviceId, deviceName }): Promise<Result<Journey>> => {
      const provider = providers.get(id);
      if (provider === undefined) return fail("NOT_FOUND");
      try {
        const { url, checks } = await provider.begin();
        const aim = { purpose: "signIn" as const, deviceId, ...(deviceName !== undefined && { deviceName }) };
        return ok({ location: url, signInCookie: await flows.seal({ provider: id, ...checks, aim }) });
      } catch (error) {
        onProviderFailure(id, error);
        return ok({ location: "/login?signInError=UNAVAILABLE", signInCookie: null });
      }
    },
    rest: (answer) => ({ body: null, ...answer }),
  });
}
