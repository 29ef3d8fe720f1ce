import { defineHub, type Hub, type HubConnection, type HubOptions } from "@hubbub/signalr";
import { SignalR } from "../../packages/signalr/src/signalr.ts";
import type { Handled } from "../../packages/signalr/src/transports/hub-request.ts";
import type { RequestPort } from "../../packages/signalr/src/transports/request-port.ts";
import { InvalidOperationException } from "./binding.ts";
import { type DotnetTypes, dotnetMethods, dotnetStreams } from "./dotnet-hub.ts";
import { EchoEndpoint } from "./echo.ts";
import { type JavascriptTypes, javascriptMethods, javascriptStreams } from "./javascript-hub.ts";
import { answerRoute, type RouteContext } from "./routes.ts";
import { Tokens } from "./tokens.ts";
import { anyone, bearer, requestSocket } from "./visitor.ts";

/**
 * Everything that the functional tests of the official clients call, on any runtime. What lies outside of the hubs, like
 * redirections and cookies, is answered in front of them.
 */
export class TestServer extends SignalR {
  readonly #routes: RouteContext;

  constructor() {
    const tokens = new Tokens();
    const { testHub, all } = hubs(tokens);
    super({ hubs: [...all, new EchoEndpoint()], timerResolution: 100 });
    let redirects = 0;
    this.#routes = {
      tokens,
      nextRedirect: () => ++redirects,
      clientResult: (connectionId) => this.hub(testHub).clients.connection(connectionId).invoke("Result", null),
    };
  }

  /** `handle` has more to answer than hubs. */
  override serves(): boolean {
    return true;
  }

  override async handle(request: Request, port: RequestPort): Promise<Handled> {
    if (!URL.canParse(request.url)) return super.handle(request, port);
    const url = new URL(request.url);
    const secure = requestSocket.getStore()?.secure ?? false;
    if (request.method === "OPTIONS") return respond(forAnyPage(request, new Response(null, { status: 204 })));
    const routed = await answerRoute(url, originOf(request, secure), this.#routes);
    if (routed !== undefined) return respond(forAnyPage(request, routed));
    const handled = await super.handle(request, port);
    if (handled.kind === "response" && url.pathname.endsWith("/negotiate")) {
      for (const cookie of cookies(secure)) handled.response.headers.append("set-cookie", cookie);
    }
    return handled;
  }
}

function hubs(tokens: Tokens) {
  const shared = { detailedErrors: true, keepRequests: true, allowedOrigins: () => true };
  const open = { ...shared, authenticate: anyone };
  const closed = { ...shared, authenticate: bearer((token) => tokens.subjectOf(token)) };
  const withoutWebSockets = ["ServerSentEvents", "LongPolling"] as const;
  const javascript = (path: string, options: Omit<HubOptions<JavascriptTypes>, "path" | "methods">) =>
    defineHub<JavascriptTypes>()({ path, methods: javascriptMethods, streams: javascriptStreams, ...options });
  const dotnet = (path: string, options: Partial<HubOptions<DotnetTypes>> = {}) =>
    defineHub<DotnetTypes>()({ path, methods: dotnetMethods, streams: dotnetStreams, ...open, ...options });
  const testHub: Hub<JavascriptTypes> = javascript("/testhub", open);
  const all = [
    testHub,
    javascript("/testhub-nowebsockets", { ...open, transports: withoutWebSockets }),
    javascript("/uncreatable", { ...open, onConnected: failToCreate }),
    dotnet("/authorizedhub", closed),
    dotnet("/authorizedhub2", closed),
    dotnet("/default", { statefulReconnect: true }),
    dotnet("/dynamic"),
    dotnet("/hubT"),
    dotnet("/default-nowebsockets", { transports: withoutWebSockets }),
    dotnet("/negotiateProtocolVersion12", { minimumNegotiateVersion: 12 }),
    dotnet("/negotiateProtocolVersionNegative", { minimumNegotiateVersion: -1 }),
  ];
  return { testHub, all };
}

function failToCreate(_connection: HubConnection<JavascriptTypes>): never {
  throw new InvalidOperationException(
    "Unable to resolve service for type 'System.Object' while attempting to activate 'FunctionalTests.UncreatableHub'.",
  );
}

/**
 * Three cookies for the JavaScript client, one of them over, and one for the .NET client. The tests' page is of another
 * site, where browsers keep partitioned cookies only.
 */
function cookies(secure: boolean): readonly string[] {
  const attributes = secure ? "; path=/; secure; samesite=none; partitioned" : "; path=/";
  return [
    `testCookie=testValue${attributes}`,
    `testCookie2=testValue2${attributes}`,
    `expiredCookie=doesntmatter; expires=${new Date(Date.now() - 3_600_000).toUTCString()}${attributes}`,
    `fromNegotiate=a%20value${attributes}`,
  ];
}

/** Lets any page read the answer, and ask with any method and header: the tests' pages come from servers of their own. */
function forAnyPage(request: Request, response: Response): Response {
  const origin = request.headers.get("origin");
  if (origin === null) return response;
  const allowed = {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": request.headers.get("access-control-request-method"),
    "access-control-allow-headers": request.headers.get("access-control-request-headers"),
  };
  for (const [header, value] of Object.entries(allowed)) if (value !== null) response.headers.set(header, value);
  return response;
}

/** Runtimes need not tell the scheme and host in a request's address. */
function originOf(request: Request, secure: boolean): string {
  return `${secure ? "https" : "http"}://${request.headers.get("host") ?? ""}`;
}

function respond(response: Response): Handled {
  return { kind: "response", response };
}
