import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readApiReference } from "./api-reference.ts";

/** Writes the API reference anew from the doc comments. */
const out = join(import.meta.dirname, "../docs/api");
const { pages, complaints } = await readApiReference();
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [page, text] of pages) await writeFile(join(out, page), text);
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
