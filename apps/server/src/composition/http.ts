import { Hono } from "hono";
import { routePath } from "hono/route";
import { documentRoutes } from "../documents/routes.ts";
import type { Accounts } from "../features/accounts/index.ts";
import { type Health, healthRoutes } from "../health.ts";
import { BlobServer } from "../infrastructure/filesystem/blob-server.ts";
import { BLOBS_PATH } from "../infrastructure/filesystem/signed-addresses.ts";
import { metricsRoute } from "../metrics-route.ts";
import type { Operation } from "../operations/operation.ts";
import {
  internalError,
  methodNotAllowed,
  notFound,
  type RestDeps,
  type RestEnvironment,
  restApi,
} from "../operations/rest.ts";
import { serveWebClient } from "../web-client.ts";
import type { Parts } from "./parts.ts";

/** Anyone may check tokens; a new key signs only after a restart, and the old one stays listed. */
const PUBLIC_KEYS_HEADERS = { "cache-control": "public, max-age=300", "access-control-allow-origin": "*" };

/** Everything on the port but the hubs. */
export function createRoutes(
  { config, logger, metrics, onError, blobsServedBy }: Parts,
  health: Health,
  { authenticate, publicKeys }: Accounts,
  operations: readonly Operation[],
  settings: RestDeps["settings"],
): Hono<RestEnvironment> {
  const app = new Hono<RestEnvironment>();
  app.use(async (c, next) => {
    const begun = performance.now();
    await next();
    metrics.requestAnswered(c.req.method, routePath(c), c.res.status, (performance.now() - begun) / 1000);
  });
  app.onError((error) => {
    onError(error);
    return internalError();
  });
  const api = restApi({
    operations,
    authenticate,
    settings,
    onError: (error, about) => logger.error({ err: error, ...about }, "A request failed"),
  });
  app.route("/health", healthRoutes(health));
  app.route(
    "/metrics",
    metricsRoute(() => metrics.render(), config.metricsToken, settings),
  );
  app.route("/api/v1", api);
  const isServer = blobsServedBy instanceof BlobServer;
  if (isServer) app.all(`${BLOBS_PATH}/:key`, (c) => blobsServedBy.serve(c.req.raw, c.env.allowSilence));
  app.route("/", documentRoutes(settings.publicUrl));
  app.get("/.well-known/jwks.json", (c) => c.json(publicKeys, 200, PUBLIC_KEYS_HEADERS));
  const page = { secure: settings.secure, mediaOrigin: isServer ? undefined : blobsServedBy.origin };
  for (const path of ["/api/*", "/hubs/*", `${BLOBS_PATH}/*`]) app.all(path, () => notFound());
  app.on(["GET", "HEAD"], "*", (c) => serveWebClient(c.req.path, page));
  app.all("*", () => methodNotAllowed("GET, HEAD"));
  return app;
}
