import type { UserId } from "@hubbub/contract";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { LockedConversation, MessageRow } from "../conversations/index.ts";

type Message = Pick<MessageRow, "kind" | "sender_id" | "deleted_at">;

/** Nobody but its sender puts words into a message, and nobody into one that is deleted or that the system says. */
export function mayEdit(message: Message, actor: UserId): Result<true> {
  return message.sender_id === actor && message.kind !== "system" ? mayReact(message) : fail("FORBIDDEN");
}

/** Everyone who sees a message may react to it, unless it is deleted. */
export function mayReact({ deleted_at }: Pick<Message, "deleted_at">): Result<true> {
  return deleted_at === null ? ok(true) : fail("CONFLICT", "This message is deleted.");
}

/** Its sender, and in groups and channels owners and admins; what the system says stays. */
export function mayDelete(
  message: Message,
  actor: UserId,
  { type, role }: Pick<LockedConversation, "type" | "role">,
): Result<true> {
  if (message.kind === "system") return fail("FORBIDDEN");
  const keepsOrder = type !== "direct" && role !== "member";
  return message.sender_id === actor || keepsOrder ? ok(true) : fail("FORBIDDEN");
}
