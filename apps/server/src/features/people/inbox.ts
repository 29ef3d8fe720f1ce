import type { ConversationId, InboxEventName, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Transactor } from "../../ports/database.ts";

export interface NewInboxEntry {
  readonly userId: UserId;
  readonly event: InboxEventName;
  readonly actorId: UserId;
  readonly conversationId?: ConversationId;
  /** Whom or what it is about, where that is no conversation. */
  readonly subjectId?: string;
}

/**
 * Writes entries into people's inboxes, in the transaction of what they tell of; the last thing that it does, as users
 * are locked last [L7] [L16].
 * @returns the userPts of each, in order
 */
export async function enterInbox(tx: Transactor, entries: readonly NewInboxEntry[]): Promise<number[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<{ user_pts: number }>`
    select user_pts from enter_inbox(
      ${entries.map(({ userId }) => userId)}::uuid[],
      ${entries.map(({ event }) => event)}::text[],
      ${entries.map(({ actorId }) => actorId)}::uuid[],
      ${entries.map(({ conversationId }) => conversationId ?? null)}::uuid[],
      ${entries.map(({ subjectId }) => subjectId ?? null)}::uuid[]
    ) order by ordinal`.execute(tx);
  return rows.map(({ user_pts }) => user_pts);
}
