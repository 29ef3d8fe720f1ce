/** argon2id: 19 MiB and 2 passes (OWASP's first choice), about 90 ms of CPU. */
const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** Hashes at work at the same time: more would only take the cores from everyone who is signed in already. */
const MOST_AT_ONCE = 2;

/** Hashes and checks passwords, a few at a time; the others wait their turn. */
export class Passwords {
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;
  /** Checked where there is no account, so that the answer takes as long. */
  #nobodys: string | undefined;

  hash(password: string): Promise<string> {
    return this.#inTurn(() => Bun.password.hash(password, ARGON2));
  }

  /** @param hash undefined where there is no such account: then false, after the same time */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    this.#nobodys ??= await this.hash(crypto.randomUUID());
    const known = hash ?? this.#nobodys;
    const right = await this.#inTurn(() => Bun.password.verify(password, known));
    return right && hash !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#atWork >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#atWork++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork--;
      else next();
    }
  }
}
