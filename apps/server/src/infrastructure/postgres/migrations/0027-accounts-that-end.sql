-- A deleted account stays as a row without anything of its person: what they wrote names it. One that is suspended keeps
-- all it has, and nobody gets in.
alter table users
  add column deleted_at timestamptz,
  add column suspended_at timestamptz;
create index users_deleted on users (deleted_at) where deleted_at is not null;
create index users_admins on users (id) where is_admin;

-- As before, and nobody reaches who is deleted or suspended [P3] [L14].
create or replace function may_write_to(sender uuid, recipient uuid, friends_only boolean) returns boolean
language plpgsql stable set enable_seqscan = off as $$
begin
  return sender = recipient or (
    exists (select 1 from users u where u.id = recipient and u.deleted_at is null and u.suspended_at is null)
    and not exists (select 1 from blocks b where b.user_id = sender and b.blocked_id = recipient)
    and admits(recipient, 'writeToMe', sender)
    and (not friends_only or are_friends(sender, recipient)));
end
$$;

-- As before, and nobody who is deleted gets another address.
create or replace function take_email(person uuid, address text) returns boolean language plpgsql as $$
begin
  update users u set email = address, email_key = lower(address), email_verified = true
  where u.id = person and u.deleted_at is null;
  return found;
exception when unique_violation then
  return false;
end
$$;

-- As before, and who is deleted or suspended is not there.
create or replace view presence_now as
select p.user_id, p.changed_at, p.last_seen_at,
       case when p.status_expires_at <= now() then 'online' else p.chosen end as chosen,
       case when p.status_expires_at <= now() then null else p.status_text end as status_text,
       case when p.status_expires_at <= now() then null else p.status_expires_at end as status_expires_at,
       exists (
         select 1 from present_users x join presence_nodes n on n.node = x.node
         where x.user_id = p.user_id and n.expires_at > now()
       ) and exists (
         select 1 from users u where u.id = p.user_id and u.deleted_at is null and u.suspended_at is null
       ) as is_present
from user_presence p;
