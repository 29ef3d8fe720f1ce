-- Personal invitations. At most one of a person to a conversation waits for an answer.
create table conversation_invitations (
  id uuid primary key,
  lane smallint not null,
  conversation_id uuid not null,
  user_id uuid not null,
  invited_by uuid not null,
  status text not null default 'pending' check (status in ('pending', 'accepted', 'declined', 'withdrawn')),
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index conversation_invitations_pending on conversation_invitations (lane, conversation_id, user_id)
  where status = 'pending';
create index conversation_invitations_of_user on conversation_invitations (user_id, id) where status = 'pending';

-- Links. Kept as they are, so that whoever manages them can hand them out again and revoke them; what they open lies
-- in the same database.
create table conversation_invites (
  token text primary key,
  lane smallint not null,
  conversation_id uuid not null,
  created_by uuid not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  expires_at timestamptz, -- null: never
  max_uses integer check (max_uses > 0), -- null: any number
  uses integer not null default 0,
  revoked_at timestamptz,
  check (uses <= max_uses)
);
create index conversation_invites_of_conversation on conversation_invites (lane, conversation_id, token);

