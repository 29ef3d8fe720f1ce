import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { reconcile } from "../features/conversations/index.ts";
import { OtherNodes } from "../features/sync/index.ts";
import { LaneWriters } from "../infrastructure/postgres/lane-writers.ts";
import { PostgresOutbox } from "../infrastructure/postgres/outbox.ts";
import { ScheduledJobs } from "../infrastructure/postgres/scheduled-jobs.ts";
import { PrometheusMetrics } from "../infrastructure/prometheus/prometheus-metrics.ts";
import { Hubs } from "../infrastructure/signalr/hubs.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { type Clock, systemClock } from "../ports/clock.ts";
import type { Database } from "../ports/database.ts";
import type { Blobs } from "./blobs.ts";
import { type DerivedKeys, derivedKeysOf, type Storage } from "./storage.ts";

/** Lane groups written side by side: two connections already fill a disk. */
const WRITERS = 2;

/** What slices are built from. */
export interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  /** For a failure that nobody waits for. */
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  /** Short queries. */
  readonly db: Database;
  /** Consumers of events, clean-up, searches. */
  readonly slowDb: Database;
  readonly writer: LaneWriters;
  readonly outbox: PostgresOutbox;
  readonly metrics: PrometheusMetrics;
  readonly jobs: ScheduledJobs;
  readonly hub: Hubs;
  readonly otherNodes: OtherNodes;
  readonly blobs: BlobStore;
  readonly blobsServedBy: Blobs["servedBy"];
  readonly deriveKeys: (purpose: string) => DerivedKeys;
}

const about = (event?: { readonly event: string; readonly eventId: string }) =>
  event === undefined ? {} : { event: event.event, eventId: event.eventId };

export function createParts(storage: Storage, blobs: Blobs, config: Config, logger: Logger): Parts {
  const { database } = storage;
  const onError = (error: unknown) => logger.error({ err: error }, "Something failed that nobody was waiting for");
  const metrics = new PrometheusMetrics();
  const hub = new Hubs();
  const slowDb = database.slow.kysely;
  // alone: whose data directory we have locked
  const outbox = new PostgresOutbox({
    db: slowDb,
    onError: (error, event) => {
      if (event !== undefined) metrics.consumerFailed(event.event);
      logger.error({ err: error, ...about(event) }, "An event could not be handed on");
    },
    onDeadLetter: (event, error) => {
      metrics.deadLetter();
      logger.error({ err: error, ...about(event) }, "An event is a dead letter");
    },
    isAlone: config.database.url === undefined,
  });
  const writer = new LaneWriters({
    db: database.writer.kysely,
    writers: WRITERS,
    reconcile: async (conversations) => {
      await reconcile(database.writer.kysely, hub, conversations);
      await outbox.recover(conversations);
    },
    onCommitted: (kind, changes, seconds) => metrics.committed(kind, changes, seconds),
    onError,
  });
  return {
    config,
    logger,
    onError,
    clock: systemClock,
    db: database.reads.kysely,
    slowDb,
    writer,
    outbox,
    metrics,
    jobs: new ScheduledJobs({ db: slowDb, onError }),
    hub,
    otherNodes: new OtherNodes({
      db: database.reads.kysely,
      broadcaster: hub,
      onError,
      isJoined: config.redisUrl !== undefined,
    }),
    blobs: blobs.store,
    blobsServedBy: blobs.servedBy,
    deriveKeys: (purpose) => derivedKeysOf(storage, purpose),
  };
}
