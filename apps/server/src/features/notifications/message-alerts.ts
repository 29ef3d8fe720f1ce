import { laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer } from "../../ports/outbox.ts";
import { calledAmong } from "../conversations/index.ts";

/** In `message_mentions`: all members. */
const EVERYONE = "00000000-0000-0000-0000-000000000000";

export interface MessageAlertsDeps {
  readonly db: Database;
  readonly broadcaster: Pick<Broadcaster, "alert" | "alertUser">;
  /** Whether anybody, on any node, is connected to the notifications hub: without them a message costs nothing here. */
  readonly anyTakesAlerts: () => boolean;
}

/** Alerts who is connected to the notifications hub of messages that others wrote; repeated ones do no harm. */
export function messageAlerts({ db, broadcaster, anyTakesAlerts }: MessageAlertsDeps): OutboxConsumer {
  return {
    name: "message-alerts",
    events: ["ReceiveMessage"],
    consume: async ({ conversationId, pts, actorId }) => {
      if (conversationId === null || pts === null || !anyTakesAlerts()) return;
      const lane = laneOf(conversationId);
      const { rows } = await sql<{ seq: number; mentioned: UserId[] }>`
        select x.seq, array(
          select m.user_id from message_mentions m
          where m.lane = x.lane and m.conversation_id = x.conversation_id and m.seq = x.seq
        ) as mentioned
        from conversation_changes c
        join messages x on x.lane = c.lane and x.conversation_id = c.conversation_id and x.seq = c.seq
        where c.lane = ${lane} and c.conversation_id = ${conversationId} and c.pts = ${pts} and x.deleted_at is null
          and x.kind <> 'system'
      `.execute(db);
      const [message] = rows;
      if (message === undefined) return;
      const { seq } = message;
      const mentioned = message.mentioned.filter((id) => id !== actorId && id !== EVERYONE);
      const mention = message.mentioned.some((id) => id === EVERYONE);
      broadcaster.alert({ conversationId, seq, mention }, [actorId, ...mentioned]);
      for (const id of await calledAmong(db, conversationId, mentioned))
        broadcaster.alertUser(id, "HasNewMessage", { conversationId, seq, mention: true });
    },
  };
}
