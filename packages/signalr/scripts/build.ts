import { copyFile, cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "bun";

/** Builds the package as it is published: JavaScript and types in `dist`, with a manifest and documents of its own. */
const folder = join(import.meta.dir, "..");
const figures = join(folder, "../../bench/results");
const dist = join(folder, "dist");
await rm(dist, { recursive: true, force: true });
await $`${join(folder, "../../node_modules/.bin/tsc")} -p ${join(folder, "tsconfig.build.json")}`;

const source = await Bun.file(join(folder, "package.json")).json();
const { private: _, scripts: __, devDependencies: ___, exports, ...manifest } = source;
const published = Object.entries<string>(exports).map(([name, path]) => {
  const built = path.replace("./src/", "./").replace(/\.ts$/, "");
  return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
});
await Bun.write(
  join(dist, "package.json"),
  JSON.stringify({ ...manifest, exports: Object.fromEntries(published) }, null, 2),
);
for (const part of ["SPEC.md", "docs", "examples"]) await cp(join(folder, part), join(dist, part), { recursive: true });
await copyFile(join(folder, "../../LICENSE"), join(dist, "LICENSE"));

// What the README shows of the repository's figures goes along.
const readme = await Bun.file(join(folder, "README.md")).text();
await Bun.write(join(dist, "README.md"), readme.replaceAll("../../bench/results/", "docs/figures/"));
await mkdir(join(dist, "docs/figures"));
for (const file of new Bun.Glob("{signalr*,*-signalr*}").scanSync(figures)) {
  await copyFile(join(figures, file), join(dist, "docs/figures", file));
}
