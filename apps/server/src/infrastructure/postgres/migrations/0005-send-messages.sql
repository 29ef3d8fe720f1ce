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
  -- 'STORED': was there before; 'REPEAT': of an earlier one in this batch; 'ACCEPTED'; 'REPLY_NOT_SEEN': answers a
  -- message that its sender sees none of here; or an error's code
  outcome text,
  stored jsonb -- the message as it is now, for one that was there before
);

-- Stores a batch of messages, each on its own merits: one row's refusal is that row's alone. The i-th elements of
-- the arrays are the i-th message. Answers one row a message, in order; for a repeat those of the first [L5].
create function send_messages(
  node uuid, claim interval,
  lanes smallint[], conversations uuid[], senders uuid[], client_messages uuid[], new_ids uuid[], texts text[],
  replies_to uuid[]
)
returns table (
  ordinal integer, outcome text, message_id uuid, seq bigint, pts bigint, created_at timestamptz,
  text text, reply_to_id uuid, reply_to_seq bigint, reply_to_sender_id uuid, stored jsonb,
  outbox_id bigint, event_id uuid
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
           coalesce(s.id, i.message_id), i.text, r.id, r.seq, r.sender_id,
           case
             when s.id is not null then 'STORED'
             when i.nth > 1 then 'REPEAT'
             when m.user_id is null or m.left_pts is not null then 'NOT_FOUND'
             when c.posting = 'admins' and m.role = 'member' then 'FORBIDDEN'
             when i.reply_to_id is not null and r.id is null then 'REPLY_NOT_SEEN'
             else 'ACCEPTED'
           end,
           case
             when s.id is null then null
             -- who does not see it any more learns nothing of what others made of it since
             when m.left_pts is null and s.seq >= m.visible_from_seq then to_jsonb(s)
             else to_jsonb(s) - 'reactions'
           end)::judged_message order by i.ordinal)
  into judged
  from (
    select u.*, row_number() over (
      partition by u.lane, u.conversation_id, u.sender_id, u.client_message_id order by u.ordinal) as nth
    from unnest(lanes, conversations, senders, client_messages, new_ids, texts, replies_to)
      with ordinality as u(lane, conversation_id, sender_id, client_message_id, message_id, text, reply_to_id, ordinal)
  ) i
  -- "limit 1" keeps each look-up an index scan a row, whatever the planner believes of a table that grows quickly
  left join lateral (
    select x.* from messages x
    where x.lane = i.lane and x.conversation_id = i.conversation_id
      and x.sender_id = i.sender_id and x.client_message_id = i.client_message_id
    limit 1
  ) s on true
  left join lateral (
    select x.posting from conversations x where x.lane = i.lane and x.id = i.conversation_id limit 1
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
  ) r on true;

  return query
  with appended as (
    select * from append_changes(node, claim, (
      select coalesce(array_agg(row(
        j.ordinal, j.lane, j.conversation_id, 'ReceiveMessage', j.sender_id, null, null,
        j.message_id, j.client_message_id, 'text', j.text,
        j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id)::new_change order by j.ordinal), '{}')
      from unnest(judged) j where j.outcome = 'ACCEPTED'))
  ), answered as (
    select j.ordinal, j.outcome, j.lane, j.conversation_id, j.sender_id, j.client_message_id, j.message_id, j.text,
           j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id, j.stored,
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
         coalesce(f.created_at, a.created_at), coalesce(f.text, a.text),
         coalesce(f.reply_to_id, a.reply_to_id), coalesce(f.reply_to_seq, a.reply_to_seq),
         coalesce(f.reply_to_sender_id, a.reply_to_sender_id), a.stored, a.outbox_id, a.event_id
  from answered a
  left join answered f
    on a.outcome = 'REPEAT' and f.outcome <> 'REPEAT'
   and f.lane = a.lane and f.conversation_id = a.conversation_id
   and f.sender_id = a.sender_id and f.client_message_id = a.client_message_id
  order by a.ordinal;
end
$$;
