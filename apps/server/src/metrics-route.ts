import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { type OriginSettings, originOf } from "./operations/request-origin.ts";
import { notFound, type RestEnvironment } from "./operations/rest.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * `/metrics`, for who bears the token, or where there is none for programs on this machine. To others it does not exist.
 */
export function metricsRoute(
  render: () => Promise<Response>,
  token: string | undefined,
  settings: OriginSettings,
): Hono<RestEnvironment> {
  return new Hono<RestEnvironment>().get("/", async (c) => {
    const isAllowed =
      token === undefined
        ? originOf(c.req.raw, c.env.peer, settings).isLoopback
        : timingSafeEqual(digest(c.req.header("authorization") ?? ""), digest(`Bearer ${token}`));
    return isAllowed ? render() : notFound();
  });
}
