import { createHash } from "node:crypto";
import { type Accounts, type AccountsDeps, type AccountsSettings, createAccounts } from "../features/accounts/index.ts";
import { PostgresOutbox } from "../infrastructure/postgres/outbox.ts";
import { accountsSettings } from "./accounts-settings.ts";
import type { TestDatabase } from "./database.ts";

interface TestAccountsOptions extends Partial<Omit<AccountsDeps, "clock" | "deriveKeys" | "settings">> {
  readonly store: TestDatabase;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The server's secret keys, the current one first. */
  readonly keys?: readonly [string, ...string[]];
  readonly settings?: Partial<AccountsSettings>;
}

/** The key for a purpose that a server with this secret has. */
export const derivedKey = (purpose: string, key = "test"): Buffer =>
  createHash("sha256").update(`${key} ${purpose}`).digest();

/** The accounts of one node; nobody is connected, and no mail is sent. What goes wrong unexpectedly is thrown. */
export function openAccounts(options: TestAccountsOptions): Promise<Accounts> {
  const { store, now, keys = ["test"], settings, ...given } = options;
  const [current, ...previous] = keys;
  return createAccounts({
    db: store.database.reads.kysely,
    clock: { now },
    broadcaster: { endSession: () => undefined },
    outbox: new PostgresOutbox({ db: store.database.writer.kysely, onError: () => undefined }),
    mailer: { send: () => Promise.resolve() },
    onMailFailure: () => undefined,
    deriveKeys: (purpose) => [derivedKey(purpose, current), ...previous.map((key) => derivedKey(purpose, key))],
    onError: (error) => {
      throw error;
    },
    onProviderFailure: (_provider, error) => {
      throw error;
    },
    settings: { ...accountsSettings, ...settings },
    ...given,
  });
}
