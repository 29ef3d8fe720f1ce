import { z } from "zod";
import { messageId, userId } from "../ids.ts";
import { seq } from "../text.ts";
import { role } from "./member.ts";

/** What the system says in a conversation; the message's sender is who did it. */
export const systemEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("created") }),
  z.object({ type: z.literal("renamed"), title: z.string() }),
  /** `null`: it was taken away. */
  z.object({ type: z.literal("topicChanged"), topic: z.string().nullable() }),
  z.object({ type: z.literal("avatarChanged") }),
  z.object({ type: z.literal("memberAdded"), userId }),
  z.object({ type: z.literal("memberJoined") }),
  z.object({ type: z.literal("memberLeft") }),
  z.object({ type: z.literal("memberRemoved"), userId }),
  z.object({ type: z.literal("roleChanged"), userId, from: role, to: role }),
  z.object({ type: z.literal("messagePinned"), messageId, seq }),
  z.object({ type: z.literal("settingsChanged") }),
]);
export type SystemEvent = z.infer<typeof systemEvent>;
