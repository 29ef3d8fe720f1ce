import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIRECTORY = fileURLToPath(new URL("../../web/dist", import.meta.url));

export interface PageSettings {
  readonly secure: boolean;
  /** Where media come from and go to, where that is not this server. */
  readonly mediaOrigin: string | undefined;
}

/** Scripts, styles and connections of our own only, and media of their store; no inline code, no DOM sinks that take text (Trusted Types). */
function contentSecurityPolicy(mediaOrigin: string | undefined): string {
  const media = mediaOrigin === undefined ? "" : ` ${mediaOrigin}`;
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${media}`,
    `media-src 'self' blob:${media}`,
    "font-src 'self'",
    `connect-src 'self'${media}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** Serves the built web client: its files, and its page for every other address, whose routes are the client's own. */
export async function serveWebClient(path: string, { secure, mediaOrigin }: PageSettings): Promise<Response> {
  const wanted = normalize(decoded(path));
  const file = Bun.file(join(DIRECTORY, wanted));
  const isFile = wanted !== "/" && !wanted.includes("..") && (await file.exists());
  if (!isFile && wanted.startsWith("/assets/")) return new Response("Not found", { status: 404 });
  const page = Bun.file(join(DIRECTORY, "index.html"));
  if (!isFile && !(await page.exists())) return new Response("The web client has not been built.", { status: 503 });
  const response = new Response(isFile ? file : page, { headers: SECURITY_HEADERS });
  response.headers.set("content-security-policy", contentSecurityPolicy(mediaOrigin));
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
