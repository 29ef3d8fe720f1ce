// Who may import what: ARCHITECTURE.md in words, this file as law. `npm run check` applies it;
// scripts/import-rules.test.ts plants a forbidden import for every rule and sees it refused.

/** Tests and their scaffolding may look wider than the code they test; each rule below says if they are bound too. */
const tests = "(\\.test\\.tsx?$|/(test|testing)/)";
/** Everything of ours, by path; whatever else resolves is Node's, Bun's or npm's. */
const workspace = "^(packages|apps|conformance|tools|scripts|bench)/(?!node_modules/|[^/]+/node_modules/)";
const server = "^apps/server/src/";
/** Node's doors to the outside. */
const runtimeIO = "^(http|https|http2|net|tls|dgram|fs|fs/promises|child_process|worker_threads)$";

/** Features from the bottom up; all others stand side by side on top of them. */
const featureOrder = ["accounts", "people", "conversations", "messages"];

/** A feature may import those below it, so each rank forbids its own neighbours and everything above. */
const featureOrderRules = [...featureOrder, undefined].map((feature, rank) => {
  const below = featureOrder.slice(0, rank).join("|");
  const ownFolder = `${server}features/$1/`;
  return {
    name: `server-feature-order-${feature ?? "top"}`,
    comment: `It may build on ${below === "" ? "no other feature" : below.replaceAll("|", ", ")}; upward goes a domain event.`,
    severity: "error",
    from: {
      path: `${server}features/(${feature ?? `(?!(?:${featureOrder.join("|")})/)[^/]+`})/`,
      pathNot: tests,
    },
    to: {
      path: `${server}features/[^/]+/index\\.ts$`,
      pathNot: below === "" ? [ownFolder] : [ownFolder, `${server}features/(${below})/`],
    },
  };
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "A cycle, of types too, is one module in several files: move what both need below both.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolvable",
      comment: "The imported module does not exist.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-undeclared-package",
      comment: "An npm package must stand in the package.json of the workspace that imports it, or in the root's.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-test-code-in-production",
      comment: "Production code knows neither its tests nor the repository's scripts.",
      severity: "error",
      from: { path: "^(packages|apps)/[^/]+/src/", pathNot: tests },
      to: { path: [`${workspace}.*${tests}`, "^scripts/"] },
    },
    {
      name: "no-vague-folder",
      comment: "A folder is named after what is in it.",
      severity: "error",
      from: {},
      to: { path: "/(utils?|helpers?|common|misc)/", pathNot: "(^|/)node_modules/" },
    },

    {
      name: "contract-only-zod",
      comment:
        "The contract runs everywhere: browsers, servers, other people's programs. Its tests may use npm and Node.",
      severity: "error",
      from: { path: "^packages/contract/", pathNot: tests },
      to: { pathNot: ["^packages/contract/", "(^|/)node_modules/zod/"] },
    },
    {
      name: "signalr-alone",
      comment:
        "The SignalR server knows no chat. Binds its tests too, which may only ask what services the machine has.",
      severity: "error",
      from: { path: "^packages/signalr/" },
      to: { path: workspace, pathNot: ["^packages/signalr/", "^scripts/services\\.ts$"] },
    },
    {
      name: "signalr-protocol-pure",
      comment: "Protocols turn bytes into messages and back; they see neither connections nor the runtime.",
      severity: "error",
      from: { path: "^packages/signalr/src/protocol/", pathNot: tests },
      to: {
        path: ["^packages/signalr/src/", "^bun(:|$)", runtimeIO],
        pathNot: "^packages/signalr/src/protocol/",
      },
    },
    {
      name: "signalr-runtimes-only",
      comment: "Only src/runtimes touches a runtime: its sockets, files and processes.",
      severity: "error",
      from: { path: "^packages/signalr/src/", pathNot: ["^packages/signalr/src/(runtimes|protocol)/", tests] },
      to: { path: ["^bun(:|$)", runtimeIO, "(^|/)node_modules/ws-from-npm/"] },
    },
    {
      name: "client-only-contract",
      comment: "The SDK speaks to any Hubbub server through the contract. Its tests may start the real one.",
      severity: "error",
      from: { path: "^packages/client/", pathNot: tests },
      to: { path: workspace, pathNot: "^packages/(client|contract)/" },
    },
    {
      name: "packages-import-no-apps",
      comment: "What a package ships, its unit tests included, does not know the applications; tests in test/ may.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { path: "^apps/" },
    },

    {
      name: "web-only-client-and-contract",
      comment: "The page is a client like any other. Its tests may start the real server.",
      severity: "error",
      from: { path: "^apps/web/", pathNot: tests },
      to: { path: workspace, pathNot: ["^apps/web/", "^packages/(client|contract)/"] },
    },
    {
      name: "web-feature-face",
      comment: "A feature of the page shows its index; the rest is its own.",
      severity: "error",
      from: { path: "^apps/web/src/features/([^/]+)/", pathNot: tests },
      to: {
        path: "^apps/web/src/features/",
        pathNot: ["^apps/web/src/features/$1/", "^apps/web/src/features/[^/]+/index\\.tsx?$"],
      },
    },
    {
      name: "web-ui-knows-no-domain",
      comment: "Components in ui/ would serve any product.",
      severity: "error",
      from: { path: "^apps/web/src/ui/", pathNot: tests },
      to: { path: ["^apps/web/src/", "^packages/(client|contract)/"], pathNot: "^apps/web/src/ui/" },
    },

    {
      name: "conformance-black-box",
      comment:
        "The suite runs against any server at an address: it knows the contract, official clients, and how to start one.",
      severity: "error",
      from: { path: "^conformance/", pathNot: "^conformance/(test-server|oracle)/" },
      to: { path: workspace, pathNot: ["^conformance/", "^packages/contract/", "^tools/run-server/"] },
    },
    {
      name: "conformance-signalr-alone",
      comment: "What the official SignalR clients are tested with is a SignalR server, and knows no chat.",
      severity: "error",
      from: { path: "^conformance/(test-server|oracle)/" },
      to: { path: workspace, pathNot: ["^conformance/(test-server|oracle)/", "^packages/signalr/"] },
    },
    {
      name: "tools-only-client-and-contract",
      comment: "Tools are clients, and know how to start a server and to show how far they are.",
      severity: "error",
      from: { path: "^tools/([^/]+)/", pathNot: ["^tools/seed/", tests] },
      to: { path: workspace, pathNot: ["^tools/($1|run-server|progress)/", "^packages/(client|contract)/"] },
    },
    {
      name: "tools-seed-writes-the-database",
      comment: "The seed writes what operations would, by the server's own storage and rules; it serves nobody.",
      severity: "error",
      from: { path: "^tools/seed/", pathNot: tests },
      to: {
        path: workspace,
        pathNot: [
          "^tools/(seed|progress)/",
          "^packages/contract/",
          `${server}(logger\\.ts|config/|composition/storage\\.ts|infrastructure/postgres/|features/[^/]+/(reactions|passwords)\\.ts)`,
        ],
      },
    },

    {
      name: "server-only-contract-and-signalr",
      comment: "The server is built on the contract and the SignalR server. Its tests may use the client.",
      severity: "error",
      from: { path: server, pathNot: tests },
      to: { path: workspace, pathNot: [server, "^packages/(contract|signalr)/"] },
    },
    {
      name: "server-feature-imports",
      comment: "A feature sees the contract, the ports and the operation kernel; no adapter, no SignalR, no settings.",
      severity: "error",
      from: { path: `${server}features/`, pathNot: tests },
      to: {
        path: [server, "^packages/signalr/"],
        pathNot: [`${server}(features|ports|operations)/`],
      },
    },
    {
      name: "server-feature-face",
      comment: "A feature shows its index; the rest is its own.",
      severity: "error",
      from: { path: `${server}features/([^/]+)/`, pathNot: tests },
      to: {
        path: `${server}features/`,
        pathNot: [`${server}features/$1/`, `${server}features/[^/]+/index\\.ts$`, tests],
      },
    },
    ...featureOrderRules,
    {
      name: "server-operations-imports",
      comment: "The operation kernel lies under every feature.",
      severity: "error",
      from: { path: `${server}operations/`, pathNot: tests },
      to: {
        path: [server, "^packages/signalr/"],
        pathNot: [`${server}(operations|ports)/`],
      },
    },
    {
      name: "server-ports-imports",
      comment: "Ports are interfaces over the contract's types.",
      severity: "error",
      from: { path: `${server}ports/`, pathNot: tests },
      to: { path: [server, "^packages/signalr/"], pathNot: [`${server}ports/`] },
    },
    {
      name: "server-ports-npm-types",
      comment: "A port names the types of a package and runs nothing of it.",
      severity: "error",
      from: { path: `${server}ports/`, pathNot: tests },
      to: { path: ["(^|/)node_modules/", "^bun(:|$)"], dependencyTypesNot: ["type-only", "type-import"] },
    },
    {
      name: "server-infrastructure-imports",
      comment:
        "An adapter sees the ports, the contract, the settings and its driver (infrastructure/signalr: our own package of that name); no feature, no sibling.",
      severity: "error",
      from: { path: `${server}infrastructure/([^/]+)/`, pathNot: tests },
      to: {
        path: [server, "^packages/signalr/"],
        pathNot: [`${server}infrastructure/$1/`, `${server}(ports|config)/`, "^packages/$1/"],
      },
    },
    {
      name: "server-config-imports",
      comment: "Settings are parsed before anything else exists; the contract's tables are data.",
      severity: "error",
      from: { path: `${server}config/`, pathNot: tests },
      to: { path: [server, "^packages/"], pathNot: [`${server}config/`, "^packages/contract/"] },
    },
    {
      name: "server-only-compose-wires",
      comment:
        "compose.ts and composition/ construct; main.ts starts it. No other file outside the layers takes a feature or an adapter.",
      severity: "error",
      from: {
        path: server,
        pathNot: [
          `${server}(compose|main)\\.ts$`,
          `${server}composition/`,
          `${server}(features|operations|ports|infrastructure|config)/`,
          tests,
        ],
      },
      to: { path: `${server}(features/|infrastructure/|composition/|compose\\.ts$|main\\.ts$)` },
    },
  ],
  options: {
    // dependency-cruiser has no reader for TypeScript 7; it finds the API of 6 under the name "typescript".
    parser: "tsc",
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|hubbub-data|test-results)/" },
    builtInModules: { add: ["bun", "bun:test", "bun:sqlite", "bun:ffi", "bun:jsc"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["bun", "import", "types", "node", "default"],
      mainFields: ["module", "main", "types", "style"],
      extensions: [".ts", ".tsx", ".js", ".json"],
    },
  },
};
