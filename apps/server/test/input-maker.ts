import { z } from "zod";

type Schema = z.core.JSONSchema.JSONSchema;

/** Values that some program once took for what it expected. */
const hostile: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  "",
  " ",
  "\0",
  "\ud800",
  "\u202e\u200b",
  "' or 1=1 --",
  "%00",
  "../../etc/passwd",
  "<img src=x onerror=alert(1)>",
  "2026-02-30T25:61:61Z",
  "x".repeat(100_000),
  "𝕏".repeat(3_000),
  [],
  [null],
  {},
  { $gt: "" },
  { toString: 1, valueOf: 2 },
  Array.from({ length: 3_000 }, (_, index) => index),
];

const strangeFields = ["__proto__", "constructor", "isAdmin", "senderId", "createdAt", "role", "toString"];

/** Makes inputs by an operation's schema: nearly right, with some of it missing, strange or hostile. */
export class InputMaker {
  readonly #random: () => number;
  readonly #ids: readonly string[];

  /** @param ids of things that exist, so that some inputs reach beyond the parser */
  constructor(random: () => number, ids: readonly string[]) {
    this.#random = random;
    this.#ids = ids;
  }

  make(type: z.ZodType): object {
    const made = this.#value(z.toJSONSchema(type, { io: "input", unrepresentable: "any" }));
    const input = typeof made === "object" && made !== null && !Array.isArray(made) ? { ...made } : {};
    return this.#in(12) ? { ...input, [this.#pick(strangeFields)]: this.#pick(hostile) } : input;
  }

  /** True once in `most` times. */
  #in(most: number): boolean {
    return this.#random() * most < 1;
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new RangeError("nothing to pick from");
    return picked;
  }

  #value(schema: boolean | Schema): unknown {
    if (typeof schema === "boolean") return this.#any();
    const either = schema.anyOf ?? schema.oneOf;
    if (either !== undefined) return this.#value(this.#pick(either));
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.#pick(schema.enum);
    switch (schema.type) {
      case "object":
        return this.#object(schema);
      case "array":
        return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.#value(itemOf(schema)));
      case "integer":
      case "number":
        return Math.floor(this.#random() * 5);
      case "boolean":
        return this.#in(2);
      case "string":
        return this.#text(schema);
      default:
        return this.#any();
    }
  }

  #object({ properties = {}, required = [] }: Schema): object {
    const fields = Object.entries(properties).flatMap(([name, part]): [string, unknown][] => {
      if (this.#in(required.includes(name) ? 20 : 2)) return [];
      return [[name, this.#in(8) ? this.#pick(hostile) : this.#value(part)]];
    });
    return Object.fromEntries(fields);
  }

  #any(): unknown {
    return this.#in(2) ? String(Math.floor(this.#random() * 5)) : this.#pick(hostile);
  }

  #text({ format, pattern }: Schema): string {
    if (format === "uuid" || format === "guid" || pattern?.includes("{8}-") === true)
      return this.#in(4) ? crypto.randomUUID() : this.#pick(this.#ids);
    if (format === "email") return `someone${Math.floor(this.#random() * 1e6)}@example.org`;
    if (format === "date-time") return new Date(Date.now() + (this.#random() - 0.5) * 1e9).toISOString();
    return this.#pick(["a", "Ada", "👍", "some text", "2", "x".repeat(70)]);
  }
}

function itemOf({ items }: Schema): boolean | Schema {
  return (Array.isArray(items) ? items[0] : items) ?? true;
}
