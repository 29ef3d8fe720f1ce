import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Application, Converter, LogLevel, type ProjectReflection, ReflectionKind, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

const folder = join(import.meta.dirname, "..");
const name = "@hubbub/signalr";

/** The reference, made of the doc comments. */
interface ApiReference {
  /** Name of a page → Markdown. There is one for each entry point of the package. */
  readonly pages: ReadonlyMap<string, string>;
  /** What is public and not documented, or not told of where it is used; links and rules that lead nowhere. */
  readonly complaints: readonly string[];
}

const options: TypeDocOptions & Partial<PluginOptions> = {
  name,
  tsconfig: join(folder, "tsconfig.build.json"),
  plugin: ["typedoc-plugin-markdown"],
  logLevel: LogLevel.None,
  skipErrorChecking: true, // another check's job
  readme: "none",
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true, // lines would change with every edit
  sort: ["source-order"],
  groupOrder: ["Functions", "Interfaces", "Type Aliases", "Classes", "Variables"],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: [
    ...(["Function", "Variable", "Interface", "Class", "TypeAlias"] as const),
    ...(["Property", "Method", "Parameter"] as const),
  ],
  // The comment on a union's member, or on the type around it, tells of these too.
  intentionallyNotDocumented: [
    ...["kind", "error"].map((part) => `signalr.DisconnectReason.__type.${part}`),
    ...["kind", "response"].map((part) => `bun.BunFetchResult.__type.${part}`),
    ...["value", "issues"].map((part) => `signalr.SchemaResult.__type.${part}`),
    ...["input", "output"].map((part) => `signalr.StandardSchema.~standard.__type.types.__type.${part}`),
    ...["args", "result"].map((part) => `signalr.TypedMethod.signature.__type.${part}`),
    ...["signature", "signature.__type.args"].map((part) => `signalr.ArgsOf.__type.${part}`),
    ...["args", "payload"].map((part) => `signalr.EventHandler.__type.${part}`),
    ...["EventArguments", "ResultOf"].map((type) => `signalr.${type}.__type.args`),
    ...["signalr.defineHub.__type.options", "signalr.BackplaneFactory.__type.node"],
  ],
  // Parts of types that nobody needs by themselves, and of a backplane, which only the library makes.
  intentionallyNotExported: ["EventFunction", "Answer", "Backplane", "BackplaneNode"],
  router: "module",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  pageTitleTemplates: {
    index: `${name}: API reference`,
    module: ({ name: module }) => (module === "signalr" ? name : `${name}/${module}`),
  },
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  parametersFormat: "table",
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true },
};

export async function readApiReference(): Promise<ApiReference> {
  const app = await Application.bootstrapWithPlugins({ ...options, entryPoints: await exported() });
  const complaints: string[] = [];
  app.logger.warn = (text: string) => void complaints.push(text);
  app.logger.error = (text: string) => void complaints.push(text);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => simplify(project));
  const project = await app.convert();
  if (project === undefined) throw new Error(`No reference was made. ${complaints.join("\n")}`);
  app.validate(project);
  const out = await mkdtemp(join(tmpdir(), "api-reference-"));
  try {
    await app.outputs.writeOutput({ name: "markdown", path: out }, project);
    const rules = await readRules();
    const pages = new Map<string, string>();
    for (const page of (await readdir(out)).sort()) {
      const text = withoutIdleAnchors(await readFile(join(out, page), "utf8"));
      pages.set(page, linkRules(text, rules, complaints));
    }
    return { pages, complaints };
  } finally {
    await rm(out, { recursive: true });
  }
}

/** What reads like a property is one; a class that is constructed by applications extends `Error`, and does it as `Error`. */
function simplify(project: ProjectReflection): void {
  for (const made of project.getReflectionsByKind(ReflectionKind.Constructor)) project.removeReflection(made);
  for (const accessor of project.getReflectionsByKind(ReflectionKind.Accessor)) {
    if (!accessor.isDeclaration() || accessor.getSignature === undefined) continue;
    const { type, comment } = accessor.getSignature;
    accessor.kind = ReflectionKind.Property;
    if (type !== undefined) accessor.type = type;
    if (comment !== undefined) accessor.comment = comment;
    delete accessor.getSignature;
  }
}

/** The sources that the package's manifest names. */
async function exported(): Promise<string[]> {
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return Object.values<string>(exports).map((path) => join(folder, path));
}

/** @returns rule of SPEC.md → the anchor of its section */
async function readRules(): Promise<ReadonlyMap<string, string>> {
  const rules = new Map<string, string>();
  let anchor = "";
  for (const line of (await readFile(join(folder, "SPEC.md"), "utf8")).split("\n")) {
    if (line.startsWith("## ")) anchor = line.slice(3).toLowerCase().replaceAll(" ", "-");
    const rule = /^- \*\*([A-Z]+\d+)\*\*/.exec(line)?.[1];
    if (rule !== undefined) rules.set(rule, anchor);
  }
  return rules;
}

/** Numbered anchors that nothing links to would change with every type before them. */
function withoutIdleAnchors(page: string): string {
  return page.replace(/<a id="([^"]*)"><\/a> /g, (anchor, id) => (page.includes(`(#${id})`) ? anchor : ""));
}

/** `(rules A1, A4)` becomes links to them. */
function linkRules(page: string, rules: ReadonlyMap<string, string>, complaints: string[]): string {
  return page.replace(/\(rules? [^)]*\)/g, (cited) =>
    cited.replace(/[A-Z]+\d+/g, (rule) => {
      const anchor = rules.get(rule);
      if (anchor === undefined) complaints.push(`SPEC.md has no rule ${rule}.`);
      return `[${rule}](../../SPEC.md#${anchor})`;
    }),
  );
}
