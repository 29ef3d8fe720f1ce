-- Hot tables begin their keys with the lane (12 bits of the conversation's id) and have no foreign keys, so that
-- they can be partitioned or sharded by it [L8].

create table conversations (
  lane smallint not null,
  id uuid not null,
  type text not null check (type in ('direct', 'group', 'channel')),
  title text,
  topic text,
  visibility text not null check (visibility in ('public', 'private')),
  posting text not null check (posting in ('everyone', 'admins')),
  history_visibility text not null check (history_visibility in ('all', 'sinceJoined')),
  member_count integer not null,
  seq bigint not null default 0, -- of the newest message [L1]
  pts bigint not null default 0, -- of the newest change [L1]
  created_by uuid not null,
  created_at timestamptz not null default now(),
  last_activity_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (lane, id)
) with (fillfactor = 50); -- every message updates the row: room for heap-only updates

-- One direct conversation a pair; the same person twice: notes to oneself.
create table direct_conversations (
  low_user_id uuid not null,
  high_user_id uuid not null check (low_user_id <= high_user_id),
  lane smallint not null,
  conversation_id uuid not null,
  primary key (low_user_id, high_user_id)
);
create unique index direct_conversations_by_id on direct_conversations (lane, conversation_id);

-- A row stays when its member leaves, with the pts of the leaving.
create table conversation_members (
  lane smallint not null,
  conversation_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('member', 'admin', 'owner')),
  joined_at timestamptz not null default now(),
  joined_pts bigint not null,
  rejoined boolean not null default false,
  visible_from_seq bigint not null, -- [L10]
  read_seq bigint not null,
  delivered_seq bigint not null,
  left_pts bigint,
  primary key (lane, conversation_id, user_id)
) with (fillfactor = 70);
create index conversation_members_by_user on conversation_members (user_id) where left_pts is null;
-- who of the present members sees least, at once also where there are a million of them [L10]
create index conversation_members_by_view on conversation_members (lane, conversation_id, visible_from_seq)
  where left_pts is null;

create table messages (
  lane smallint not null,
  conversation_id uuid not null,
  seq bigint not null,
  id uuid not null,
  pts bigint not null, -- of its latest change
  sender_id uuid not null,
  client_message_id uuid not null,
  kind text not null,
  text text, -- null once it is deleted [L11]
  reply_to_id uuid,
  reply_to_seq bigint,
  reply_to_sender_id uuid,
  edited_at timestamptz,
  deleted_at timestamptz,
  reactions jsonb, -- as the contract has them, from message_reactions; null for none
  created_at timestamptz not null,
  primary key (lane, conversation_id, seq)
);
create unique index messages_by_id on messages (lane, id);
create unique index messages_once on messages (lane, conversation_id, sender_id, client_message_id); -- [L5]

-- Every durable change [L2]. A message's content is never copied here: readers join it as it is now.
create table conversation_changes (
  lane smallint not null,
  conversation_id uuid not null,
  pts bigint not null,
  event text not null,
  actor_id uuid not null,
  seq bigint, -- the message that it is about
  payload jsonb,
  created_at timestamptz not null,
  primary key (lane, conversation_id, pts)
);

-- What is to be told to consumers after the commit [L9].
create table outbox (
  lane smallint not null,
  id bigint generated always as identity,
  event_id uuid not null default uuidv7(),
  event text not null,
  conversation_id uuid not null,
  pts bigint, -- of the change; null for the creation of a conversation
  actor_id uuid not null,
  payload jsonb,
  claimed_by uuid not null,
  claimed_until timestamptz not null,
  created_at timestamptz not null,
  primary key (lane, id)
);
create index outbox_by_claim on outbox (claimed_until);

-- What concerns one person alone [L16]; at most one entry an event.
create table user_inbox (
  user_id uuid not null references users (id) on delete cascade,
  user_pts bigint not null,
  event text not null,
  event_id uuid not null,
  conversation_id uuid not null,
  actor_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (user_id, user_pts)
);
create unique index user_inbox_once on user_inbox (user_id, event_id);
