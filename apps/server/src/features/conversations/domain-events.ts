import { invitationId, userId } from "@hubbub/contract";
import { z } from "zod";
import { conversationEvent } from "../../operations/domain-event.ts";

/** Everyone with `joined_pts` 0 is in it from the start. */
export const conversationCreated = conversationEvent("ConversationCreated", z.null());
// these two are changes of the log as well, with what the log keeps of them
export const memberAdded = conversationEvent("MemberAdded", z.looseObject({ userId }));
export const memberRemoved = conversationEvent("MemberRemoved", z.looseObject({ userId }));
export const conversationDeleted = conversationEvent("ConversationDeleted", z.looseObject({}));
/** To who is invited. */
export const invitationMade = conversationEvent("InvitationMade", z.object({ invitationId, userId }));
/** Answered or withdrawn: to both sides. */
export const invitationSettled = conversationEvent(
  "InvitationSettled",
  z.object({ invitationId, userId, invitedBy: userId }),
);
