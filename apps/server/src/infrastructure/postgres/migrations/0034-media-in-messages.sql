-- Messages that refer to media: docs/subsystems/media.md [M5] [M6].

-- What was deleted is nowhere any more: not the name of a file either, whoever sets the state, nor in the planner's
-- samples [L11].
create function forget_file_name() returns trigger language plpgsql as $$
begin
  new.file_name := '';
  return new;
end
$$;
create trigger forget_file_name before update of state on media for each row
  when (new.state in ('deleting', 'deleted') and new.file_name <> '') execute function forget_file_name();
alter table media alter column file_name set statistics 0;

alter type new_change add attribute media jsonb;

-- As before; stores what is new too.
create or replace function append_changes(node uuid, claim interval, changes new_change[])
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
      lane, conversation_id, seq, id, pts, sender_id, client_message_id, kind, text, system,
      reply_to_id, reply_to_seq, reply_to_sender_id, thread_root_id, thread_root_seq, mentions, forwarded_from,
      media, created_at)
    select n.lane, n.conversation_id, n.seq, n.message_id, n.pts, n.actor_id, n.client_message_id, n.kind, n.text, n.system,
           n.reply_to_id, n.reply_to_seq, n.reply_to_sender_id, n.thread_root_id, n.thread_root_seq, n.mentions,
           n.forwarded_from, n.media, moment
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

drop function send_messages(
  uuid, interval, smallint[], uuid[], uuid[], uuid[], uuid[], text[], uuid[], uuid[], text[], text[], boolean);
drop type judged_message;

create type judged_message as (
  ordinal integer,
  lane smallint,
  conversation_id uuid,
  sender_id uuid,
  client_message_id uuid,
  message_id uuid,
  text text,
  reply_to_id uuid,
  reply_to_seq bigint,
  reply_to_sender_id uuid,
  thread_root_id uuid,
  thread_root_seq bigint,
  mentions jsonb,
  forwarded_from jsonb,
  kind text,
  media jsonb, -- the ids that it names; once they are judged, what is told of them
  -- 'STORED': was there before; 'REPEAT': of an earlier one in this batch; 'ACCEPTED'; 'REPLY_NOT_SEEN': answers a
  -- message that its sender sees none of here; 'THREAD_NOT_SEEN': the same of a thread's root; 'MEDIA_NOT_USABLE': of
  -- its media; or an error's code
  outcome text,
  stored jsonb -- the message as it is now, for one that was there before
);

-- Tells of each accepted message's media what the contract tells, in the sender's order, and what kind they make it; or
-- refuses it. What is forwarded refers to media of a message whose conversation is locked too, so that they stay
-- attached; all else to what its sender uploaded for the conversation. The caller holds the locks of conversations [M5].
create function judge_media(judged judged_message[]) returns judged_message[]
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  -- in a statement of its own, as the next one must see what those did for whom this one waits [L3] [L7]
  perform 1 from media m
  where (m.lane, m.id) in (
    select lane_of(w.id::uuid), w.id::uuid
    from unnest(judged) j cross join lateral jsonb_array_elements_text(j.media) as w(id)
    where j.outcome = 'ACCEPTED')
  order by m.id
  for no key update of m;

  return (
    select array_agg(row(
             j.ordinal, j.lane, j.conversation_id, j.sender_id, j.client_message_id, j.message_id, j.text,
             j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id, j.thread_root_id, j.thread_root_seq,
             j.mentions, j.forwarded_from, coalesce(t.kind, j.kind), t.media,
             case when t.found < jsonb_array_length(j.media) then 'MEDIA_NOT_USABLE' else j.outcome end,
             j.stored)::judged_message order by j.ordinal)
    from unnest(judged) j
    left join lateral (
      select count(*) as found,
             case when bool_and(m.content_type like 'image/%') then 'image'
                  when bool_and(m.content_type like 'video/%') then 'video'
                  when bool_and(m.content_type like 'audio/%') then 'audio'
                  else 'file' end as kind,
             jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
               'id', m.id, 'fileName', m.file_name, 'contentType', m.content_type, 'size', m.size,
               'width', m.width, 'height', m.height)) order by w.nth) as media
      from jsonb_array_elements_text(j.media) with ordinality as w(id, nth)
      cross join lateral (
        select x.* from media x where x.lane = lane_of(w.id::uuid) and x.id = w.id::uuid limit 1
      ) m
      where case when j.forwarded_from is null
                 then m.state in ('active', 'attached') and m.owner_id = j.sender_id and m.conversation_id = j.conversation_id
                 else m.state = 'attached' end
    ) t on j.outcome = 'ACCEPTED' and j.media is not null);
end
$$;

-- Enters which media new messages refer to.
create function refer_to_media(lanes smallint[], message_ids uuid[]) returns void
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  with referred as (
    insert into message_media (lane, conversation_id, seq, media_lane, media_id)
    select x.lane, x.conversation_id, x.seq, lane_of((a.medium ->> 'id')::uuid), (a.medium ->> 'id')::uuid
    from unnest(lanes, message_ids) as u(lane, id)
    cross join lateral (select * from messages y where y.lane = u.lane and y.id = u.id limit 1) x
    cross join lateral jsonb_array_elements(x.media) as a(medium)
    returning media_lane, media_id
  )
  update media m set state = 'attached', changed_at = now()
  from (select distinct r.media_lane, r.media_id from referred r) r
  where m.lane = r.media_lane and m.id = r.media_id and m.state = 'active';
end
$$;

-- As before, and judges and enters media.

-- Stores a batch of messages, each on its own merits: one row's refusal is that row's alone. The i-th elements of
-- the arrays are the i-th message. Answers one row a message, in order; for a repeat those of the first [L5].
create function send_messages(
  node uuid, claim interval,
  lanes smallint[], conversations uuid[], senders uuid[], client_messages uuid[], new_ids uuid[], texts text[],
  replies_to uuid[], thread_roots uuid[],
  called text[], forwarded text[], media_ids text[], -- JSON, null for most
  friends_only boolean -- whether people write to friends alone
)
returns table (
  ordinal integer, outcome text, message_id uuid, seq bigint, pts bigint, created_at timestamptz,
  kind text, text text, reply_to_id uuid, reply_to_seq bigint, reply_to_sender_id uuid, thread_root_id uuid, mentions jsonb,
  forwarded_from jsonb, media jsonb, stored jsonb, outbox_id bigint, event_id uuid
)
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  judged judged_message[];
begin
  -- A statement that waits for a lock judges by the snapshot from before the wait, so the locks come first, in the
  -- order of ids, in a statement of their own [L3].
  perform 1 from conversations c
  where (c.lane, c.id) in (select u.lane, u.id from unnest(lanes, conversations) as u(lane, id))
  order by c.id
  for no key update of c;

  select array_agg(row(
           i.ordinal, i.lane, i.conversation_id, i.sender_id, i.client_message_id,
           coalesce(s.id, i.message_id), i.text, r.id, r.seq, r.sender_id, t.id, t.seq,
           case when i.mentions is not null then members_among(i.lane, i.conversation_id, i.mentions::jsonb) end,
           i.forwarded_from::jsonb,
           'text', i.media_ids::jsonb,
           case
             when s.id is not null then 'STORED'
             when i.nth > 1 then 'REPEAT'
             when m.user_id is null or m.left_pts is not null then 'NOT_FOUND'
             when c.type = 'direct' and direct_refusal(i.lane, i.conversation_id, i.sender_id, friends_only) is not null
               then 'RECIPIENT_UNAVAILABLE'
             when c.posting = 'admins' and m.role = 'member' then 'FORBIDDEN'
             when i.reply_to_id is not null and r.id is null then 'REPLY_NOT_SEEN'
             when i.thread_root_id is not null and t.id is null then 'THREAD_NOT_SEEN'
             when i.mentions is not null and c.type = 'channel' and m.role = 'member'
              and i.mentions::jsonb ? 'everyone' then 'FORBIDDEN'
             else 'ACCEPTED'
           end,
           case
             when s.id is null then null
             -- who does not see it any more learns nothing of what others made of it since
             when m.left_pts is null and s.seq >= m.visible_from_seq then to_jsonb(s)
             else to_jsonb(s) - 'reactions' - 'thread'
           end)::judged_message order by i.ordinal)
  into judged
  from (
    select u.*, row_number() over (
      partition by u.lane, u.conversation_id, u.sender_id, u.client_message_id order by u.ordinal) as nth
    from unnest(
        lanes, conversations, senders, client_messages, new_ids, texts, replies_to, thread_roots, called, forwarded,
        media_ids)
      with ordinality as u(lane, conversation_id, sender_id, client_message_id, message_id, text, reply_to_id,
                           thread_root_id, mentions, forwarded_from, media_ids, ordinal)
  ) i
  -- "limit 1" keeps each look-up an index scan a row, whatever the planner believes of a table that grows quickly
  left join lateral (
    select x.* from messages x
    where x.lane = i.lane and x.conversation_id = i.conversation_id
      and x.sender_id = i.sender_id and x.client_message_id = i.client_message_id
    limit 1
  ) s on true
  left join lateral (
    select x.type, x.posting from conversations x where x.lane = i.lane and x.id = i.conversation_id limit 1
  ) c on true
  left join lateral (
    -- left_pts is judged above: here it would let an index in that goes through all members
    select x.user_id, x.role, x.visible_from_seq, x.left_pts from conversation_members x
    where x.lane = i.lane and x.conversation_id = i.conversation_id and x.user_id = i.sender_id
    limit 1
  ) m on true
  -- by its id alone: the conversation would let an index in that goes through all its messages
  left join lateral (
    select x.id, x.seq, x.sender_id, x.conversation_id from messages x
    where i.nth = 1 and i.reply_to_id is not null and x.lane = i.lane and x.id = i.reply_to_id
    limit 1
  ) answered on true
  left join lateral (
    select answered.id, answered.seq, answered.sender_id
    where answered.conversation_id = i.conversation_id and answered.seq >= m.visible_from_seq
  ) r on true
  left join lateral (
    select x.id, x.seq, x.conversation_id, x.thread_root_seq from messages x
    where i.nth = 1 and i.thread_root_id is not null and x.lane = i.lane and x.id = i.thread_root_id
    limit 1
  ) root on true
  left join lateral (
    -- a reply is no root
    select root.id, root.seq
    where root.conversation_id = i.conversation_id and root.seq >= m.visible_from_seq and root.thread_root_seq is null
  ) t on true;
  if cardinality(array_remove(media_ids, null)) > 0 then
    judged := judge_media(judged);
  end if;

  return query
  with appended as (
    select * from append_changes(node, claim, (
      select coalesce(array_agg(row(
        j.ordinal, j.lane, j.conversation_id, 'ReceiveMessage', j.sender_id, null, null,
        j.message_id, j.client_message_id, j.kind, j.text,
        j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id,
        null, j.thread_root_id, j.thread_root_seq, j.mentions, j.forwarded_from, j.media)::new_change order by j.ordinal), '{}')
      from unnest(judged) j where j.outcome = 'ACCEPTED'))
  ), answered as (
    select j.ordinal, j.outcome, j.lane, j.conversation_id, j.sender_id, j.client_message_id, j.message_id, j.kind,
           j.text, j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id, j.thread_root_id, j.mentions, j.forwarded_from,
           j.media, j.stored,
           a.seq, a.pts, a.created_at, a.outbox_id, a.event_id
    from unnest(judged) j left join appended a on a.ordinal = j.ordinal
  ), read_up_to as ( -- sending moves one's own marks [L22]
    update conversation_members m
    set read_seq = greatest(m.read_seq, s.seq), delivered_seq = greatest(m.delivered_seq, s.seq)
    from (
      select a.lane, a.conversation_id, a.sender_id, max(a.seq) as seq
      from answered a where a.outcome = 'ACCEPTED' group by a.lane, a.conversation_id, a.sender_id
    ) s
    where m.lane = s.lane and m.conversation_id = s.conversation_id and m.user_id = s.sender_id
  )
  -- a repeat within the batch takes the answer of its first
  select a.ordinal,
         case f.outcome when 'ACCEPTED' then 'STORED' else coalesce(f.outcome, a.outcome) end,
         coalesce(f.message_id, a.message_id), coalesce(f.seq, a.seq), coalesce(f.pts, a.pts),
         coalesce(f.created_at, a.created_at), coalesce(f.kind, a.kind),
         -- a repeat says nothing of its own, only what the first one said
         case when f.message_id is null then a.text else f.text end,
         coalesce(f.reply_to_id, a.reply_to_id), coalesce(f.reply_to_seq, a.reply_to_seq),
         coalesce(f.reply_to_sender_id, a.reply_to_sender_id),
         case when f.message_id is null then a.thread_root_id else f.thread_root_id end,
         case when f.message_id is null then a.mentions else f.mentions end,
         case when f.message_id is null then a.forwarded_from else f.forwarded_from end,
         case when f.message_id is null then a.media else f.media end,
         a.stored, a.outbox_id, a.event_id
  from answered a
  left join answered f
    on a.outcome = 'REPEAT' and f.outcome <> 'REPEAT'
   and f.lane = a.lane and f.conversation_id = a.conversation_id
   and f.sender_id = a.sender_id and f.client_message_id = a.client_message_id
  order by a.ordinal;

  -- rare, so statements of their own, which most batches do without
  if cardinality(array_remove(thread_roots, null)) > 0 then
    perform count_replies(array_agg(j.lane), array_agg(j.message_id))
    from unnest(judged) j where j.outcome = 'ACCEPTED' and j.thread_root_id is not null;
  end if;
  if cardinality(array_remove(called, null)) > 0 then
    perform enter_mentions(array_agg(j.lane), array_agg(j.message_id))
    from unnest(judged) j where j.outcome = 'ACCEPTED' and j.mentions is not null;
  end if;
  if cardinality(array_remove(media_ids, null)) > 0 then
    perform refer_to_media(array_agg(j.lane), array_agg(j.message_id))
    from unnest(judged) j where j.outcome = 'ACCEPTED' and j.media is not null;
  end if;
end
$$;

-- As before, and what messages referred to.
create or replace function trim_history(in_lane smallint, conversation uuid, usual_days integer, most integer) returns bigint
language plpgsql set enable_seqscan = off as $$
declare
  sent_before timestamptz;
  first_gone bigint;
  last_gone bigint;
begin
  select now() - make_interval(days => coalesce(c.retention_days, usual_days)) into sent_before
  from conversations c where c.lane = in_lane and c.id = conversation;
  select min(o.seq), max(o.seq) into first_gone, last_gone from (
    select x.seq, x.created_at from messages x
    where x.lane = in_lane and x.conversation_id = conversation order by x.seq limit most
  ) o where o.created_at < sent_before;
  if last_gone is null then
    return null;
  end if;

  with gone as (
    delete from messages x where x.lane = in_lane and x.conversation_id = conversation and x.seq <= last_gone
    returning x.pts
  )
  update conversations c set forgotten_pts = greatest(c.forgotten_pts, g.pts) from (select max(pts) as pts from gone) g
  where c.lane = in_lane and c.id = conversation;

  delete from message_edits x where x.lane = in_lane and x.conversation_id = conversation and x.seq <= last_gone;
  delete from message_reactions x where x.lane = in_lane and x.conversation_id = conversation and x.seq <= last_gone;
  delete from message_mentions x where x.lane = in_lane and x.conversation_id = conversation and x.seq <= last_gone;
  delete from message_media x where x.lane = in_lane and x.conversation_id = conversation and x.seq <= last_gone;
  -- as of a message that somebody deletes [L11]
  update conversation_changes x set payload = null
  where x.lane = in_lane and x.conversation_id = conversation and x.seq between first_gone and last_gone
    and x.event in ('ReactionAdded', 'ReactionRemoved');
  return last_gone + 1;
end
$$;
