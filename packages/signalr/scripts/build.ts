import { copyFile, cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "bun";

/** Builds the package as it is published: JavaScript and types in `dist`, with a manifest of its own. */
const folder = join(import.meta.dir, "..");
const dist = join(folder, "dist");
await rm(dist, { recursive: true, force: true });
await $`npx tsc -p ${join(folder, "tsconfig.build.json")}`;

const { scripts: _, devDependencies: __, exports, ...manifest } = await Bun.file(join(folder, "package.json")).json();
const published = Object.entries<string>(exports).map(([name, source]) => {
  const built = source.replace("./src/", "./").replace(/\.ts$/, "");
  return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
});
await Bun.write(
  join(dist, "package.json"),
  JSON.stringify({ ...manifest, exports: Object.fromEntries(published) }, null, 2),
);
for (const file of ["README.md", "SPEC.md"]) await copyFile(join(folder, file), join(dist, file));
await cp(join(folder, "docs"), join(dist, "docs"), { recursive: true });
await copyFile(join(folder, "../../LICENSE"), join(dist, "LICENSE"));
