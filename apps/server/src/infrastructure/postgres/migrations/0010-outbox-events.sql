-- An event is about a conversation or about a person, remembers whose request it came from, and is not tried for ever [L9].
alter table outbox
  alter column conversation_id drop not null,
  add column user_id uuid,
  -- set by the statement that writes the row, for its transaction
  add column trace_id text default nullif(current_setting('hubbub.trace_id', true), ''),
  add column tries smallint not null default 0,
  add column done_by text[] not null default '{}', -- the consumers that succeeded where another one failed
  add constraint outbox_about_one check (num_nonnulls(conversation_id, user_id) = 1);

-- What some consumer failed at too often: it waits for an admin.
create table dead_letters (
  event_id uuid primary key,
  lane smallint not null,
  event text not null,
  conversation_id uuid,
  user_id uuid,
  pts bigint,
  actor_id uuid not null,
  payload jsonb,
  trace_id text,
  tries smallint not null,
  done_by text[] not null,
  error text not null,
  created_at timestamptz not null,
  died_at timestamptz not null default now()
);
