import type { UserId } from "@hubbub/contract";
import { fail, ok, type Result } from "../../operations/result.ts";
import { type LockedConversation, type MessageRow, may } from "../conversations/index.ts";

type Message = Pick<MessageRow, "kind" | "sender_id" | "deleted_at">;

/** Nobody but its sender puts words into a message, and nobody into one that is deleted, forwarded, or the system's. */
export function mayEdit(message: Message & Pick<MessageRow, "forwarded_from">, actor: UserId): Result<true> {
  const isOwn = message.sender_id === actor && message.kind !== "system" && message.forwarded_from === null;
  return isOwn ? mayReact(message) : fail("FORBIDDEN");
}

/** What somebody said, while it stands; whoever sees it could copy it too. */
export const mayForward = (message: Message): Result<true> =>
  message.kind === "system" ? fail("FORBIDDEN") : mayReact(message);

/** Everyone who sees a message may react to it, unless it is deleted. */
export function mayReact({ deleted_at }: Pick<Message, "deleted_at">): Result<true> {
  return deleted_at === null ? ok(true) : fail("CONFLICT", "This message is deleted.");
}

/** What somebody said, while it stands. */
export function mayPin(message: Message, conversation: LockedConversation): Result<true> {
  const allowed = message.kind === "system" ? fail("FORBIDDEN") : may("pin", conversation);
  return allowed.ok ? mayReact(message) : allowed;
}

/** Its sender, and whoever keeps order; of what the system says only the latter. */
export function mayDelete(message: Message, actor: UserId, conversation: LockedConversation): Result<true> {
  const isOwn = message.sender_id === actor && message.kind !== "system";
  return isOwn ? ok(true) : may("deleteOthersMessage", conversation);
}

/** In channels, which may have a million members, its owners and admins alone; `send_messages` judges alike. */
export function mayCallEveryone({ type, role }: Pick<LockedConversation, "type" | "role">): boolean {
  return type !== "channel" || role !== "member";
}
