import { z } from "zod";
import { conversationId, mediaId } from "../ids.ts";
import { limits } from "../limits.ts";
import { lineOfText, pts, seq, timestamp } from "../text.ts";
import { conversationSettings } from "./conversation-settings.ts";
import { role } from "./member.ts";
import { message } from "./message.ts";
import { user } from "./user.ts";

export const conversationType = z.enum(["direct", "group", "channel"]);
export const visibility = z.enum(["public", "private"]);
export const posting = z.enum(["everyone", "admins"]);
export const historyVisibility = z.enum(["all", "sinceJoined"]);
export const title = lineOfText(limits.title);
export const topic = lineOfText(limits.topic);
/** Days that messages are kept. */
export const retentionDays = z.int().min(limits.retentionDays.least).max(limits.retentionDays.most);

export type ConversationType = z.infer<typeof conversationType>;
export type Visibility = z.infer<typeof visibility>;
export type Posting = z.infer<typeof posting>;
export type HistoryVisibility = z.infer<typeof historyVisibility>;

/** The caller's own side of a conversation. */
export const ownMembership = z.object({
  role,
  readSeq: seq,
  deliveredSeq: seq,
  /** The caller sees messages from this seq on [L10]. */
  visibleFromSeq: seq,
  /** Exact up to 99; 100 means "99+" [L23]. */
  unread: z.int().min(0).max(100),
  unreadMentions: z.int().min(0).max(100),
  settings: conversationSettings,
});

export const conversation = z.object({
  id: conversationId,
  type: conversationType,
  title: z.string().optional(),
  topic: z.string().optional(),
  /** Its picture: one of the media. */
  avatarMediaId: mediaId.optional(),
  visibility,
  posting,
  historyVisibility,
  /** Absent: as long as the server keeps messages. */
  retentionDays: z.int().optional(),
  encrypted: z.boolean(),
  memberCount: z.int().min(0),
  seq,
  pts,
  createdAt: timestamp,
  /** The other person of a direct conversation; oneself in notes to oneself. */
  peer: user.optional(),
  me: ownMembership,
  lastMessage: message.optional(),
});
export type Conversation = z.infer<typeof conversation>;
