-- A suspension may say why, and when it ends by itself.
alter table users
  add column suspended_until timestamptz,
  add column suspension_reason text,
  add constraint users_suspension_is_whole
    check (suspended_at is not null or (suspended_until is null and suspension_reason is null));

create index users_suspended_until on users (suspended_until) where suspended_until is not null;
