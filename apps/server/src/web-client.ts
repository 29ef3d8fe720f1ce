import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIRECTORY = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** Scripts, styles and connections of our own only; no inline code, no DOM sinks that take text (Trusted Types). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const SECURITY_HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** Serves the built web client: its files, and its page for every other address, whose routes are the client's own. */
export async function serveWebClient(path: string, { secure }: { readonly secure: boolean }): Promise<Response> {
  const wanted = normalize(decoded(path));
  const file = Bun.file(join(DIRECTORY, wanted));
  const isFile = wanted !== "/" && !wanted.includes("..") && (await file.exists());
  if (!isFile && wanted.startsWith("/assets/")) return new Response("Not found", { status: 404 });
  const page = Bun.file(join(DIRECTORY, "index.html"));
  if (!isFile && !(await page.exists())) return new Response("The web client has not been built.", { status: 503 });
  const response = new Response(isFile ? file : page, { headers: SECURITY_HEADERS });
  if (secure) response.headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  // the names of built files hold a hash of what is in them
  const caching = wanted.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  response.headers.set("cache-control", caching);
  return response;
}

/** An address that no file can have is the page's own affair. */
function decoded(path: string): string {
  try {
    const text = decodeURIComponent(path);
    return text.includes("\0") ? "/" : text;
  } catch {
    return "/";
  }
}
