import { redisBackplane } from "../src/backplanes/redis.ts";
import type { SignalROptions } from "../src/index.ts";

/** Variables of a process that is to be joined with others. */
export interface JoinedBy {
  /** Path of Redis's socket. */
  readonly REDIS_SOCKET: string;
  readonly TOKEN_KEY: string;
}

/** @returns what joins a server with others that were given the same */
export function joinedBy({
  REDIS_SOCKET,
  TOKEN_KEY,
}: JoinedBy): Required<Pick<SignalROptions, "backplane" | "tokenKey">> {
  return { backplane: redisBackplane({ redis: { path: REDIS_SOCKET }, timeout: 1000 }), tokenKey: TOKEN_KEY };
}

/** What joins this process with others, if its variables say so. */
export function joinedByVariables(): Pick<SignalROptions, "backplane" | "tokenKey"> {
  const { REDIS_SOCKET, TOKEN_KEY } = process.env;
  return REDIS_SOCKET === undefined || TOKEN_KEY === undefined ? {} : joinedBy({ REDIS_SOCKET, TOKEN_KEY });
}
