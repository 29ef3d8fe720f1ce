import { type ConversationId, operations, type UserId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import { ownUser, ownUserColumns, publicUser } from "./public-user.ts";

export interface UpdateOwnUserDeps {
  readonly db: Database;
  readonly broadcaster: Pick<Broadcaster, "toConversations" | "toUser">;
  /** Those in which others hear of this person. */
  readonly conversationsOf: (user: UserId) => Promise<ConversationId[]>;
}

/** Whoever is online and in a conversation with the person hears of it; it is in no log, so others read it afresh. */
export function updateOwnUserOperation({ db, broadcaster, conversationsOf }: UpdateOwnUserDeps): Operation {
  return defineOperation(operations.updateOwnUser, {
    handle: async ({ displayName, bio, timeZone, language }, { userId }) => {
      const row = await db
        .updateTable("users")
        .set({
          ...(displayName !== undefined && { display_name: displayName }),
          ...(bio !== undefined && { bio }),
          ...(timeZone !== undefined && { time_zone: timeZone }),
          ...(language !== undefined && { language }),
        })
        .where("id", "=", userId)
        .where("deleted_at", "is", null)
        .returning(ownUserColumns)
        .executeTakeFirst();
      if (row === undefined) return fail("UNAUTHENTICATED");
      if (displayName !== undefined || bio !== undefined) {
        const shown = publicUser(row);
        broadcaster.toUser(userId, "UserUpdated", shown);
        broadcaster.toConversations(await conversationsOf(userId), "UserUpdated", shown);
      }
      return ok({ user: ownUser(row) });
    },
    rest: (body) => ({ body }),
  });
}
