import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { servicesAreRequired } from "../../../../scripts/services.ts";

const root = join(import.meta.dirname, "../..");
const tsc = join(root, "../../node_modules/.bin/tsc");
/** What npm says when it reaches no registry and has not cached what is wanted. */
const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED)\b/;

/** Other packages' declarations do not all fit each other. */
const isOfOthers = (complaint: string): boolean => /^node_modules\/(?!@hubbub\/)/.test(complaint);

/** The package as strangers have it: built, packed, and installed into an empty project beside all its peers. */
export class InstalledPackage {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns undefined, and says so, where npm reaches no registry; throws then if `CI=true` */
  static async install(): Promise<InstalledPackage | undefined> {
    const installed = new InstalledPackage(await mkdtemp(join(tmpdir(), "signalr-package-")));
    try {
      await installed.#install();
      return installed;
    } catch (error) {
      await installed.remove();
      if (servicesAreRequired || !unreachable.test(String(error))) throw error;
      console.warn("npm reaches no registry. The tests of the installed package are skipped.");
      return undefined;
    }
  }

  async #install(): Promise<void> {
    await this.run(process.execPath, join(root, "scripts/build.ts"));
    await this.run("npm", "pack", "--pack-destination", this.folder, join(root, "dist"));
    const [archive = ""] = (await readdir(this.folder)).filter((name) => name.endsWith(".tgz"));
    await writeFile(join(this.folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const { devDependencies, peerDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const beside = [...Object.keys(peerDependencies), "@microsoft/signalr"];
    const versions = beside.map((name) => `${name}@${devDependencies[name]}`);
    const types = ["@types/node@22", "@types/bun@1"];
    const options = [
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      "--fetch-retries=1",
      "--fetch-retry-mintimeout=1000",
    ];
    await this.run("npm", "install", ...options, `./${archive}`, ...versions, ...types);
  }

  /** @returns the package's manifest */
  async manifest(): Promise<{ readonly exports: Readonly<Record<string, unknown>> }> {
    return JSON.parse(await this.read("package.json"));
  }

  /** @returns the paths of the package's files */
  async files(): Promise<string[]> {
    const entries = await readdir(join(this.folder, "node_modules/@hubbub/signalr"), {
      recursive: true,
      withFileTypes: true,
    });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).split("node_modules/@hubbub/signalr/")[1] ?? "");
  }

  /** @returns the text of a file of the package */
  read(file: string): Promise<string> {
    return readFile(join(this.folder, "node_modules/@hubbub/signalr", file), "utf8");
  }

  async copy(from: string): Promise<void> {
    await cp(from, this.folder, { recursive: true });
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /**
   * Makes JavaScript of the project's TypeScript. The package's own declarations are checked too: what is internal is
   * stripped of them, and nothing that is left may need it.
   * @throws Error with what the compiler says of the types
   */
  async compile(...files: readonly string[]): Promise<void> {
    const language = ["--strict", "--module", "nodenext", "--target", "es2023", "--rewriteRelativeImportExtensions"];
    const { output } = await this.#try(tsc, ...language, "--types", "node,bun", ...files);
    const complaints = output.split("\n").filter((line) => /error TS/.test(line) && !isOfOthers(line));
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
  }

  /** Runs a program there. @returns what it printed; throws when it fails */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    const { output, complaint, code } = await this.#try(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${output}${complaint}`);
    return output;
  }

  async #try(program: string, ...args: readonly string[]) {
    const child = Bun.spawn([program, ...args], { cwd: this.folder, stdout: "pipe", stderr: "pipe" });
    const [output, complaint, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { output, complaint, code };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** The files that the README has a stranger write: blocks whose first line is their name, in a comment. */
export async function readmeFiles(): Promise<ReadonlyMap<string, string>> {
  const readme = await readFile(join(dirname(root), "signalr/README.md"), "utf8");
  const blocks = readme.matchAll(/```(?:ts|html)\n(?:\/\/|<!--) (\S+\.(?:ts|html))[^\n]*\n(.*?)```/gs);
  return new Map([...blocks].map(([, name = "", text = ""]) => [name, text]));
}
