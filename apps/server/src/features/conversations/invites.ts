import { type ConversationId, type Invite, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";

export const inviteColumns = [
  ...(["token", "conversation_id", "created_by", "created_at", "expires_at", "max_uses", "uses"] as const),
] as const;

interface InviteRow {
  readonly token: string;
  readonly conversation_id: ConversationId;
  readonly created_by: UserId;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly max_uses: number | null;
  readonly uses: number;
}

export function inviteView(row: InviteRow): Invite {
  return {
    ...{ token: row.token, conversationId: row.conversation_id, createdBy: row.created_by },
    createdAt: row.created_at.toISOString(),
    ...(row.expires_at !== null && { expiresAt: row.expires_at.toISOString() }),
    ...(row.max_uses !== null && { maxUses: row.max_uses }),
    uses: row.uses,
  };
}

export interface FoundInvite extends InviteRow {
  /** Neither expired, by the database's clock, nor used up, nor revoked. */
  readonly isValid: boolean;
}

/** @param db for a use: the transaction that holds the lock of its conversation, so that uses are counted exactly [C6] */
export function findInvite(db: Database, token: string): Promise<FoundInvite | undefined> {
  return db
    .selectFrom("conversation_invites")
    .select(inviteColumns)
    .select(
      sql<boolean>`revoked_at is null and coalesce(expires_at > clock_timestamp(), true) and coalesce(uses < max_uses, true)`.as(
        "isValid",
      ),
    )
    .where("token", "=", token)
    .executeTakeFirst();
}

/** One that was never there is not told from nothing; one that is over is. */
export function mustBeValid(invite: FoundInvite | undefined): Result<true> {
  if (invite === undefined) return fail("NOT_FOUND");
  return invite.isValid ? ok(true) : fail("INVITE_EXPIRED");
}

export function updateInvite(db: Database, { token, conversation_id }: FoundInvite) {
  return db
    .updateTable("conversation_invites")
    .where("token", "=", token)
    .where("lane", "=", laneOf(conversation_id))
    .where("conversation_id", "=", conversation_id);
}
