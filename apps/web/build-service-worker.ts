import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const publicFolder = join(import.meta.dirname, "public");

const digest = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("base64");

/** Tells the service worker which files the page is made of, so that it keeps them all, and changes when one does. */
export function buildServiceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: "index.html", "service-worker": "service-worker/service-worker.ts" },
          output: {
            entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
          },
        },
      },
    }),
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const { "service-worker.js": worker, ...others } = bundle;
        if (worker?.type !== "chunk") throw new Error("The service worker has not been built");
        if (worker.imports.length > 0) throw new Error("The service worker must be one file");
        const files = [
          ...readdirSync(publicFolder).map((file) => [file, readFileSync(join(publicFolder, file))] as const),
          ...Object.entries(others).map(
            ([file, built]) => [file, built.type === "chunk" ? built.code : built.source] as const,
          ),
        ]
          .map(([file, content]) => ({ path: `/${file}`, integrity: `sha256-${digest(content)}` }))
          .sort((a, b) => (a.path < b.path ? -1 : 1));
        const list = JSON.stringify(files);
        worker.code = worker.code
          .replaceAll("__BUILT_FILES__", list)
          .replaceAll("__BUILD__", JSON.stringify(digest(list)));
      },
    },
  };
}
