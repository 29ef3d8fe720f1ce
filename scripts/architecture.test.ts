import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Glob } from "bun";
import { operations } from "../packages/contract/src/index.ts";

// What README, ARCHITECTURE, CONTRIBUTING and docs/ promise of the tree, held against the tree.

const root = join(import.meta.dir, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const filesOf = (...patterns: readonly string[]): string[] =>
  patterns
    .flatMap((pattern) => [...new Glob(pattern).scanSync(root)])
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .sort();
const foldersOf = (path: string): string[] =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const manifest = (folder: string): Manifest => JSON.parse(read(join(folder, "package.json")));

describe("the tree", () => {
  test("has the parts that ARCHITECTURE.md names: contract, signalr, client, server and web", () => {
    expect(foldersOf("packages")).toEqual(["client", "contract", "signalr"]);
    expect(foldersOf("apps")).toEqual(["server", "web"]);
    const tree = /## The tree\n```\n([\s\S]*?)```/.exec(read("ARCHITECTURE.md"))?.[1] ?? "";
    const named = [...tree.matchAll(/^( {0,2})([\w-]+)\//gm)].map(([, indent = "", name = ""]) => indent + name);
    expect(named.slice(0, 4)).toEqual(["packages", "  contract", "  signalr", "  client"]);
    expect(named.slice(4, 7)).toEqual(["apps", "  server", "  web"]);
  });

  test("is slices: each feature a folder with one door, which the composition opens", () => {
    const features = foldersOf("apps/server/src/features");
    expect(features.length).toBeGreaterThan(5);
    const composition = filesOf("apps/server/src/composition/*.ts").map(read).join("\n");
    for (const feature of features) {
      expect(existsSync(join(root, "apps/server/src/features", feature, "index.ts"))).toBe(true);
      expect(composition).toContain(`features/${feature}/index.ts`);
    }
  });

  test("has one file for the contract of each operation, named after it, and one that handles it, in a slice", () => {
    const handlers = filesOf("apps/server/src/features/**/*.ts").filter(
      (path) => !/\.test\.ts$|\/testing\//.test(path),
    );
    const texts = handlers.map((path) => ({ path, text: read(path) }));
    for (const name of Object.keys(operations)) {
      const contract = `packages/contract/src/operations/${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}.ts`;
      expect([name, existsSync(join(root, contract))]).toEqual([name, true]);
      const row = new RegExp(`define\\w*Operation\\(\\s*operations\\.${name}\\b|operations\\.${name},`);
      expect([name, texts.filter(({ text }) => row.test(text)).length]).toEqual([name, 1]);
    }
  });

  test("has no repository between an operation and its SQL", () => {
    const texts = filesOf("apps/server/src/**/*.ts")
      .filter((path) => !path.endsWith(".test.ts"))
      .map((path) => ({ path, text: read(path) }));
    const declared = texts.filter(({ text }) => /\b(class|interface|type) \w*Repository\b/.test(text));
    expect(declared.map(({ path }) => path)).toEqual([]);
    const asks = /\bsql[<`]|\.(selectFrom|insertInto|updateTable|deleteFrom)\(/;
    const withSql = texts.filter(({ path, text }) => path.includes("/features/") && asks.test(text));
    const names = withSql.map(({ path }) => path.split("/").at(-1));
    expect(names).toEqual(expect.arrayContaining(["list-friends.ts", "request-friend.ts", "change-pair.ts"]));
    expect(names.length).toBeGreaterThan(100);
  });

  test("is built on the parts that ARCHITECTURE.md names", () => {
    const server = manifest("apps/server").dependencies ?? {};
    const web = manifest("apps/web").dependencies ?? {};
    expect(Object.keys(server)).toEqual(expect.arrayContaining(["hono", "kysely", "pino", "zod", "@hubbub/signalr"]));
    expect(web).toMatchObject({ react: expect.stringMatching(/^19\./), tailwindcss: expect.stringMatching(/^4\./) });
    expect(web).toMatchObject({ vite: expect.any(String), "@hubbub/client": "*" });
    expect(manifest(".").devDependencies).toMatchObject({ "@typescript/native": expect.stringMatching(/@7\./) });
    expect(filesOf("apps/server/src/infrastructure/postgres/migrations/*.sql").length).toBeGreaterThan(20);
    expect(read("apps/server/src/ports/database.ts")).toContain('from "kysely"');
  });

  test("is checked at the compiler's strictest, and nothing switches that off", () => {
    const { compilerOptions }: { compilerOptions: Record<string, unknown> } = JSON.parse(read("tsconfig.base.json"));
    expect(compilerOptions).toMatchObject({
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitReturns: true,
    });
    const silenced = filesOf("{packages,apps,conformance,tools,scripts,bench}/**/*.{ts,tsx}").filter((path) =>
      /@ts-(ignore|nocheck)|\bas any\b|:\s*any\b(?=[\s,;)=>[\]])/.test(withoutText(read(path))),
    );
    expect(silenced).toEqual([]);
  });

  test("is under the MIT licence, every part of it", () => {
    expect(read("LICENSE")).toStartWith("MIT License");
    const manifests = [".", ...filesOf("{packages,apps,tools}/*/package.json").map(dirname), "conformance", "bench"];
    for (const folder of manifests) expect([folder, manifest(folder).license]).toEqual([folder, "MIT"]);
  });
});

describe("the tests", () => {
  test("run on real parts: no module is replaced by one of a test's own making", () => {
    const tests = filesOf("{packages,apps,conformance,tools,scripts,bench}/**/*.test.{ts,tsx}").filter(
      (path) => !path.startsWith("scripts/architecture"),
    );
    const texts = tests.map(read);
    expect(texts.flatMap((text) => text.match(/^\s*test(\.\w+)*\(/gm) ?? []).length).toBeGreaterThan(400);
    expect(tests.filter((_, index) => /\bmock\.module\(|from "sinon"/.test(texts[index] ?? ""))).toEqual([]);
  });
});

describe("the documents", () => {
  const documents = filesOf("*.md", "docs/**/*.md", "{packages,apps,conformance,bench,tools}/**/*.md");

  test("name no file that is not there", () => {
    expect(documents.length).toBeGreaterThan(15);
    expect(documents.flatMap(brokenLinks)).toEqual([]);
  });

  test("tell a newcomer how to begin, by commands that exist", () => {
    const readme = read("README.md");
    expect(readme).toContain("```sh\nnpm ci\nnpm start\n```");
    expect(readme).toContain("npm test ");
    expect(read(".ci/run")).toContain("npm test");
    expect(manifest(".").scripts).toMatchObject({ start: expect.any(String), test: expect.any(String) });
    const named = documents.flatMap((path) => [...read(path).matchAll(/`npm run ([\w:-]+)/g)].map(([, name]) => name));
    const scripts = Object.keys(manifest(".").scripts ?? {});
    const parts = filesOf("{packages,apps,tools}/*/package.json").flatMap((path) =>
      Object.keys(manifest(dirname(path)).scripts ?? {}),
    );
    expect(named.filter((name) => !scripts.includes(name ?? "") && !parts.includes(name ?? ""))).toEqual([]);
    expect(read("CONTRIBUTING.md")).toContain("Add a feature");
  });

  test("give each decision its reason", () => {
    const decisions = filesOf("docs/decisions/*.md");
    expect(decisions.length).toBeGreaterThan(2);
    for (const path of decisions) {
      expect([path, read(path).startsWith("# "), read(path).length > 400]).toEqual([path, true, true]);
    }
  });
});

/** Links of a Markdown file to files of the repository that do not exist. */
function brokenLinks(path: string): string[] {
  const prose = read(path).replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.split("#")[0] ?? "")
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target) && !target.startsWith("/"))
    .filter((target) => !existsSync(join(root, dirname(path), target)))
    .map((target) => `${path}: ${target}`);
}

/** Source without its strings and comments. */
function withoutText(source: string): string {
  return source.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
}
