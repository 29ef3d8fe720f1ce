import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { Actor } from "../ports/actor.ts";
import { inTrace } from "../ports/trace.ts";
import { failureOfThrown } from "./failure-text.ts";
import type { Operation, RestAnswer } from "./operation.ts";
import { problemResponse } from "./problem.ts";
import { RefreshCookie } from "./refresh-cookie.ts";
import { readInput } from "./request-input.ts";
import { type OriginSettings, originOf, siteOf } from "./request-origin.ts";
import { ok } from "./result.ts";
import { SignInCookie } from "./sign-in-cookie.ts";
import { newTraceId, traceIdOf } from "./trace-id.ts";

export interface RestDeps {
  readonly operations: readonly Operation[];
  readonly authenticate: (token: string) => Promise<Actor | undefined>;
  readonly settings: OriginSettings & {
    /** Whether people come over HTTPS, so that cookies may be `Secure`. */
    readonly secure: boolean;
    readonly refreshTokenDays: number;
  };
  readonly onError: (error: unknown, about: { traceId: string; method: string; path: string }) => void;
}

/** What the listening socket knows of a request. */
export interface RestEnvironment {
  Bindings: {
    readonly peer: string;
    /** Lets its socket be silent for so many seconds from now on. */
    readonly allowSilence: (seconds: number) => void;
  };
}

type RestContext = Context<RestEnvironment>;

/** The REST skin: every operation under `/api/v1`, each failure a problem document. */
export function restApi(deps: RestDeps): Hono<RestEnvironment> {
  const api = new Hono<RestEnvironment>();
  const cookies = { refresh: new RefreshCookie(deps.settings), signIn: new SignInCookie(deps.settings) };
  api.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
  });
  api.use(
    cors({
      origin: (origin, c) => (siteOf(c.req.raw, deps.settings) === "allowed" ? origin : null),
      credentials: true,
      allowHeaders: ["authorization", "content-type"],
      maxAge: 600,
    }),
  );
  for (const [path, operations] of byPath(deps.operations)) {
    for (const operation of operations)
      api.on(operation.row.route.method, path, (c) => serve(c, operation, deps, cookies));
    const methods = operations.map(({ row }) => row.route.method);
    api.all(path, () => methodNotAllowed(methods.join(", ")));
  }
  api.all("*", () => notFound());
  return api;
}

/** Fixed addresses before those with parts, which would take them for their own. */
function byPath(operations: readonly Operation[]): [path: string, operations: Operation[]][] {
  const paths = Map.groupBy(operations, ({ row }) => row.route.path.replace(/\{(\w+)\}/g, ":$1"));
  return [...paths].sort(([a], [b]) => Number(a.includes(":")) - Number(b.includes(":")));
}

export const internalError = (): Response => problemResponse({ code: "INTERNAL" }, newTraceId());
export const notFound = (): Response => problemResponse({ code: "NOT_FOUND" }, newTraceId());

/** @param allow the methods that the address does take */
export const methodNotAllowed = (allow: string): Response =>
  problemResponse({ code: "METHOD_NOT_ALLOWED" }, newTraceId(), { allow });

interface Cookies {
  readonly refresh: RefreshCookie;
  readonly signIn: SignInCookie;
}

function serve(c: RestContext, operation: Operation, deps: RestDeps, cookies: Cookies): Promise<Response> {
  const traceId = traceIdOf(c.req.raw);
  return inTrace(traceId, () => serveIn(traceId, c, operation, deps, cookies));
}

async function serveIn(
  traceId: string,
  c: RestContext,
  operation: Operation,
  deps: RestDeps,
  cookies: Cookies,
): Promise<Response> {
  try {
    const actor = await bearerOf(c, deps);
    // of who may not call it nothing is read, but that they called is counted
    const isStranger = operation.row.access !== "public" && actor === undefined;
    const input = isStranger ? ok({}) : await readInput(c.req.raw, c.req.param());
    if (!input.ok) return problemResponse(input.failure, traceId);
    const origin = originOf(c.req.raw, c.env.peer, deps.settings, {
      refreshCookie: cookies.refresh.read(c.req.raw),
      signInCookie: cookies.signIn.read(c.req.raw),
    });
    const result = await operation.call(input.value, actor, origin);
    if (!result.ok) return problemResponse(result.failure, traceId);
    return answer(result.value.rest, operation.row.route.status, cookies);
  } catch (error) {
    const failure = failureOfThrown(error);
    if (failure.code === "INTERNAL")
      deps.onError(error, { traceId, method: c.req.method, path: operation.row.route.path });
    return problemResponse(failure, traceId);
  }
}

async function bearerOf(c: RestContext, { authenticate }: RestDeps): Promise<Actor | undefined> {
  const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  return token === undefined ? undefined : authenticate(token);
}

function answer(
  { body, stream, status, refreshCookie, signInCookie, location }: RestAnswer<unknown>,
  usual: 200 | 201 | 202 | 204 | 302,
  cookies: Cookies,
): Response {
  const headers = new Headers();
  if (refreshCookie !== undefined) headers.append("set-cookie", cookies.refresh.write(refreshCookie));
  if (signInCookie !== undefined) headers.append("set-cookie", cookies.signIn.write(signInCookie));
  if (location !== undefined) headers.set("location", location);
  if (usual === 204 || usual === 302) return new Response(null, { status: usual, headers });
  headers.set("content-type", "application/json");
  return new Response(stream ?? JSON.stringify(body), { status: status ?? usual, headers });
}
