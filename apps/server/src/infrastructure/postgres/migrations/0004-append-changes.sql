create type new_change as (
  ordinal integer,
  lane smallint,
  conversation_id uuid,
  event text,
  actor_id uuid,
  payload jsonb,
  about_seq bigint, -- the message that was there before and is changed
  -- the rest only for a new message
  message_id uuid,
  client_message_id uuid,
  kind text,
  text text,
  reply_to_id uuid,
  reply_to_seq bigint,
  reply_to_sender_id uuid
);

-- The one place where a change gets its pts and a message its seq [L2]. The caller holds the row locks of all the
-- conversations and has judged each change after taking them [L3]. Numbers, logs, stores and queues for the outbox.
create function append_changes(node uuid, claim interval, changes new_change[])
returns table (ordinal integer, seq bigint, pts bigint, created_at timestamptz, outbox_id bigint, event_id uuid)
-- planning takes longer than a small batch, and one plan by the keys is right for every size
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  -- after the locks, so that times never run against the numbers; milliseconds, as clients see them
  moment timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  return query
  with incoming as (
    select c.*,
           row_number() over earlier as nth_change,
           count(c.message_id) over earlier as nth_message
    from unnest(changes) c
    window earlier as (partition by c.lane, c.conversation_id order by c.ordinal rows unbounded preceding)
  ), totals as (
    select i.lane, i.conversation_id, max(i.nth_change) as changes, max(i.nth_message) as messages
    from incoming i group by i.lane, i.conversation_id
  ), counted as (
    update conversations c
    set pts = c.pts + t.changes,
        seq = c.seq + t.messages,
        last_activity_at = case when t.messages > 0 then moment else c.last_activity_at end
    from totals t
    where c.lane = t.lane and c.id = t.conversation_id
    returning c.lane, c.id, old.pts as pts, old.seq as seq
  ), numbered as (
    -- the outbox's ids are taken here: joined back from its insert, a batch would cost the square of its size
    select i.*, c.pts + i.nth_change as pts, case when i.message_id is null then i.about_seq else c.seq + i.nth_message end as seq,
           nextval('outbox_id_seq') as outbox_id, uuidv7() as event_id
    from incoming i join counted c on c.lane = i.lane and c.id = i.conversation_id
    order by i.ordinal
  ), stored as (
    insert into messages (
      lane, conversation_id, seq, id, pts, sender_id, client_message_id, kind, text,
      reply_to_id, reply_to_seq, reply_to_sender_id, created_at)
    select n.lane, n.conversation_id, n.seq, n.message_id, n.pts, n.actor_id, n.client_message_id, n.kind, n.text,
           n.reply_to_id, n.reply_to_seq, n.reply_to_sender_id, moment
    from numbered n where n.message_id is not null
  ), logged as (
    insert into conversation_changes (lane, conversation_id, pts, event, actor_id, seq, payload, created_at)
    select n.lane, n.conversation_id, n.pts, n.event, n.actor_id, n.seq, n.payload, moment
    from numbered n
  ), queued as (
    insert into outbox (
      lane, id, event_id, event, conversation_id, pts, actor_id, payload, claimed_by, claimed_until, created_at)
    overriding system value
    select n.lane, n.outbox_id, n.event_id, n.event, n.conversation_id, n.pts, n.actor_id, n.payload,
           node, moment + claim, moment
    from numbered n
  )
  select n.ordinal, n.seq, n.pts, moment, n.outbox_id, n.event_id from numbered n order by n.ordinal;
end
$$;

-- Takes away what has reached its consumers. A function, so that it goes by the key also while the table is believed small.
create function remove_outbox_rows(lanes smallint[], ids bigint[]) returns void
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  delete from outbox o using unnest(lanes, ids) as done(lane, id) where o.lane = done.lane and o.id = done.id;
end
$$;
