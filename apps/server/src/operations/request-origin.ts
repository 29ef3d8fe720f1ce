import { isIP } from "node:net";
import type { Origin } from "./operation.ts";

export interface OriginSettings {
  /** The origin under which people reach the server, where the operator gave it. */
  readonly publicUrl: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly isTrustedProxy: (address: string) => boolean;
}

/** Whose page sent a request, by its `Origin` header. */
export function siteOf(request: Request, { publicUrl, allowedOrigins }: OriginSettings): Origin["site"] {
  const origin = request.headers.get("origin");
  if (origin === null) return "none";
  if (publicUrl !== undefined ? origin === publicUrl : hostOf(origin) === request.headers.get("host")) return "own";
  return allowedOrigins.includes(origin) ? "allowed" : "foreign";
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** What the browser keeps for us. */
interface Cookies {
  readonly refreshCookie?: string | undefined;
  readonly signInCookie?: string | undefined;
}

/** Where a request comes from. Forwarded headers count only from a proxy that the operator trusts. */
export function originOf(request: Request, peer: string, settings: OriginSettings, cookies: Cookies = {}): Origin {
  const forwarded = request.headers.get("x-forwarded-for");
  const isForwarded = forwarded !== null || request.headers.has("forwarded");
  const address = settings.isTrustedProxy(peer) ? (clientOf(forwarded, settings) ?? peer) : peer;
  return {
    address,
    isLoopback: !isForwarded && isLoopback(peer),
    // what has no Host, or a strange one, is no client that goes on
    serverUrl: settings.publicUrl ?? URL.parse(request.url)?.origin ?? "http://localhost",
    site: siteOf(request, settings),
    ...(cookies.refreshCookie !== undefined && { refreshCookie: cookies.refreshCookie }),
    ...(cookies.signInCookie !== undefined && { signInCookie: cookies.signInCookie }),
  };
}

/** The last one in the chain that no trusted proxy vouches for being a proxy itself. */
function clientOf(forwarded: string | null, { isTrustedProxy }: OriginSettings): string | undefined {
  const chain = (forwarded ?? "").split(",").map((part) => part.trim());
  return chain.findLast((address) => isIP(address) !== 0 && !isTrustedProxy(address));
}

/** 127.0.0.0/8 and ::1, also as IPv4-mapped. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}
