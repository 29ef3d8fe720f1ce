import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Tokens } from "./tokens.ts";

/** What the routes need of the server. */
export interface RouteContext {
  readonly tokens: Tokens;
  /** Asks a connection of `/testhub` for its `Result`. */
  clientResult(connectionId: string): Promise<unknown>;
  /** Counts redirections to `/testhub`. */
  nextRedirect(): number;
}

/**
 * @param origin scheme and host that the client knows the server by
 * @returns the answer to a request that is for no hub, or undefined when it is for one or for nothing
 */
export async function answerRoute(url: URL, origin: string, context: RouteContext): Promise<Response | undefined> {
  const path = url.pathname;
  const below = (root: string): string | undefined =>
    path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
  const [token, result] = [below("/generateJwtToken"), below("/clientresult")];
  if (token !== undefined) return text(context.tokens.issue(decodeURIComponent(token.slice(1)) || "testuser"));
  if (result !== undefined) return text(await resultText(context.clientResult(decodeURIComponent(result.slice(1)))));
  if (below("/redirect") !== undefined) return redirection(url, origin, context);
  if (below("/bad-negotiate") !== undefined) return text("Some response from server", 400);
  const echo = below("/echoredirect");
  if (echo !== undefined)
    return new Response(null, { status: 307, headers: { location: `/echo${echo}${url.search}` } });
  const library = below("/lib");
  return library === undefined ? undefined : clientLibrary(library);
}

/** The JavaScript client's tests say where to go; the .NET client's are sent on to a hub that wants a token. */
function redirection(url: URL, origin: string, { tokens, nextRedirect }: RouteContext): Response {
  const baseUrl = url.searchParams.get("baseUrl");
  return Response.json(
    baseUrl === null
      ? { url: `${origin}/authorizedHub`, accessToken: tokens.issue("testuser") }
      : { url: `${baseUrl}/testHub?numRedirects=${nextRedirect()}` },
  );
}

async function resultText(result: Promise<unknown>): Promise<string> {
  try {
    return String(await result);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where a test's page finds the official client, as built by its publisher. */
async function clientLibrary(path: string): Promise<Response | undefined> {
  const match = /^\/signalr(-webworker)?\/(signalr(?:-protocol-msgpack)?)\.js$/.exec(path);
  if (match === null) return undefined;
  const [, worker, name] = match;
  const manifest = createRequire(import.meta.url).resolve(`@microsoft/${name}/package.json`);
  const script = await readFile(
    join(dirname(manifest), "dist", worker === undefined ? "browser" : "webworker", `${name}.js`),
  );
  return new Response(script, { headers: { "content-type": "text/javascript" } });
}

function text(body: string, status = 200): Response {
  return new Response(body, { status, headers: { "content-type": "text/plain" } });
}
