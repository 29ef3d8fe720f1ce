-- What is on its way to people by e-mail. No row holds a secret: the token of a link is derived from the mail's id when
-- it is sent, so that a copy of the database opens no account.
create table mails (
  id uuid primary key,
  kind text not null,
  user_id uuid references users (id) on delete cascade, -- null: whoever has the address when it is sent, if anyone
  address text not null,
  tries smallint not null default 0,
  next_try_at timestamptz not null,
  created_at timestamptz not null
);
create index mails_due on mails (next_try_at);
create index mails_of_user on mails (user_id);

-- The links that were sent, each good once. SHA-256 of its token.
create table mail_tokens (
  id uuid primary key, -- of the mail
  hash bytea not null unique,
  user_id uuid not null references users (id) on delete cascade,
  purpose text not null check (purpose in ('verifyEmail', 'changeEmail', 'resetPassword')),
  address text not null, -- to which it was sent
  expires_at timestamptz not null
);
create index mail_tokens_of_user on mail_tokens (user_id);
create index mail_tokens_expiring on mail_tokens (expires_at);

-- A verified address takes the place of the one before. False: it has an account already.
create function take_email(person uuid, address text) returns boolean language plpgsql as $$
begin
  update users u set email = address, email_key = lower(address), email_verified = true where u.id = person;
  return true;
exception when unique_violation then
  return false;
end
$$;
