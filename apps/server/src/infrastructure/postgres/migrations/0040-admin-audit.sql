-- What admins did, to whom. It outlives the accounts that it names, by their bare ids.
create table admin_audit (
  id uuid primary key, -- begins with the time
  admin_id uuid not null,
  action text not null,
  user_id uuid, -- whose account it is about
  subject text, -- what else: the id of an event, the name of a job
  created_at timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is only ever added to', tg_table_name;
end $$;

create trigger admin_audit_is_only_added_to before update or delete or truncate on admin_audit
  for each statement execute function refuse_change();
