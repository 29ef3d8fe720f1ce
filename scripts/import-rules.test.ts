import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { IConfiguration } from "dependency-cruiser";
import { checkImports, type ImportCheck } from "./import-rules.ts";

/** Each way to write the same import: the value, its type alone, the type inline, and at run time. */
const spellings: Readonly<Record<string, (specifier: string) => string>> = {
  value: (specifier) => `import { it } from "${specifier}";\nexport const mine = it;\n`,
  "re-export": (specifier) => `export { it } from "${specifier}";\n`,
  dynamic: (specifier) => `export const mine = () => import("${specifier}");\n`,
  "type-only": (specifier) => `import type { It } from "${specifier}";\nexport type Mine = It;\n`,
  "inline-type": (specifier) => `export type Mine = import("${specifier}").It;\n`,
};

interface Planted {
  /** The folder or file name stem that gets the import; the spelling's name is put before the extension. */
  readonly from: string;
  /** What it imports, as written in the source; `*` stands for the spelling. */
  readonly imports: string;
  /** A reason to plant fewer spellings. */
  readonly spellings?: readonly string[];
}

const features = "apps/server/src/features";

/** One import or more that breaks exactly this rule and no other. */
const planted: Readonly<Record<string, readonly Planted[]>> = {
  "no-circular": [{ from: "packages/client/src/cycle.ts", imports: "./partner-*.ts" }],
  "no-unresolvable": [{ from: "packages/client/src/lost.ts", imports: "./absent.ts" }],
  "no-undeclared-package": [{ from: "packages/client/src/undeclared.ts", imports: "undeclared" }],
  "no-test-code-in-production": [
    { from: "packages/client/src/production.ts", imports: "../test/scaffold.ts" },
    { from: "apps/server/src/main-like.ts", imports: "./testing/database.ts" },
    { from: "packages/contract/src/production.ts", imports: "./ids.test.ts" },
    { from: "packages/signalr/src/hub/production.ts", imports: "../../../../scripts/services.ts" },
  ],
  "no-vague-folder": [{ from: "packages/client/src/vague.ts", imports: "./utils/it.ts" }],
  "contract-only-zod": [
    { from: "packages/contract/src/message.ts", imports: "declared" },
    { from: "packages/contract/src/message-core.ts", imports: "node:crypto" },
    { from: "packages/contract/src/message-signalr.ts", imports: "@hubbub/signalr" },
  ],
  "signalr-alone": [
    { from: "packages/signalr/src/hub/hub.ts", imports: "@hubbub/contract" },
    { from: "packages/signalr/test/hub.test.ts", imports: "@hubbub/contract" },
  ],
  "signalr-protocol-pure": [
    { from: "packages/signalr/src/protocol/json.ts", imports: "../hub/it.ts" },
    { from: "packages/signalr/src/protocol/json-bun.ts", imports: "bun" },
  ],
  "signalr-runtimes-only": [
    { from: "packages/signalr/src/transports/web-socket.ts", imports: "bun" },
    { from: "packages/signalr/src/transports/web-socket-node.ts", imports: "node:http" },
  ],
  "client-only-contract": [{ from: "packages/client/src/connection.ts", imports: "@hubbub/signalr" }],
  "packages-import-no-apps": [
    { from: "packages/client/src/connection.test.ts", imports: "../../../apps/server/src/main.ts" },
  ],
  "web-only-client-and-contract": [
    { from: "apps/web/src/app/server.tsx", imports: "../../../server/src/main.ts" },
    { from: "apps/web/src/app/signalr.tsx", imports: "@hubbub/signalr" },
  ],
  "web-feature-face": [{ from: "apps/web/src/features/composer/Composer.tsx", imports: "../timeline/it.ts" }],
  "web-ui-knows-no-domain": [
    { from: "apps/web/src/ui/Button.tsx", imports: "../features/timeline/index.ts" },
    { from: "apps/web/src/ui/Avatar.tsx", imports: "@hubbub/contract" },
  ],
  "conformance-black-box": [{ from: "conformance/src/chat.test.ts", imports: "@hubbub/client" }],
  "conformance-signalr-alone": [{ from: "conformance/test-server/chat.ts", imports: "@hubbub/contract" }],
  "tools-only-client-and-contract": [{ from: "tools/replay/src/main.ts", imports: "@hubbub/signalr" }],
  "tools-seed-writes-the-database": [{ from: "tools/seed/src/main.ts", imports: "@hubbub/client" }],
  "server-only-contract-and-signalr": [{ from: "apps/server/src/compose.ts", imports: "@hubbub/client" }],
  "server-feature-imports": [
    { from: `${features}/messages/send.ts`, imports: "../../infrastructure/postgres/it.ts" },
    { from: `${features}/messages/send-signalr.ts`, imports: "@hubbub/signalr" },
    { from: `${features}/messages/send-config.ts`, imports: "../../config/config.ts" },
    { from: `${features}/messages/send-compose.ts`, imports: "../../compose.ts" },
  ],
  "server-feature-face": [{ from: `${features}/messages/send-inner.ts`, imports: "../accounts/it.ts" }],
  "server-feature-order-accounts": [{ from: `${features}/accounts/login.ts`, imports: "../people/index.ts" }],
  "server-feature-order-people": [{ from: `${features}/people/search.ts`, imports: "../conversations/index.ts" }],
  "server-feature-order-conversations": [{ from: `${features}/conversations/add.ts`, imports: "../messages/index.ts" }],
  "server-feature-order-messages": [{ from: `${features}/messages/send-up.ts`, imports: "../sync/index.ts" }],
  "server-feature-order-top": [{ from: `${features}/presence/watch.ts`, imports: "../sync/index.ts" }],
  "server-operations-imports": [
    { from: "apps/server/src/operations/define.ts", imports: "../features/accounts/index.ts" },
    { from: "apps/server/src/operations/define-signalr.ts", imports: "@hubbub/signalr" },
  ],
  "server-ports-imports": [{ from: "apps/server/src/ports/clock.ts", imports: "../operations/it.ts" }],
  "server-ports-npm-types": [
    // A port may name a package's types, so only the spellings that run it are forbidden.
    { from: "apps/server/src/ports/database.ts", imports: "declared", spellings: ["value", "re-export", "dynamic"] },
  ],
  "server-infrastructure-imports": [
    { from: "apps/server/src/infrastructure/postgres/pool.ts", imports: "../redis/it.ts" },
    { from: "apps/server/src/infrastructure/postgres/pool-feature.ts", imports: "../../features/accounts/index.ts" },
    { from: "apps/server/src/infrastructure/postgres/pool-kernel.ts", imports: "../../operations/it.ts" },
    { from: "apps/server/src/infrastructure/redis/backplane.ts", imports: "@hubbub/signalr" },
  ],
  "server-config-imports": [
    { from: "apps/server/src/config/env.ts", imports: "../ports/it.ts" },
    { from: "apps/server/src/config/env-signalr.ts", imports: "@hubbub/signalr" },
  ],
  "server-only-compose-wires": [
    { from: "apps/server/src/http/routes.ts", imports: "../features/accounts/index.ts" },
    { from: "apps/server/src/http/pool.ts", imports: "../infrastructure/postgres/it.ts" },
    { from: "apps/server/src/http/wiring.ts", imports: "../compose.ts" },
    { from: "apps/server/src/http/parts.ts", imports: "../composition/it.ts" },
  ],
};

/** What each layer may do, one line each; none of it is refused. */
const allowed: readonly Planted[] = [
  { from: "packages/contract/src/allowed.ts", imports: "zod" },
  { from: "packages/contract/src/allowed.test.ts", imports: "node:crypto" },
  { from: "packages/signalr/src/hub/allowed.ts", imports: "../protocol/it.ts" },
  { from: "packages/signalr/src/runtimes/bun.ts", imports: "bun" },
  { from: "packages/signalr/src/backplanes/allowed.redis.test.ts", imports: "../../../../scripts/services.ts" },
  { from: "packages/client/src/allowed.ts", imports: "@hubbub/contract" },
  { from: "packages/client/test/allowed.test.ts", imports: "../../../apps/server/src/testing/database.ts" },
  { from: "apps/web/src/features/composer/Allowed.tsx", imports: "../timeline/index.ts" },
  { from: "apps/web/src/app/Allowed.tsx", imports: "@hubbub/client" },
  { from: "conformance/src/allowed.test.ts", imports: "@hubbub/contract" },
  { from: "conformance/test-server/allowed.ts", imports: "@hubbub/signalr" },
  { from: "tools/replay/src/allowed.ts", imports: "@hubbub/client" },
  { from: `${features}/people/allowed.ts`, imports: "../accounts/index.ts" },
  { from: `${features}/sync/allowed.ts`, imports: "../messages/index.ts" },
  { from: `${features}/sync/allowed-kernel.ts`, imports: "../../operations/it.ts" },
  { from: `${features}/sync/allowed-port.ts`, imports: "../../ports/it.ts" },
  { from: `${features}/accounts/allowed.pg.test.ts`, imports: "../../infrastructure/postgres/it.ts" },
  { from: "apps/server/src/operations/allowed.ts", imports: "../ports/it.ts" },
  { from: "apps/server/src/ports/allowed.ts", imports: "declared", spellings: ["type-only", "inline-type"] },
  { from: "apps/server/src/infrastructure/postgres/allowed.ts", imports: "../../ports/it.ts" },
  { from: "apps/server/src/infrastructure/signalr/allowed.ts", imports: "@hubbub/signalr" },
  { from: "apps/server/src/infrastructure/postgres/allowed-config.ts", imports: "../../config/config.ts" },
  { from: "apps/server/src/compose-allowed.test.ts", imports: "./compose.ts" },
  { from: "apps/server/src/composition/allowed.ts", imports: "../infrastructure/postgres/it.ts" },
  { from: "apps/server/src/http/allowed.ts", imports: "@hubbub/signalr" },
];

/** The modules that the planted files import. */
const targets = [
  "scripts/services.ts",
  "packages/contract/src/ids.test.ts",
  "packages/signalr/src/hub/it.ts",
  "packages/signalr/src/protocol/it.ts",
  "packages/client/test/scaffold.ts",
  "packages/client/src/utils/it.ts",
  "apps/web/src/features/timeline/it.ts",
  "apps/web/src/features/timeline/index.ts",
  "apps/server/src/main.ts",
  "apps/server/src/compose.ts",
  "apps/server/src/composition/it.ts",
  "apps/server/src/testing/database.ts",
  "apps/server/src/operations/it.ts",
  "apps/server/src/ports/it.ts",
  "apps/server/src/config/config.ts",
  "apps/server/src/infrastructure/postgres/it.ts",
  "apps/server/src/infrastructure/redis/it.ts",
  `${features}/accounts/it.ts`,
  ...["accounts", "people", "conversations", "messages", "sync"].map((name) => `${features}/${name}/index.ts`),
];

/** `chat.test.ts` spelled `value` is `chat-value.test.ts`: it stays a test. */
function plantedPath(from: string, spelling: string): string {
  return from.replace(/(?=(\.(pg|redis))?(\.test)?\.tsx?$)/, `-${spelling}`);
}

function spelledPaths({ from, spellings: some = Object.keys(spellings) }: Planted): readonly string[] {
  return some.map((spelling) => plantedPath(from, spelling));
}

function writeTree(root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const manifest = (path: string, name: string, dependencies: Readonly<Record<string, string>> = {}): void =>
    write(`${path}/package.json`, JSON.stringify({ name, exports: { ".": "./src/index.ts" }, dependencies }));

  manifest(".", "root", { zod: "1", declared: "1" });
  const workspace = { "@hubbub/contract": "*", "@hubbub/signalr": "*", "@hubbub/client": "*" };
  for (const name of ["contract", "signalr", "client"]) {
    manifest(`packages/${name}`, `@hubbub/${name}`, workspace);
    write(`packages/${name}/src/index.ts`, "export const it = 1;\nexport type It = number;\n");
    mkdirSync(join(root, "node_modules/@hubbub"), { recursive: true });
    symlinkSync(join(root, "packages", name), join(root, "node_modules/@hubbub", name));
  }
  for (const path of ["apps/server", "apps/web", "conformance", "tools/replay", "tools/seed"])
    manifest(path, path, workspace);
  for (const name of ["zod", "declared", "undeclared"]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
    write(`node_modules/${name}/index.js`, "export const it = 1;\n");
  }
  for (const path of targets) write(path, "export const it = 1;\nexport type It = number;\n");
  for (const { from, imports, spellings: some = Object.keys(spellings) } of [
    ...Object.values(planted).flat(),
    ...allowed,
  ]) {
    for (const spelling of some)
      write(plantedPath(from, spelling), spellings[spelling]?.(imports.replace("*", spelling)) ?? "");
  }
  for (const [spelling, spell] of Object.entries(spellings)) {
    write(`packages/client/src/partner-${spelling}.ts`, spell(`./cycle-${spelling}.ts`));
  }
}

describe("import rules", () => {
  const configuration: IConfiguration = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
  const rules = (configuration.forbidden ?? []).map(({ name }) => name ?? "unnamed");
  let root: string;
  let check: ImportCheck;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "hubbub-imports-"));
    writeTree(root);
    check = await checkImports(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const rulesBroken = (path: string): readonly string[] => [
    ...new Set(check.violations.filter(({ from }) => from === path).map(({ rule }) => rule)),
  ];

  test("every rule has a planted import, and every planted import a rule", () => {
    expect(Object.keys(planted).sort()).toEqual([...rules].sort());
  });

  test.each(Object.entries(planted))("%s refuses what was planted for it, by its own name alone", (rule, cases) => {
    const files = cases.flatMap(spelledPaths);
    expect(files.length).toBeGreaterThan(0);
    expect(Object.fromEntries(files.map((path) => [path, rulesBroken(path)]))).toEqual(
      Object.fromEntries(files.map((path) => [path, [rule]])),
    );
  });

  test("what the layers may do is not refused", () => {
    const paths = allowed.flatMap(spelledPaths);
    expect(check.violations.filter(({ from }) => paths.includes(from))).toEqual([]);
    expect(check.modules).toBeGreaterThan(paths.length);
  });
});
