/** The fixed sizes of the contract. Each is enforced by a schema of this package or by the operation named. */
export const limits = {
  /** bytes of UTF-8 */
  messageText: 16 * 1024,
  /** code points */
  searchText: 256,
  /** bytes of UTF-8 */
  bio: 2 * 1024,
  /** different emoji on one message, and those named of the people behind each */
  reactions: 50,
  reactionUserIds: 5,
  /** conversations to which one call forwards a message */
  forwardConversations: 20,
  /** pinned messages of one conversation */
  pins: 100,
  /** media of one message */
  media: 10,
  /** bytes of one file, and of a picture of a person or a conversation; code points of its name; pixels of a picture */
  mediaSize: 100 * 1024 * 1024,
  avatarSize: 5 * 1024 * 1024,
  fileName: 255,
  pixels: 50_000_000,
  /** uploads of one person, of the last two hours, that came to nothing yet */
  unfinishedUploads: 500,
  /** whom one message calls, everyone counted as one */
  mentions: 50,
  /** people named of a thread */
  threadParticipantIds: 5,
  /** UTF-16 units of one emoji: the longest have 35 */
  emoji: 64,
  /** code points */
  title: 100,
  topic: 500,
  displayName: 64,
  /** members of one conversation, its owner included */
  groupMembers: 5_000,
  channelMembers: 1_000_000,
  /** members of a conversation in which they see each other's receipts [L22] */
  receiptsMembers: 256,
  /** days, of a conversation's own retention [L12] */
  retentionDays: { least: 7, most: 3_650 },
  /** of a link */
  inviteHours: 8_760,
  inviteUses: 100_000,
  /** people added by one call */
  membersPerCall: 1_000,
  /** bytes of one hub message */
  hubMessage: 128 * 1024,
  /** code points of a status */
  statusText: 100,
  /** code points */
  suspensionReason: 300,
  /** conversations that one connection may view at once */
  viewedConversations: 20,
  /** people whose presence one connection may watch, and by one call */
  watchedUsers: { aConnection: 1_000, aCall: 200 },
  /** members of a conversation whose presence comes to those who view it */
  presenceMembers: 1_000,
  /** members of a channel beyond which it is heard only while it is viewed */
  channelHeardUnviewed: 5_000,
  /** milliseconds: between two tellings that someone types, and until typing that is not renewed has ended */
  typing: { pause: 2_000, lasts: 4_000 },
  /** of one account */
  passkeys: 20,
  page: { default: 50, most: 200 },
  sync: { conversations: 500, changes: 200, tooFarBehind: 1_000 },
} as const;
