import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a browser loads to chat: path → type and content. */
export const page: ReadonlyMap<string, { readonly type: string; readonly body: string }> = new Map([
  ["/", { type: "text/html", body: readFileSync(new URL("index.html", import.meta.url), "utf8") }],
  ["/signalr.js", { type: "text/javascript", body: readFileSync(clientPath(), "utf8") }],
]);

/** The official client, as a script of its own. */
function clientPath(): string {
  return fileURLToPath(import.meta.resolve("@microsoft/signalr/dist/browser/signalr.min.js"));
}
