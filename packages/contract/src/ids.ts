import { z } from "zod";

/**
 * Ids are UUIDs; the ones Hubbub makes are version 7 (RFC 9562). The 12 bits `rand_a` of a conversation's id are its
 * lane, and ids of its messages carry the same lane: routing an id never needs a look-up [L8].
 */
export const LANES = 4096;

const uuid = z.guid().toLowerCase();

export const userId = uuid.brand<"UserId">();
export const sessionId = uuid.brand<"SessionId">();
export const conversationId = uuid.brand<"ConversationId">();
export const messageId = uuid.brand<"MessageId">();
export const mediaId = uuid.brand<"MediaId">();
export const invitationId = uuid.brand<"InvitationId">();
export const registrationInviteId = uuid.brand<"RegistrationInviteId">();
export const passkeyId = uuid.brand<"PasskeyId">();
export const clientMessageId = uuid.brand<"ClientMessageId">();
export const deviceId = uuid.brand<"DeviceId">();

export type UserId = z.infer<typeof userId>;
export type SessionId = z.infer<typeof sessionId>;
export type ConversationId = z.infer<typeof conversationId>;
export type MessageId = z.infer<typeof messageId>;
export type MediaId = z.infer<typeof mediaId>;
export type InvitationId = z.infer<typeof invitationId>;
export type RegistrationInviteId = z.infer<typeof registrationInviteId>;
export type PasskeyId = z.infer<typeof passkeyId>;
export type ClientMessageId = z.infer<typeof clientMessageId>;
export type DeviceId = z.infer<typeof deviceId>;

declare const laneBrand: unique symbol;
/** 0 … 4095. */
export type Lane = number & { readonly [laneBrand]: true };

function isLane(value: number): value is Lane {
  return Number.isInteger(value) && value >= 0 && value < LANES;
}

function toLane(value: number): Lane {
  if (!isLane(value)) throw new RangeError(`A lane is an integer from 0 to ${LANES - 1}, not ${value}`);
  return value;
}

/** The lane of any conversation, message, medium or person: the 12 bits after the version digit of the id. */
export function laneOf(id: ConversationId | MessageId | MediaId | UserId): Lane {
  return toLane(Number.parseInt(id.slice(15, 18), 16));
}

/** A time-ordered UUIDv7. `lane` fills `rand_a`; without it `rand_a` is random. */
function uuidV7(lane: Lane | undefined, now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  const randA = lane ?? view.getUint16(6) & 0xfff;
  view.setUint32(0, Math.floor(now / 0x10000));
  view.setUint16(4, now % 0x10000);
  view.setUint16(6, 0x7000 | randA);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** @param now milliseconds since 1970 */
export const newUserId = (now = Date.now()): UserId => userId.parse(uuidV7(undefined, now));
export const newSessionId = (now = Date.now()): SessionId => sessionId.parse(uuidV7(undefined, now));
export const newDeviceId = (now = Date.now()): DeviceId => deviceId.parse(uuidV7(undefined, now));
export const newClientMessageId = (now = Date.now()): ClientMessageId => clientMessageId.parse(uuidV7(undefined, now));
export const newRegistrationInviteId = (now = Date.now()): RegistrationInviteId =>
  registrationInviteId.parse(uuidV7(undefined, now));
/** Those of the audit log are in the order of time. */
export const newAuditEntryId = (now = Date.now()): string => uuidV7(undefined, now);
export const newPasskeyId = (now = Date.now()): PasskeyId => passkeyId.parse(uuidV7(undefined, now));
/** Its lane is random, which spreads conversations over writers and partitions. */
export const newConversationId = (now = Date.now()): ConversationId => conversationId.parse(uuidV7(undefined, now));
/** In the lane of its conversation. */
export const newMessageId = (conversation: ConversationId, now = Date.now()): MessageId =>
  messageId.parse(uuidV7(laneOf(conversation), now));
export const newInvitationId = (conversation: ConversationId, now = Date.now()): InvitationId =>
  invitationId.parse(uuidV7(laneOf(conversation), now));
/** In the lane of its conversation, or of the person whose picture it is to be. */
export const newMediaId = (of: ConversationId | UserId, now = Date.now()): MediaId =>
  mediaId.parse(uuidV7(laneOf(of), now));
