-- Public keys by which people log in (WebAuthn).
create table passkeys (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  credential_id bytea not null unique,
  public_key bytea not null,
  -- of the authenticator, 32 bits; one that does not count says 0 for ever
  counter bigint not null,
  transports text[],
  backed_up boolean not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);

create index passkeys_of_user on passkeys (user_id, id desc);

-- SHA-256 of challenges that were answered, until they would have expired.
create table used_passkey_challenges (
  hash bytea primary key,
  expires_at timestamptz not null
);

create index used_passkey_challenges_expiring on used_passkey_challenges (expires_at);
