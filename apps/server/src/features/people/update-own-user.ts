import {
  type ConversationId,
  type MediaId,
  type OperationInput,
  operations,
  type User,
  type UserId,
} from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok, Refused, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import { attachAvatar } from "./attach-avatar.ts";
import { ownUser, ownUserColumns, publicUser } from "./public-user.ts";

export interface UpdateOwnUserDeps {
  readonly db: Database;
  readonly broadcaster: Pick<Broadcaster, "toConversations" | "toUser">;
  /** Those in which others hear of this person. */
  readonly conversationsOf: (user: UserId) => Promise<ConversationId[]>;
}

type Input = OperationInput<"updateOwnUser">;

/** Whoever is online and in a conversation with the person hears of it; it is in no log, so others read it afresh. */
export function updateOwnUserOperation(deps: UpdateOwnUserDeps): Operation {
  const { db } = deps;
  return defineOperation(operations.updateOwnUser, {
    handle: async (input, { userId }) => {
      const done = await refusable(() =>
        db.transaction().execute(async (tx) => {
          if (input.avatarMediaId !== undefined) await replaceAvatar(tx, userId, input.avatarMediaId);
          return write(tx, userId, input);
        }),
      );
      if (!done.ok) return done;
      const { displayName, bio, avatarMediaId } = input;
      if (displayName !== undefined || bio !== undefined || avatarMediaId !== undefined)
        await tell(deps, publicUser(done.value));
      return ok({ user: ownUser(done.value) });
    },
    rest: (body) => ({ body }),
  });
}

/** Under the lock of the person's row, so that of two pictures set at once one is let go. */
async function replaceAvatar(tx: Transactor, userId: UserId, picture: MediaId | null): Promise<void> {
  const person = await tx
    .selectFrom("users")
    .select("avatar_media_id")
    .where("id", "=", userId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (person === undefined || picture === null || picture === person.avatar_media_id) return;
  const attached = await attachAvatar(tx, userId, picture, person.avatar_media_id);
  if (!attached.ok) throw new Refused(attached.failure);
}

async function write(tx: Transactor, userId: UserId, input: Input) {
  const { displayName, bio, avatarMediaId, timeZone, language } = input;
  const row = await tx
    .updateTable("users")
    .set({
      ...(displayName !== undefined && { display_name: displayName }),
      ...(bio !== undefined && { bio }),
      ...(avatarMediaId !== undefined && { avatar_media_id: avatarMediaId }),
      ...(timeZone !== undefined && { time_zone: timeZone }),
      ...(language !== undefined && { language }),
    })
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .returning(ownUserColumns)
    .executeTakeFirst();
  if (row === undefined) throw new Refused({ code: "UNAUTHENTICATED" });
  return row;
}

async function tell({ broadcaster, conversationsOf }: UpdateOwnUserDeps, user: User): Promise<void> {
  broadcaster.toUser(user.id, "UserUpdated", user);
  broadcaster.toConversations(await conversationsOf(user.id), "UserUpdated", user);
}
