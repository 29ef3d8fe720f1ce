import type {
  Attachment,
  Audience,
  AuditAction,
  ClientMessageId,
  ConversationEventName,
  ConversationId,
  ConversationType,
  DeviceId,
  ForwardedFrom,
  HistoryVisibility,
  HubName,
  InboxEventName,
  Invitation,
  InvitationId,
  MediaId,
  MediaState,
  Mention,
  MessageId,
  MessageKind,
  PasskeyId,
  Posting,
  Reaction,
  RegistrationInviteId,
  Role,
  SessionEnd,
  SessionId,
  SystemEvent,
  Thread,
  UserId,
  Visibility,
} from "@hubbub/contract";
import type { ColumnType, Generated, Kysely, Transaction } from "kysely";

/** Set by the database on insert. */
type Made<T> = ColumnType<T, T | undefined, T>;

interface Installation {
  only_row: Generated<boolean>;
  epoch: Generated<string>;
  secret_fingerprint: string | null;
  created_at: Made<Date>;
}

interface Users {
  id: UserId;
  username: string;
  email: string;
  email_key: string;
  display_name: string;
  /** Null: the person signs in by a provider alone. */
  password_hash: string | null;
  email_verified: Generated<boolean>;
  is_admin: Generated<boolean>;
  bio: string | null;
  time_zone: string | null;
  language: string | null;
  user_pts: Generated<number>;
  created_at: Made<Date>;
  /** The row stays for what they wrote, without anything of the person. */
  deleted_at: Generated<Date | null>;
  suspended_at: Generated<Date | null>;
  /** When the suspension ends by itself. */
  suspended_until: Generated<Date | null>;
  suspension_reason: Generated<string | null>;
  avatar_media_id: Generated<MediaId | null>;
}

interface Sessions {
  id: SessionId;
  user_id: UserId;
  device_id: DeviceId;
  device_name: string | null;
  created_at: Made<Date>;
  last_used_at: Made<Date>;
  expires_at: Date;
  ended_at: Date | null;
  end_reason: SessionEnd | null;
}

interface RefreshTokens {
  hash: Uint8Array;
  session_id: SessionId;
  created_at: Made<Date>;
  used_at: Date | null;
}

interface HubTickets {
  hash: Uint8Array;
  session_id: SessionId;
  hub: HubName;
  expires_at: Date;
}

interface Mails {
  id: string;
  kind: string;
  user_id: UserId | null;
  address: string;
  tries: Generated<number>;
  next_try_at: Date;
  created_at: Date;
}

interface MailTokens {
  /** Of the mail that carries it. */
  id: string;
  hash: Uint8Array;
  user_id: UserId;
  purpose: "verifyEmail" | "changeEmail" | "resetPassword";
  address: string;
  expires_at: Date;
}

interface Identities {
  provider: string;
  /** Whom the provider means; never given to another. */
  subject: string;
  user_id: UserId;
  email: string | null;
  created_at: Made<Date>;
}

interface RegistrationInvites {
  id: RegistrationInviteId;
  hash: Uint8Array;
  created_by: UserId;
  created_at: Made<Date>;
  expires_at: Date;
  max_uses: number;
  uses: Generated<number>;
}

interface TotpSecrets {
  user_id: UserId;
  /** Encrypted by a key that is derived from the server's. */
  sealed: Uint8Array;
  /** Null: no code has proved it yet. */
  enabled_at: Date | null;
  /** The time step of the last code that was taken. */
  last_step: Generated<number>;
  wrong_codes: Generated<number>;
  /** Since when they are counted. */
  wrong_since: Date | null;
}

interface RecoveryCodes {
  user_id: UserId;
  hash: Uint8Array;
}

interface Passkeys {
  id: PasskeyId;
  user_id: UserId;
  credential_id: Uint8Array;
  public_key: Uint8Array;
  /** As the authenticator told it last. */
  counter: number;
  /** How browsers reach it, where they tell. */
  transports: string[] | null;
  backed_up: boolean;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
}

interface UsedPasskeyChallenges {
  hash: Uint8Array;
  expires_at: Date;
}

interface LoginChallenges {
  hash: Uint8Array;
  user_id: UserId;
  /** The one that the first step was judged by. */
  password_hash: string;
  wrong_codes: Generated<number>;
  expires_at: Date;
}

interface Jobs {
  name: string;
  ran_at: Date;
  finished_at: Date | null;
  failure: string | null;
}

interface Conversations {
  lane: number;
  id: ConversationId;
  type: ConversationType;
  title: string | null;
  topic: string | null;
  visibility: Visibility;
  posting: Posting;
  history_visibility: HistoryVisibility;
  /** Of its own; null: the server's. */
  retention_days: Generated<number | null>;
  /** Of the latest change to a message that retention took [L12]. */
  forgotten_pts: Generated<number>;
  /** Of a direct conversation: from whose list it is taken until its next message. */
  hidden_from: Generated<readonly UserId[] | null>;
  member_count: number;
  seq: Generated<number>;
  pts: Generated<number>;
  created_by: UserId;
  created_at: Made<Date>;
  last_activity_at: Made<Date>;
  avatar_media_id: Generated<MediaId | null>;
}

interface DirectConversations {
  low_user_id: UserId;
  high_user_id: UserId;
  lane: number;
  conversation_id: ConversationId;
}

interface ConversationMembers {
  lane: number;
  conversation_id: ConversationId;
  user_id: UserId;
  role: Role;
  joined_at: Made<Date>;
  joined_pts: number;
  rejoined: Generated<boolean>;
  visible_from_seq: number;
  read_seq: number;
  delivered_seq: number;
  /** When the marks last rose. */
  receipts_version: Generated<number>;
  left_pts: number | null;
}

interface ConversationBans {
  lane: number;
  conversation_id: ConversationId;
  user_id: UserId;
  banned_by: UserId;
  created_at: Made<Date>;
}

interface ConversationInvitations {
  id: InvitationId;
  lane: number;
  conversation_id: ConversationId;
  user_id: UserId;
  invited_by: UserId;
  status: Generated<Invitation["status"]>;
  created_at: Made<Date>;
}

interface ConversationInvites {
  token: string;
  lane: number;
  conversation_id: ConversationId;
  created_by: UserId;
  created_at: Made<Date>;
  expires_at: Date | null;
  max_uses: number | null;
  uses: Generated<number>;
  revoked_at: Generated<Date | null>;
}

interface ConversationReceipts {
  lane: number;
  conversation_id: ConversationId;
  version: number;
}

interface Messages {
  lane: number;
  conversation_id: ConversationId;
  seq: number;
  id: MessageId;
  pts: number;
  sender_id: UserId;
  /** Null where the system says something. */
  client_message_id: ClientMessageId | null;
  kind: MessageKind;
  text: string | null;
  system: SystemEvent | null;
  reply_to_id: MessageId | null;
  reply_to_seq: number | null;
  reply_to_sender_id: UserId | null;
  thread_root_id: MessageId | null;
  thread_root_seq: number | null;
  thread: Thread | null;
  mentions: readonly Mention[] | null;
  forwarded_from: ForwardedFrom | null;
  media: Generated<readonly Attachment[] | null>;
  edited_at: Date | null;
  pinned_at: Generated<Date | null>;
  deleted_at: Date | null;
  reactions: readonly Reaction[] | null;
  created_at: Date;
}

interface MessageEdits {
  lane: number;
  conversation_id: ConversationId;
  seq: number;
  pts: number;
  text: string;
  created_at: Date;
}

interface MessageReactions {
  lane: number;
  conversation_id: ConversationId;
  seq: number;
  emoji: string;
  user_id: UserId;
  pts: number;
}

/** An upload; its bytes lie in the blob store [M1]. */
interface Media {
  lane: number;
  id: MediaId;
  owner_id: UserId;
  /** Null: it is to be somebody's picture. */
  conversation_id: ConversationId | null;
  file_name: string;
  content_type: string;
  size: number;
  width: number | null;
  height: number | null;
  state: Generated<MediaState>;
  created_at: Generated<Date>;
  /** When the state became what it is. */
  changed_at: Generated<Date>;
}

/** Which messages refer to which media [M6]. */
interface MessageMedia {
  lane: number;
  conversation_id: ConversationId;
  seq: number;
  media_lane: number;
  media_id: MediaId;
}

interface MessageMentions {
  lane: number;
  conversation_id: ConversationId;
  /** The nil id stands for everyone. */
  user_id: UserId;
  seq: number;
  sender_id: UserId;
}

interface ConversationChanges {
  lane: number;
  conversation_id: ConversationId;
  pts: number;
  event: ConversationEventName;
  actor_id: UserId;
  seq: number | null;
  payload: object | null;
  created_at: Date;
}

interface Outbox {
  lane: number;
  id: Generated<number>;
  event_id: Generated<string>;
  event: string;
  conversation_id: ConversationId | null;
  user_id: UserId | null;
  pts: number | null;
  actor_id: UserId;
  payload: object | null;
  trace_id: string | null;
  tries: Generated<number>;
  done_by: Generated<readonly string[]>;
  claimed_by: string;
  claimed_until: Date;
  created_at: Date;
}

/** What admins did; never changed. */
interface AdminAudit {
  id: string;
  admin_id: UserId;
  action: AuditAction;
  user_id: UserId | null;
  subject: string | null;
  created_at: Date;
}

interface DeadLetters {
  event_id: string;
  lane: number;
  event: string;
  conversation_id: ConversationId | null;
  user_id: UserId | null;
  pts: number | null;
  actor_id: UserId;
  payload: object | null;
  trace_id: string | null;
  tries: number;
  done_by: readonly string[];
  error: string;
  created_at: Date;
  died_at: Made<Date>;
}

interface Friendships {
  low_user_id: UserId;
  high_user_id: UserId;
  status: "requested" | "accepted" | "declined";
  requested_by: UserId;
  /** Which of the two does not see the request. */
  hidden_from: UserId | null;
  requested_at: Made<Date>;
  changed_at: Made<Date>;
}

interface Blocks {
  user_id: UserId;
  blocked_id: UserId;
  created_at: Made<Date>;
}

interface ConversationSettings {
  lane: number;
  conversation_id: ConversationId;
  user_id: UserId;
  muted_until: Generated<Date | null>;
  notify: Generated<"all" | "mentions" | "nothing" | null>;
  pinned: Generated<boolean>;
  archived: Generated<boolean>;
  draft: Generated<string | null>;
}

interface UserSettings {
  user_id: UserId;
  write_to_me: Generated<Audience>;
  add_me: Generated<Audience>;
  see_presence: Generated<Audience>;
  see_receipts: Generated<Audience>;
  find_me: Generated<Audience>;
  notifications: Generated<object>;
}

interface UserInbox {
  user_id: UserId;
  user_pts: number;
  event: InboxEventName;
  event_id: string;
  /** Null where it is about something else: the subject, or the person themselves. */
  conversation_id: ConversationId | null;
  subject_id: string | null;
  actor_id: UserId;
  created_at: Made<Date>;
}

/** The tables as the migrations make them. int8 columns are numbers here: the driver refuses those above 2^53. */
export interface Tables {
  installation: Installation;
  users: Users;
  sessions: Sessions;
  refresh_tokens: RefreshTokens;
  hub_tickets: HubTickets;
  mails: Mails;
  mail_tokens: MailTokens;
  identities: Identities;
  registration_invites: RegistrationInvites;
  totp_secrets: TotpSecrets;
  recovery_codes: RecoveryCodes;
  login_challenges: LoginChallenges;
  passkeys: Passkeys;
  used_passkey_challenges: UsedPasskeyChallenges;
  jobs: Jobs;
  conversations: Conversations;
  direct_conversations: DirectConversations;
  conversation_members: ConversationMembers;
  conversation_bans: ConversationBans;
  conversation_invitations: ConversationInvitations;
  conversation_invites: ConversationInvites;
  conversation_receipts: ConversationReceipts;
  messages: Messages;
  message_edits: MessageEdits;
  message_reactions: MessageReactions;
  message_mentions: MessageMentions;
  media: Media;
  message_media: MessageMedia;
  conversation_changes: ConversationChanges;
  outbox: Outbox;
  admin_audit: AdminAudit;
  dead_letters: DeadLetters;
  user_inbox: UserInbox;
  friendships: Friendships;
  blocks: Blocks;
  user_settings: UserSettings;
  conversation_settings: ConversationSettings;
}

/** For statements that stand alone. */
export type Database = Kysely<Tables>;
/** A parameter of this type says: must run inside a transaction. */
export type Transactor = Transaction<Tables>;
