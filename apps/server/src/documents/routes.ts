import { join } from "node:path";
import { Hono } from "hono";
import { asyncApi } from "./asyncapi.ts";
import { openApi } from "./openapi.ts";
import { referencePage } from "./reference-page.ts";

const STYLE = Bun.file(join(import.meta.dir, "reference.css"));

/** The documents change with the program alone. */
const CACHING = { "cache-control": "public, max-age=300", "x-content-type-options": "nosniff" };
const ANY_SITE = { ...CACHING, "access-control-allow-origin": "*" };
const PAGE = {
  ...CACHING,
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};

/** `/openapi.json`, `/asyncapi.json` and `/docs`. @param publicUrl where the server is reached, if it was told */
export function documentRoutes(publicUrl: string | undefined): Hono {
  const routes = new Hono();
  routes.get("/openapi.json", (c) => c.json(openApi(), 200, ANY_SITE));
  routes.get("/asyncapi.json", (c) => c.json(asyncApi(addressOf(publicUrl ?? c.req.url)), 200, ANY_SITE));
  routes.get("/docs", async (c) => c.html(await referencePage(), 200, PAGE));
  routes.get("/docs/style.css", () => new Response(STYLE, { headers: CACHING }));
  return routes;
}

/** A request whose Host header is none has no address. */
function addressOf(url: string): URL {
  return new URL(URL.canParse(url) ? url : "http://localhost");
}
