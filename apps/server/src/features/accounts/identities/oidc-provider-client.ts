import * as oidc from "openid-client";
import { type Profile, profileOf } from "./profile.ts";

export interface OidcProviderSettings {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Seconds within which a provider must answer. */
const ANSWER_WITHIN_SECONDS = 5;

/** Bytes of an answer: far above the largest that providers give. */
const MOST_ANSWER_BYTES = 256 * 1024;

export interface Checks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** One OpenID Connect provider: authorization code with PKCE, state and nonce. */
export class OidcProviderClient {
  readonly id: string;
  readonly name: string;
  readonly #settings: OidcProviderSettings;
  readonly #redirectUri: string;
  #configuration: Promise<oidc.Configuration> | undefined;

  /** @param publicUrl the origin under which people reach us */
  constructor(settings: OidcProviderSettings, publicUrl: string) {
    this.id = settings.id;
    this.name = settings.name;
    this.#settings = settings;
    this.#redirectUri = `${publicUrl}/api/v1/auth/oidc/${settings.id}/callback`;
  }

  /** @throws when the provider cannot be reached or answers nonsense */
  async begin(): Promise<{ readonly url: string; readonly checks: Checks }> {
    const configuration = await this.#discovered();
    const checks = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: "openid profile email",
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, checks };
  }

  /**
   * Trades the code for the profile.
   * @param answer the query that the browser came back with
   * @throws when the provider cannot be reached, or anything about its answer is wrong
   */
  async finish(answer: Readonly<Record<string, string>>, { state, nonce, codeVerifier }: Checks): Promise<Profile> {
    const configuration = await this.#discovered();
    const url = new URL(this.#redirectUri);
    url.search = new URLSearchParams(answer).toString();
    const tokens = await oidc.authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error("The provider gave no ID token");
    const told = profileOf(this.id, claims);
    if (told.email !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return told;
    // providers may keep the address out of the token
    return profileOf(this.id, await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub));
  }

  /** Asked at first use, so that a provider that is down stops nobody's start; a failure is asked again. */
  #discovered(): Promise<oidc.Configuration> {
    this.#configuration ??= this.#discover().catch((error) => {
      this.#configuration = undefined;
      throw error;
    });
    return this.#configuration;
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    return oidc.discovery(issuer, clientId, clientSecret, undefined, {
      timeout: ANSWER_WITHIN_SECONDS,
      [oidc.customFetch]: boundedFetch,
      // the settings allow http for this machine alone
      ...(issuer.protocol === "http:" && { execute: [oidc.allowInsecureRequests] }),
    });
  }
}

async function boundedFetch(url: string, options: oidc.CustomFetchOptions): Promise<Response> {
  const { body, headers, method, signal } = options;
  const response = await fetch(url, {
    headers,
    method,
    redirect: "manual",
    ...(body instanceof Uint8Array ? { body: new Uint8Array(body) } : body && { body }),
    ...(signal !== undefined && { signal }),
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MOST_ANSWER_BYTES) throw new Error("The provider's answer is too large");
    chunks.push(chunk);
  }
  const { status, statusText, headers: told } = response;
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, statusText, headers: told });
}
