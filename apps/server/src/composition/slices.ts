import { type Accounts, accountSections, isAdmin } from "../features/accounts/index.ts";
import { administrationOperations } from "../features/administration/index.ts";
import {
  conversationOperations,
  conversationSections,
  conversationsOf,
  erasureConsumer,
  leaveForDeletedConsumer,
} from "../features/conversations/index.ts";
import {
  forgetDeletedMediaConsumer,
  lookIntoUploadedConsumer,
  mediaJobs,
  mediaOperations,
  mediaSections,
} from "../features/media/index.ts";
import { messageOperations, messageSections, streamHistoryOperation, trimHistory } from "../features/messages/index.ts";
import { messageAlerts } from "../features/notifications/index.ts";
import {
  forgetDeletedConsumer,
  friendsByEmailConsumer,
  mayWriteIn,
  peopleOperations,
  peopleSections,
} from "../features/people/index.ts";
import { exportOwnDataOperation } from "../features/personal-data/index.ts";
import { accountEndsConsumer, createPresence, presenceSections, readPresence } from "../features/presence/index.ts";
import { receiptOperations } from "../features/receipts/index.ts";
import { searchMessagesOperation } from "../features/search/index.ts";
import { inboxConsumer, syncOperations } from "../features/sync/index.ts";
import type { ScheduledJob } from "../infrastructure/postgres/scheduled-jobs.ts";
import type { HubOnlyOperation } from "../operations/hub-only-operation.ts";
import type { Operation } from "../operations/operation.ts";
import type { PersonalSection } from "../operations/personal-section.ts";
import type { ConnectionObserver } from "../ports/hub-connections.ts";
import type { OutboxConsumer } from "../ports/outbox.ts";
import type { Parts } from "./parts.ts";

/** What a slice brings to the server: whichever it has of these. */
export interface Slice {
  readonly operations?: readonly Operation[];
  readonly hubOnly?: readonly HubOnlyOperation[];
  /** Who hears of connections. */
  readonly observers?: readonly ConnectionObserver[];
  /** Effects of events [L9]. */
  readonly consumers?: readonly OutboxConsumer[];
  readonly jobs?: readonly ScheduledJob[];
  /** What the slice keeps of a person, for the export of their data. */
  readonly personal?: readonly PersonalSection[];
  /** What goes on beside the calls, from the start of the server to its end. */
  readonly background?: readonly Background[];
}

export interface Background {
  start(): void;
  stop(): Promise<void>;
}

/** Every slice with what it needs, from the bottom up: a new one is an entry here. */
export function createSlices(parts: Parts, accounts: Accounts): readonly Slice[] {
  const slices: readonly Slice[] = [
    accountsSlice(parts, accounts),
    peopleSlice(parts),
    conversationsSlice(parts),
    messagesSlice(parts),
    receiptsSlice(parts),
    syncSlice(parts),
    administrationSlice(parts),
    presenceSlice(parts),
    mediaSlice(parts),
    { operations: [searchMessagesOperation(parts)] },
  ];
  return [...slices, personalDataSlice(parts, slices)];
}

/** Above all others, for what they keep of a person. */
function personalDataSlice({ clock, onError }: Parts, slices: readonly Slice[]): Slice {
  const sections = slices.flatMap((slice) => slice.personal ?? []);
  return { operations: [exportOwnDataOperation({ clock, sections, onError })] };
}

function accountsSlice({ slowDb }: Parts, accounts: Accounts): Slice {
  return {
    operations: accounts.operations,
    personal: accountSections(slowDb),
    jobs: [
      { name: "clean-up-sessions", run: () => accounts.cleanUp(slowDb) },
      { name: "end-suspensions", everyMinutes: 1, run: () => accounts.endSuspensions(slowDb) },
    ],
    background: [accounts.sessionWatch, accounts.postman],
  };
}

function peopleSlice({ clock, db, slowDb, hub, outbox }: Parts): Slice {
  const deps = { clock, db, broadcaster: hub, outbox };
  return {
    operations: peopleOperations({
      ...deps,
      conversationsOf: (user) => conversationsOf(db, user),
      presenceOf: (viewer, people) => readPresence(db, viewer, people),
    }),
    personal: peopleSections(slowDb),
    consumers: [friendsByEmailConsumer({ ...deps, db: slowDb }), forgetDeletedConsumer({ ...deps, db: slowDb })],
  };
}

function conversationsSlice({ config: { friendsOnly }, db, slowDb, writer, hub, outbox }: Parts): Slice {
  return {
    operations: conversationOperations({ db, writer, broadcaster: hub, outbox, friendsOnly }),
    personal: conversationSections(slowDb),
    consumers: [
      leaveForDeletedConsumer({ db: slowDb, writer, broadcaster: hub, outbox }),
      erasureConsumer({ db: slowDb }),
    ],
  };
}

function messagesSlice({ config: { friendsOnly, retentionDays }, db, slowDb, writer, hub, outbox }: Parts): Slice {
  const trimming = { db: slowDb, writer, broadcaster: hub, outbox, retentionDays };
  return {
    jobs: [{ name: "trim-history", run: (signal) => trimHistory(trimming, signal) }],
    operations: messageOperations({ db, writer, broadcaster: hub, outbox, friendsOnly }),
    hubOnly: [streamHistoryOperation({ db })],
    personal: messageSections(slowDb),
  };
}

function receiptsSlice({ config, db, writer, hub }: Parts): Slice {
  return { operations: receiptOperations({ db, writer, broadcaster: hub, friendsOnly: config.friendsOnly }) };
}

function syncSlice({ config, db, slowDb, hub, otherNodes }: Parts): Slice {
  return {
    operations: syncOperations({ db, friendsOnly: config.friendsOnly }),
    consumers: [inboxConsumer({ db: slowDb, broadcaster: hub })],
    // also for one that is alone: it finds a write that it gave up and PostgreSQL, held up, finished later
    background: [otherNodes],
  };
}

function administrationSlice({ db, clock, outbox, jobs }: Parts): Slice {
  return {
    operations: administrationOperations({
      db,
      clock,
      isAdmin: (user) => isAdmin(db, user),
      deadLetters: outbox,
      jobs,
    }),
  };
}

function mediaSlice({ config, db, slowDb, clock, hub, outbox, blobs }: Parts): Slice {
  const { friendsOnly, mediaQuotaBytes: quotaBytes } = config;
  const slow = { db: slowDb, blobs, broadcaster: hub };
  return {
    operations: mediaOperations({ db, clock, broadcaster: hub, outbox, blobs, friendsOnly, quotaBytes }),
    consumers: [lookIntoUploadedConsumer(slow), forgetDeletedMediaConsumer(slow)],
    personal: mediaSections(slowDb),
    jobs: mediaJobs({ ...slow, clock }),
  };
}

function presenceSlice({ config: { friendsOnly }, db, slowDb, clock, hub, onError }: Parts): Slice {
  const { presence, ...slice } = createPresence({
    db,
    clock,
    broadcaster: hub,
    connections: hub,
    mayWriteIn: (conversation, sender) => mayWriteIn(db, conversation, sender, friendsOnly),
    takesAlerts: () => hub.takesAlerts,
    onError,
  });
  return {
    ...slice,
    background: [presence],
    personal: presenceSections(slowDb),
    consumers: [
      accountEndsConsumer({ db: slowDb }),
      messageAlerts({ db: slowDb, broadcaster: hub, anyTakesAlerts: () => presence.anyTakesAlerts }),
    ],
  };
}
