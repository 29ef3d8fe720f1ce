/**
 * Several nodes, joined by Redis or Valkey, among them nodes of ASP.NET Core. Needs `ioredis` beside it.
 * @module redis
 */
import type { BackplaneFactory } from "./backplane.ts";
import { type BackplaneOptions, BusBackplane } from "./bus-backplane.ts";
import { RedisCluster } from "./redis-cluster.ts";
import { type RedisAddress, RedisConnection } from "./redis-connection.ts";

export type { RedisAddress } from "./redis-connection.ts";

/** How nodes are joined by Redis. */
export interface RedisBackplaneOptions extends BackplaneOptions {
  /** Redis 6 or newer: a URL, or options of `ioredis` (a Unix socket, TLS, Sentinel). Each hub connects by itself. */
  readonly redis: RedisAddress;
  /** Stands before every channel, so that several applications can share a Redis. Default none. */
  readonly channelPrefix?: string;
  /** Milliseconds without any answer after which Redis is taken for gone, and a publication for lost. Default 5,000. */
  readonly timeout?: number;
  /** Bytes of publications that may wait for Redis; more are lost at once. Default 16 MiB. */
  readonly maximumPending?: number;
  /**
   * Whether to use the sharded channels of Redis 7: on a cluster, whose addresses are asked of this one, each server
   * carries its share. Nodes of ASP.NET Core do not hear those. Default false.
   */
  readonly sharded?: boolean;
}

/**
 * Joins nodes by Redis, speaking as ASP.NET Core's nodes do.
 *
 * Its client is `ioredis`: it keeps payloads byte for byte, publishes and listens on one connection, and knows sharded
 * channels. Connections of a node are served directly and at once; the others get what Redis carries (rules B1 to B8).
 * @param options where Redis is, and how it is shared
 * @returns what `createSignalR` takes as `backplane`; Redis is connected to when it is given there
 */
export function redisBackplane(options: RedisBackplaneOptions): BackplaneFactory {
  const { redis: address, channelPrefix = "", timeout = 5000, maximumPending = 16 * 1024 * 1024 } = options;
  const sharded = options.sharded ?? false;
  const connection = { address, channelPrefix, timeout, maximumPending, sharded };
  const Bus = sharded ? RedisCluster : RedisConnection;
  return (node) => new BusBackplane(node, (context) => new Bus(connection, context), options);
}
