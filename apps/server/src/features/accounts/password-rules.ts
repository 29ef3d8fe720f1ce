import { readFile } from "node:fs/promises";

/** What a password must not be made of: the names of its own account. */
export interface AccountNames {
  readonly username: string;
  readonly email: string;
}

/** Which passwords are taken: long enough, and none of those that are guessed first (NIST SP 800-63B-4, 3.1.1.2). */
export class PasswordRules {
  readonly #fewest: number;
  readonly #common: ReadonlySet<string>;

  /** @param fewest characters; @param common in lower case */
  constructor(fewest: number, common: ReadonlySet<string>) {
    this.#fewest = fewest;
    this.#common = common;
  }

  /** With the list that comes with the server. */
  static async load(fewest: number): Promise<PasswordRules> {
    const text = await readFile(new URL("common-passwords.txt", import.meta.url), "utf8");
    return new PasswordRules(fewest, new Set(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))));
  }

  /** @returns what is wrong with a password, as the end of a sentence; undefined when nothing is */
  complaint(password: string, { username, email }: AccountNames): string | undefined {
    if (Array.from(password).length < this.#fewest) return `must have at least ${this.#fewest} characters`;
    const plain = password.toLowerCase();
    const names = [username, email, email.slice(0, email.lastIndexOf("@"))].map((name) => name.toLowerCase());
    if (names.includes(plain)) return "must not be your name or your e-mail address";
    if (this.#isCommon(plain)) return "is one of those that are guessed first";
    return undefined;
  }

  /** Repeating a common password, or a few characters, makes nothing better. */
  #isCommon(plain: string): boolean {
    const period = `${plain}${plain}`.indexOf(plain, 1);
    return period <= 4 || this.#common.has(plain) || this.#common.has(plain.slice(0, period));
  }
}
