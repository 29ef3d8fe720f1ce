-- Each node renews its lease. Who is connected to a node counts as present while the lease runs.
create table presence_nodes (
  node uuid primary key,
  renewed_at timestamptz not null,
  expires_at timestamptz not null,
  takes_alerts boolean not null -- someone is connected to its notifications hub
);

-- Written in batches, when someone's first connection to a node comes and some time after their last one went.
create table present_users (
  user_id uuid not null,
  node uuid not null,
  primary key (user_id, node)
);
create index present_users_by_node on present_users (node);

-- What a person says of themselves, and when others last saw them.
create table user_presence (
  user_id uuid primary key references users (id) on delete cascade,
  chosen text not null default 'online' check (chosen in ('online', 'away', 'busy', 'invisible')),
  status_text text,
  status_expires_at timestamptz,
  last_seen_at timestamptz, -- while invisible it stands still
  changed_at timestamptz not null -- of anything that may change what others see
) with (fillfactor = 70);
create index user_presence_by_change on user_presence (changed_at);
create index user_presence_by_expiry on user_presence (status_expires_at) where status_expires_at is not null;

-- Status without what has expired, and whether any living node has the person.
create view presence_now as
select p.user_id, p.changed_at, p.last_seen_at,
       case when p.status_expires_at <= now() then 'online' else p.chosen end as chosen,
       case when p.status_expires_at <= now() then null else p.status_text end as status_text,
       case when p.status_expires_at <= now() then null else p.status_expires_at end as status_expires_at,
       exists (
         select 1 from present_users x join presence_nodes n on n.node = x.node
         where x.user_id = p.user_id and n.expires_at > now()
       ) as is_present
from user_presence p;

-- Whom someone admits to their presence may have changed: who watches them is judged anew. Locked in the order of ids.
create function judge_presence_anew(people uuid[]) returns void language plpgsql as $$
begin
  perform 1 from user_presence p where p.user_id = any(people) order by p.user_id for no key update;
  update user_presence p set changed_at = clock_timestamp() where p.user_id = any(people);
end
$$;

create function judge_presence_of_owner() returns trigger language plpgsql as $$
begin
  perform judge_presence_anew(array[coalesce(new.user_id, old.user_id)]);
  return null;
end
$$;
create trigger blocks_hide_presence after insert or delete on blocks
  for each row execute function judge_presence_of_owner();
create trigger settings_hide_presence after insert or update of see_presence on user_settings
  for each row execute function judge_presence_of_owner();

create function judge_presence_of_pair() returns trigger language plpgsql as $$
begin
  perform judge_presence_anew(array[coalesce(new.low_user_id, old.low_user_id), coalesce(new.high_user_id, old.high_user_id)]);
  return null;
end
$$;
create trigger friendships_show_presence after insert or update of status or delete on friendships
  for each row execute function judge_presence_of_pair();
