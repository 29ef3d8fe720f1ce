import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { findInvite, mustBeValid } from "./invites.ts";
import { publicColumns, publicConversation } from "./public-conversation.ts";

export function getInviteOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getInvite, {
    handle: async ({ token }) => {
      const found = await findInvite(db, token);
      const valid = mustBeValid(found);
      if (!valid.ok || found === undefined) return valid.ok ? fail("NOT_FOUND") : valid;
      const { conversation_id: id, expires_at } = found;
      const conversation = await db
        .selectFrom("conversations as c")
        .select([...publicColumns, "c.visibility"])
        .where("c.lane", "=", laneOf(id))
        .where("c.id", "=", id)
        .executeTakeFirst();
      if (conversation === undefined) return fail("NOT_FOUND");
      const expiry = expires_at === null ? {} : { expiresAt: expires_at.toISOString() };
      // a private one's picture is for those who are in it
      const { avatar_media_id, visibility, ...others } = conversation;
      const shown = { ...others, avatar_media_id: visibility === "public" ? avatar_media_id : null };
      return ok({ invite: { token, conversation: publicConversation(shown), ...expiry } });
    },
    rest: (body) => ({ body }),
  });
}
