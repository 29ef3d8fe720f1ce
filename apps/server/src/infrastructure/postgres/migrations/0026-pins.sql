-- A message tells itself that it is pinned; deleting it takes the pin away.
alter table messages add column pinned_at timestamptz;
create index messages_pinned on messages (lane, conversation_id, pinned_at) where pinned_at is not null;
