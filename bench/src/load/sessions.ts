import { newDeviceId, newSessionId, type UserId } from "@hubbub/contract";
import type { SQL } from "bun";
import { AccessTokens } from "../../../apps/server/src/features/accounts/access-tokens.ts";
import { loadSecretKey } from "../../../apps/server/src/infrastructure/filesystem/secret-key.ts";

/** Rows of one statement. */
const BATCH = 5_000;

/**
 * Signs people in without their passwords, of which each would take the server a tenth of a second of CPU: sessions are
 * written to its database, and their tokens signed with its key, as its own code would.
 */
export class Sessions {
  readonly #sql: SQL;
  readonly #tokens: AccessTokens;

  constructor(sql: SQL, dataDirectory: string) {
    this.#sql = sql;
    const key = loadSecretKey(undefined, dataDirectory).deriveKey("access token");
    const settings = { seeds: [key] as const, issuer: "hubbub", audience: "hubbub", lifetimeSeconds: 3600 };
    this.#tokens = new AccessTokens(settings, { now: () => Date.now() });
  }

  /** @returns an access token for each, in order */
  async open(users: readonly UserId[]): Promise<string[]> {
    const sessions = users.map((userId) => ({ userId, sessionId: newSessionId() }));
    for (let from = 0; from < sessions.length; from += BATCH) {
      const some = sessions.slice(from, from + BATCH);
      const column = (values: readonly string[]) => this.#sql.array([...values], "uuid");
      await this.#sql`
        insert into sessions (id, user_id, device_id, expires_at)
        select s, u, d, now() + interval '1 day'
        from unnest(${column(some.map(({ sessionId }) => sessionId))}, ${column(some.map(({ userId }) => userId))},
                    ${column(some.map(() => newDeviceId()))}) x(s, u, d)`;
    }
    return Promise.all(sessions.map((session) => this.#tokens.issue(session)));
  }
}
