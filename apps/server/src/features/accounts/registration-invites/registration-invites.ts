import { createHash, randomBytes } from "node:crypto";
import type { RegistrationInvite, RegistrationInviteId, UserId } from "@hubbub/contract";
import { Refused } from "../../../operations/result.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Transactor } from "../../../ports/database.ts";

/** 256 bits: nobody finds one by trying. */
const TOKEN_BYTES = 32;

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

export const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

export const inviteColumns = ["id", "created_by", "created_at", "expires_at", "max_uses", "uses"] as const;

interface InviteRow {
  readonly id: RegistrationInviteId;
  readonly created_by: UserId;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly max_uses: number;
  readonly uses: number;
}

export function inviteView(row: InviteRow): RegistrationInvite {
  const { id, created_by, created_at, expires_at, max_uses, uses } = row;
  const times = { createdAt: created_at.toISOString(), expiresAt: expires_at.toISOString() };
  return { id, createdBy: created_by, ...times, maxUses: max_uses, uses };
}

/** Counts a use under the invitation's lock, and throws `Refused` when it is not good (any more). */
export async function redeemRegistrationInvite(tx: Transactor, clock: Clock, token: string): Promise<void> {
  const invite = await tx
    .selectFrom("registration_invites")
    .select(inviteColumns)
    .where("hash", "=", hashOf(token))
    .forUpdate()
    .executeTakeFirst();
  if (invite === undefined || invite.expires_at.getTime() <= clock.now() || invite.uses >= invite.max_uses)
    throw new Refused({ code: "INVITE_EXPIRED" });
  await tx
    .updateTable("registration_invites")
    .set({ uses: invite.uses + 1 })
    .where("id", "=", invite.id)
    .execute();
}
