type OriginRule = (origin: string, request: Request) => boolean;

/** Allows the pages of the request's own host. */
export const sameHost: OriginRule = (origin, request) => {
  const host = request.headers.get("host");
  return host !== null && URL.canParse(origin) && new URL(origin).host === host;
};

/** @returns whether a page may make the request; one without an Origin comes from no page and may */
export function isOriginAllowed(request: Request, rule: OriginRule): boolean {
  const origin = request.headers.get("origin");
  return origin === null || rule(origin, request);
}

/** Adds to a response what lets the page read it. To be used for allowed origins only. */
export function allowOrigin(request: Request, response: Response): Response {
  const origin = request.headers.get("origin");
  if (origin === null) return response;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-allow-credentials", "true");
  response.headers.append("vary", "Origin");
  return response;
}

/** Answers the browser's question before a cross-origin request: clients may be told to send headers of any name. */
export function preflight(request: Request): Response {
  const asked = request.headers.get("access-control-request-headers");
  const headers = {
    "access-control-allow-methods": "GET, POST, DELETE",
    ...(asked === null ? {} : { "access-control-allow-headers": asked }),
    // Two hours: the most Chromium honours.
    "access-control-max-age": "7200",
    vary: "Access-Control-Request-Headers",
  };
  return allowOrigin(request, new Response(null, { status: 204, headers }));
}
