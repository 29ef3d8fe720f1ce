import { HostCookie } from "./host-cookie.ts";

/** Seconds that a person may take at a provider. */
export const SIGN_IN_SECONDS = 10 * 60;

/** Binds a sign-in that is under way at a provider to the browser that began it. */
export class SignInCookie extends HostCookie {
  constructor({ secure }: { readonly secure: boolean }) {
    super({ name: "hubbub_sign_in", secure, sameSite: "Lax", maxAgeSeconds: SIGN_IN_SECONDS });
  }
}
