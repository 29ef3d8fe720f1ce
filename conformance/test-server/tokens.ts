import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Milliseconds that a token is good for. */
const lifetime = 5000;

const header = encode({ alg: "HS256", typ: "JWT" });

/** Makes and judges JSON Web Tokens under a key of its own. */
export class Tokens {
  readonly #key = randomBytes(32);

  issue(subject: string): string {
    const content = `${header}.${encode({ sub: subject, exp: (Date.now() + lifetime) / 1000 })}`;
    return `${content}.${this.#sign(content).toString("base64url")}`;
  }

  /** @returns whom the token names, or undefined when it is forged or over */
  subjectOf(token: string): string | undefined {
    const [first, payload = "", signature = ""] = token.split(".");
    const expected = this.#sign(`${first}.${payload}`);
    const given = Buffer.from(signature, "base64url");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const { sub, exp }: { sub: string; exp: number } = JSON.parse(Buffer.from(payload, "base64url").toString());
    return exp * 1000 > Date.now() ? sub : undefined;
  }

  #sign(content: string): Buffer {
    return createHmac("sha256", this.#key).update(content).digest();
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
