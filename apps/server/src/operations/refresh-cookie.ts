export interface RefreshCookieSettings {
  readonly secure: boolean;
  readonly refreshTokenDays: number;
}

/** The cookie that carries a refresh token: out of reach of scripts and of other sites. */
export class RefreshCookie {
  readonly #name: string;
  readonly #attributes: string;
  readonly #maxAge: number;

  constructor({ secure, refreshTokenDays }: RefreshCookieSettings) {
    this.#name = secure ? "__Host-hubbub_refresh" : "hubbub_refresh";
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
    this.#maxAge = refreshTokenDays * 24 * 60 * 60;
  }

  read(request: Request): string | undefined {
    for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
      const [name, value] = pair.trim().split("=", 2);
      if (name === this.#name && value) return value;
    }
    return undefined;
  }

  /** @param token null takes the cookie away */
  write(token: string | null): string {
    return token === null
      ? `${this.#name}=; Max-Age=0; ${this.#attributes}`
      : `${this.#name}=${token}; Max-Age=${this.#maxAge}; ${this.#attributes}`;
  }
}
