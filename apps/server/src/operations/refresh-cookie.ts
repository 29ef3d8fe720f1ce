import { HostCookie } from "./host-cookie.ts";

export interface RefreshCookieSettings {
  readonly secure: boolean;
  readonly refreshTokenDays: number;
}

/** Carries a refresh token; requests that another site begins come without it. */
export class RefreshCookie extends HostCookie {
  constructor({ secure, refreshTokenDays }: RefreshCookieSettings) {
    super({ name: "hubbub_refresh", secure, sameSite: "Strict", maxAgeSeconds: refreshTokenDays * 24 * 60 * 60 });
  }
}
