-- Who signs in by a provider alone has no password.
alter table users alter column password_hash drop not null;
alter table users add column if not exists email_verified boolean not null default false;

-- An account's accounts with providers: one each.
create table identities (
  provider text not null,
  subject text not null,
  user_id uuid not null references users (id) on delete cascade,
  email text,
  created_at timestamptz not null default now(),
  primary key (provider, subject)
);

create unique index identities_of_user on identities (user_id, provider);
