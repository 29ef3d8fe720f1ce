-- Pictures, films, sound and files: a row an upload. The bytes lie in the blob store, under a key told from the id [M3].
create table media (
  lane smallint not null,
  id uuid not null,
  owner_id uuid not null references users (id),
  conversation_id uuid, -- for whose messages it was uploaded; null for a picture of a person or a conversation
  file_name text not null,
  content_type text not null,
  size bigint not null,
  width integer,
  height integer,
  state text not null default 'initiated'
    check (state in ('initiated', 'uploaded', 'active', 'attached', 'deleting', 'deleted', 'failed')),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  changed_at timestamptz not null default now(), -- of the state
  primary key (lane, id)
);
create index media_by_owner on media (owner_id, id);
-- what the jobs look for: all that is not simply there
create index media_unsettled on media (state, changed_at) where state <> 'attached';

-- Which messages refer to which media [M6]; `messages.media` is what is told of them.
create table message_media (
  lane smallint not null,
  conversation_id uuid not null,
  seq bigint not null,
  media_lane smallint not null,
  media_id uuid not null,
  primary key (lane, conversation_id, seq, media_lane, media_id)
);
create index message_media_by_media on message_media (media_lane, media_id);

alter table messages add column media jsonb; -- as the contract has it; null for none
alter table messages alter column media set statistics 0; -- see 0006 [L11]
alter table users add column avatar_media_id uuid;
alter table conversations add column avatar_media_id uuid;
create index users_by_avatar on users (avatar_media_id) where avatar_media_id is not null;
create index conversations_by_avatar on conversations (avatar_media_id) where avatar_media_id is not null;

create function lane_of(id uuid) returns smallint language sql immutable strict as $$
  select ('x' || substr(id::text, 16, 3))::bit(12)::integer::smallint
$$;

-- Those of the media to which nothing refers any more are to be deleted. Locks them first, in the order of their ids, so
-- that of two who take the last two references away the second one sees that none is left.
create function release_media(released uuid[]) returns void language plpgsql as $$
begin
  perform from media m join (select distinct r as id from unnest(released) r) u on m.lane = lane_of(u.id) and m.id = u.id
  order by m.id for update of m;
  update media m set state = 'deleting', changed_at = now()
  from (select distinct r as id from unnest(released) r) u
  where m.lane = lane_of(u.id) and m.id = u.id and m.state = 'attached'
    and not exists (select from message_media x where x.media_lane = m.lane and x.media_id = m.id)
    and not exists (select from users x where x.avatar_media_id = m.id)
    and not exists (select from conversations x where x.avatar_media_id = m.id);
end
$$;

create function message_media_gone() returns trigger language plpgsql as $$
begin
  if exists (select from gone) then
    perform release_media(array(select media_id from gone));
  end if;
  return null;
end
$$;
create trigger message_media_gone after delete on message_media
  referencing old table as gone for each statement execute function message_media_gone();

create function avatar_gone() returns trigger language plpgsql as $$
begin
  perform release_media(array[old.avatar_media_id]);
  return null;
end
$$;
create trigger avatar_changed after update of avatar_media_id on users for each row
  when (old.avatar_media_id is not null and old.avatar_media_id is distinct from new.avatar_media_id)
  execute function avatar_gone();
create trigger avatar_changed after update of avatar_media_id on conversations for each row
  when (old.avatar_media_id is not null and old.avatar_media_id is distinct from new.avatar_media_id)
  execute function avatar_gone();
create trigger avatar_gone after delete on conversations for each row
  when (old.avatar_media_id is not null) execute function avatar_gone();
