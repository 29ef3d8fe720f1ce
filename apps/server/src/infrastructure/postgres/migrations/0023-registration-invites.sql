create table registration_invites (
  id uuid primary key,
  hash bytea not null unique, -- SHA-256 of its token
  created_by uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  max_uses integer not null,
  uses integer not null default 0
);
