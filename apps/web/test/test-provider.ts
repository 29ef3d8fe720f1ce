import { createServer, type Server } from "node:http";
import type { Settings } from "@hubbub/run-server";
import type { Page } from "@playwright/test";
import Provider from "oidc-provider";

/** A certified OpenID Connect provider with forms of its own, which takes any name and password. */
export class TestProvider {
  /** What it says of everyone who signs in there. */
  claims: Record<string, unknown> = {};
  readonly #listening: Server;
  readonly #issuer: string;
  readonly #clientSecret = crypto.randomUUID();

  private constructor(listening: Server, issuer: string) {
    this.#listening = listening;
    this.#issuer = issuer;
  }

  static async start(): Promise<TestProvider> {
    const listening = createServer();
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const address = listening.address();
    if (typeof address !== "object" || address === null) throw new Error("It does not listen");
    return new TestProvider(listening, `http://127.0.0.1:${address.port}`);
  }

  /** Of a server that people reach at this address: from now on it is the provider's client. */
  settingsFor(url: string): Settings {
    const provider = new Provider(this.#issuer, {
      clients: [
        {
          client_id: "hubbub",
          client_secret: this.#clientSecret,
          redirect_uris: [`${url}/api/v1/auth/oidc/acme/callback`],
        },
      ],
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
      cookies: { keys: ["test"] },
      findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...this.claims }) }),
    });
    this.#listening.on("request", provider.callback());
    return {
      HUBBUB_PUBLIC_URL: url,
      OIDC_PROVIDERS: "acme",
      OIDC_ACME_ISSUER: this.#issuer,
      OIDC_ACME_CLIENT_ID: "hubbub",
      OIDC_ACME_CLIENT_SECRET: this.#clientSecret,
      OIDC_ACME_NAME: "Acme",
    };
  }

  stop(): void {
    this.#listening.closeAllConnections();
    this.#listening.close();
  }
}

/** Fills the provider's forms, from where the browser goes back. */
export async function signInThere(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** What the provider's pages complain of: they ask for fonts that are not here. */
export const ofTheProvider = /ERR_NAME_NOT_RESOLVED|404/;
