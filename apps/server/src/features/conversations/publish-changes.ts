import type { ConversationId } from "@hubbub/contract";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Outbox } from "../../ports/outbox.ts";
import type { AppendedChange } from "./change-log.ts";

/** Tells the members what has been committed, in order of pts, and keeps who hears the conversation in step. */
export function publishChanges(
  broadcaster: Broadcaster,
  outbox: Outbox,
  conversationId: ConversationId,
  changes: readonly AppendedChange[],
): void {
  for (const change of changes) {
    const { pts } = change;
    switch (change.event) {
      case "ReceiveMessage":
        if (change.message !== undefined) broadcaster.toConversation(conversationId, "ReceiveMessage", change.message);
        break;
      case "MemberAdded":
        broadcaster.subscribe(change.payload.userId, conversationId);
        broadcaster.toConversation(conversationId, "MemberAdded", { conversationId, ...change.payload, pts });
        break;
      case "MemberRemoved":
        broadcaster.unsubscribe(change.payload.userId, conversationId);
        broadcaster.toConversation(conversationId, "MemberRemoved", { conversationId, ...change.payload, pts });
        break;
      case "MemberRoleChanged":
        broadcaster.toConversation(conversationId, "MemberRoleChanged", { conversationId, ...change.payload, pts });
        break;
      case "ConversationDeleted":
        broadcaster.toConversation(conversationId, "ConversationDeleted", { conversationId, ...change.payload, pts });
        for (const user of broadcaster.subscribers(conversationId)) broadcaster.unsubscribe(user, conversationId);
        break;
      case "ConversationUpdated":
        broadcaster.toConversation(conversationId, "ConversationUpdated", { conversationId, ...change.payload, pts });
        break;
      case "HistoryTrimmed":
        broadcaster.toConversation(conversationId, "HistoryTrimmed", { conversationId, ...change.payload, pts });
        break;
      default:
        change satisfies never;
    }
  }
  outbox.handOver(changes.map(({ outboxEvent }) => outboxEvent));
}
