import type { TransportName } from "./transport.ts";

/** What a client asked for when it negotiated, or why it is refused. */
export type NegotiateVersion =
  | { readonly kind: "version"; readonly version: 0 | 1 }
  | { readonly kind: "error"; readonly error: string };

const latestVersion = 1;
/** Versions are integers of 32 bits. */
const largestVersion = 2 ** 31 - 1;

/**
 * @param requested the query's `negotiateVersion`
 * @param minimum the lowest version the endpoint speaks
 */
export function chooseNegotiateVersion(requested: string | undefined, minimum: number): NegotiateVersion {
  if (requested === undefined) return accept(0, minimum);
  const version = Number(requested);
  if (!/^\s*[+-]?\d+\s*$/.test(requested) || Math.abs(version) > largestVersion) {
    return { kind: "error", error: "The client requested a non-integer protocol version." };
  }
  return accept(version, minimum);
}

function accept(requested: number, minimum: number): NegotiateVersion {
  if (requested < minimum) {
    const error = `The client requested version '${requested}', but the server does not support this version.`;
    return { kind: "error", error };
  }
  return { kind: "version", version: requested >= latestVersion ? 1 : 0 };
}

const transferFormats = {
  WebSockets: ["Text", "Binary"],
  ServerSentEvents: ["Text"],
  LongPolling: ["Text", "Binary"],
} as const satisfies Record<TransportName, readonly string[]>;

export interface NegotiateAnswer {
  readonly version: 0 | 1;
  readonly connectionId: string;
  readonly connectionToken: string;
  readonly transports: readonly TransportName[];
  /** Told to those only who asked for it: others would refuse the answer. */
  readonly resumable: boolean;
}

/** @returns the body of a successful negotiation */
export function negotiateBody(answer: NegotiateAnswer) {
  return {
    negotiateVersion: answer.version,
    connectionId: answer.connectionId,
    ...(answer.version === 0 ? {} : { connectionToken: answer.connectionToken }),
    ...(answer.resumable ? { useStatefulReconnect: true } : {}),
    availableTransports: answer.transports.map((transport) => ({
      transport,
      transferFormats: transferFormats[transport],
    })),
  };
}
