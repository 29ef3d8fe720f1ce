create table users (
  id uuid primary key,
  username text not null unique, -- lower case
  email text not null,
  email_key text not null unique, -- lower case
  display_name text not null,
  password_hash text not null,
  is_admin boolean not null default false,
  user_pts bigint not null default 0, -- numbers the inbox [L16]
  created_at timestamptz not null default now()
);

-- "begins with" search over both names
create index users_by_username on users (username text_pattern_ops);
create index users_by_display_name on users (lower(display_name) text_pattern_ops);

-- A session is a family of refresh tokens on one device.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  device_id uuid not null,
  device_name text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);

create unique index sessions_living on sessions (user_id, device_id) where ended_at is null;
create index sessions_ended on sessions (ended_at) where ended_at is not null;

-- HMAC-SHA-256 of each token of a family; the successor is derived from its predecessor, so none is kept.
create table refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null default now(),
  used_at timestamptz
);

create index refresh_tokens_of_session on refresh_tokens (session_id);
