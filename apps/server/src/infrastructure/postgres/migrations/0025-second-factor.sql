-- The secret that an account shares with an authenticator app, encrypted.
create table totp_secrets (
  user_id uuid primary key references users (id) on delete cascade,
  sealed bytea not null,
  enabled_at timestamptz,
  last_step bigint not null default 0,
  wrong_codes integer not null default 0,
  wrong_since timestamptz
);

-- SHA-256 of codes with 80 random bits; one that is used goes.
create table recovery_codes (
  user_id uuid not null references users (id) on delete cascade,
  hash bytea not null,
  primary key (user_id, hash)
);

-- A log-in between its two steps. SHA-256 of 32 random bytes.
create table login_challenges (
  hash bytea primary key,
  user_id uuid not null references users (id) on delete cascade,
  password_hash text not null,
  wrong_codes integer not null default 0,
  expires_at timestamptz not null
);

create index login_challenges_of_user on login_challenges (user_id);
create index login_challenges_expiring on login_challenges (expires_at);
