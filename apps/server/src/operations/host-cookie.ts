export interface HostCookieSettings {
  readonly name: string;
  /** Whether people come over HTTPS: the cookie is then bound to this very host. */
  readonly secure: boolean;
  /** Lax where a provider sends the browser back here. */
  readonly sameSite: "Strict" | "Lax";
  readonly maxAgeSeconds: number;
}

/** A cookie that is out of reach of scripts and of other hosts. */
export class HostCookie {
  readonly #name: string;
  readonly #attributes: string;
  readonly #maxAge: number;

  constructor({ name, secure, sameSite, maxAgeSeconds }: HostCookieSettings) {
    this.#name = secure ? `__Host-${name}` : name;
    this.#attributes = `Path=/; HttpOnly; SameSite=${sameSite}${secure ? "; Secure" : ""}`;
    this.#maxAge = maxAgeSeconds;
  }

  read(request: Request): string | undefined {
    for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
      const [name, value] = pair.trim().split("=", 2);
      if (name === this.#name && value) return value;
    }
    return undefined;
  }

  /** @param value null takes the cookie away */
  write(value: string | null): string {
    return value === null
      ? `${this.#name}=; Max-Age=0; ${this.#attributes}`
      : `${this.#name}=${value}; Max-Age=${this.#maxAge}; ${this.#attributes}`;
  }
}
