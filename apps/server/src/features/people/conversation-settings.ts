import {
  type ConversationId,
  type ConversationSettings,
  laneOf,
  type Notifications,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** A row of a member, with nulls where they chose nothing. */
export interface ConversationSettingsRow {
  readonly muted_until: Date | null;
  readonly notify: Notifications["notify"] | null;
  readonly pinned: boolean | null;
  readonly archived: boolean | null;
  readonly draft: string | null;
}

export const conversationSettingsColumns = ["muted_until", "notify", "pinned", "archived", "draft"] as const;

export function conversationSettingsView(row: ConversationSettingsRow): ConversationSettings {
  const { muted_until, notify, pinned, archived, draft } = row;
  return {
    ...(muted_until !== null && { mutedUntil: muted_until.toISOString() }),
    ...(notify !== null && { notify }),
    pinned: pinned ?? false,
    archived: archived ?? false,
    ...(draft !== null && { draft }),
  };
}

/** Of those of the conversations for which the person chose something. */
export async function readConversationSettings(
  db: Database,
  userId: UserId,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, ConversationSettings>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<ConversationSettingsRow & { id: ConversationId }>`
    select s.conversation_id as id, s.muted_until, s.notify, s.pinned, s.archived, s.draft
    from conversation_settings s
    where (s.lane, s.conversation_id) in (select * from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]))
      and s.user_id = ${userId}::uuid`.execute(db);
  return new Map(rows.map((row) => [row.id, conversationSettingsView(row)]));
}
