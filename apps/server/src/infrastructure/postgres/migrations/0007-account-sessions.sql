-- why a session ended, for the sockets that other nodes have of it
alter table sessions add column end_reason text;
alter table sessions add column last_used_at timestamptz not null default now();

-- what is due to expire, and to be cleaned up
create index sessions_expiring on sessions (expires_at);

-- A ticket opens one connection, once; any node takes it. SHA-256 of 32 random bytes.
create table hub_tickets (
  hash bytea primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  hub text not null,
  expires_at timestamptz not null
);

create index hub_tickets_of_session on hub_tickets (session_id);

alter table users
  add column bio text,
  add column time_zone text,
  add column language text;

-- Work that one node does for all, once in a while.
create table jobs (
  name text primary key,
  ran_at timestamptz not null
);
