alter table conversations
  add column retention_days integer check (retention_days >= 7), -- of its own; null: the server's [L12]
  add column hidden_from uuid[]; -- of a direct one: from whose list it is taken until its next message

-- The few that anyone may find, newest first.
create index conversations_public on conversations (id) where visibility = 'public';

create index conversation_members_owners on conversation_members (lane, conversation_id)
  where role = 'owner' and left_pts is null;

-- Who may not come back.
create table conversation_bans (
  lane smallint not null,
  conversation_id uuid not null,
  user_id uuid not null,
  banned_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (lane, conversation_id, user_id)
);

-- Tells people of a conversation that is shown, or is not shown, in their lists from now on [L16].
create function tell_of_conversation(people uuid[], told text, conversation uuid) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = any(people) order by u.id for no key update;
  with numbered as (
    update users u set user_pts = user_pts + 1 where u.id = any(people) returning u.id, u.user_pts
  )
  insert into user_inbox (user_id, user_pts, event, event_id, conversation_id, actor_id)
  select n.id, n.user_pts, told, uuidv7(), conversation, n.id from numbered n;
end
$$;

-- Takes a direct conversation from one's list. The caller holds its lock.
create function hide_conversation(in_lane smallint, conversation uuid, person uuid) returns void language plpgsql as $$
begin
  update conversations c set hidden_from = array_append(c.hidden_from, person)
  where c.lane = in_lane and c.id = conversation and (c.hidden_from is null or person <> all(c.hidden_from));
  if found then
    perform tell_of_conversation(array[person], 'RemovedFromConversation', conversation);
  end if;
end
$$;

-- Brings it back for someone who begins it anew. Locks nothing where it is not hidden from them.
create function show_conversation(in_lane smallint, conversation uuid, person uuid) returns void language plpgsql as $$
begin
  update conversations c set hidden_from = nullif(array_remove(c.hidden_from, person), '{}')
  where c.lane = in_lane and c.id = conversation and person = any(c.hidden_from);
  if found then
    perform tell_of_conversation(array[person], 'AddedToConversation', conversation);
  end if;
end
$$;

-- The next message brings it back. A trigger, so that the way of a message knows nothing of it and pays one comparison.
create function show_again() returns trigger language plpgsql as $$
begin
  perform tell_of_conversation(new.hidden_from, 'AddedToConversation', new.id);
  new.hidden_from := null;
  return new;
end
$$;
create trigger show_hidden_conversation before update on conversations for each row
  when (new.hidden_from is not null and new.seq > old.seq) execute function show_again();
