import { type ErrorCode, operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok, type Result } from "../../../operations/result.ts";
import type { Sessions } from "../sessions.ts";
import type { Identities } from "./identities.ts";
import type { Profile } from "./profile.ts";
import type { Flow } from "./sealed-flow.ts";
import type { OidcDeps } from "./start-oidc.ts";

export interface FinishOidcDeps extends OidcDeps {
  readonly identities: Identities;
  readonly sessions: Sessions;
}

/** The browser is on a journey: whatever happens it ends in the page, not at a problem document. */
export function finishOidcOperation(deps: FinishOidcDeps): Operation {
  return definePublicOperation(operations.finishOidc, {
    handle: async ({ provider, ...answer }, origin) => {
      const flow = await deps.flows.open(origin.signInCookie);
      if (!deps.providers.has(provider)) return fail("NOT_FOUND");
      if (flow === undefined || flow.provider !== provider) return ok(failed("UNAUTHENTICATED", undefined));
      const profile = await profileOf(deps, flow, answer);
      if (!profile.ok) return ok(failed(profile.failure.code, flow));
      return ok(await arrive(deps, flow, profile.value));
    },
    rest: (answer) => ({ body: null, signInCookie: null, ...answer }),
  });
}

interface Arrival {
  readonly location: string;
  readonly refreshCookie?: string;
}

function failed(code: ErrorCode, flow: Flow | undefined): Arrival {
  const page = flow?.aim.purpose === "link" ? "/" : "/login";
  return { location: `${page}?signInError=${code}` };
}

async function profileOf(
  { providers, onProviderFailure }: FinishOidcDeps,
  flow: Flow,
  answer: Readonly<Record<string, string | undefined>>,
): Promise<Result<Profile>> {
  const given = Object.entries(answer).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    const profile = await providers.get(flow.provider)?.finish(Object.fromEntries(given), flow);
    return profile === undefined ? fail("NOT_FOUND") : ok(profile);
  } catch (error) {
    onProviderFailure(flow.provider, error);
    return fail("INVALID_CREDENTIALS");
  }
}

async function arrive({ identities, sessions }: FinishOidcDeps, flow: Flow, profile: Profile): Promise<Arrival> {
  if (flow.aim.purpose === "link") {
    const linked = await identities.link(flow.aim.userId, profile);
    return linked.ok ? { location: `/?linked=${flow.provider}` } : failed(linked.failure.code, flow);
  }
  const account = await identities.accountOf(profile);
  if (!account.ok) return failed(account.failure.code, flow);
  const grant = await sessions.begin({ userId: account.value }, flow.aim.deviceId, flow.aim.deviceName);
  return grant.ok ? { location: "/", refreshCookie: grant.value.refreshToken } : failed(grant.failure.code, flow);
}
