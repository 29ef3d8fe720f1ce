create type judged_message as (
  ordinal integer,
  lane smallint,
  conversation_id uuid,
  sender_id uuid,
  client_message_id uuid,
  message_id uuid,
  text text,
  -- 'STORED': was there before; 'REPEAT': of an earlier one in this batch; 'ACCEPTED'; or an error's code
  outcome text,
  seq bigint,
  pts bigint,
  created_at timestamptz
);

-- Stores a batch of messages, each on its own merits: one row's refusal is that row's alone. The i-th elements of
-- the arrays are the i-th message. Answers one row a message, in order; for a repeat those of the first [L5].
create function send_messages(
  node uuid, claim interval,
  lanes smallint[], conversations uuid[], senders uuid[], client_messages uuid[], new_ids uuid[], texts text[]
)
returns table (
  ordinal integer, outcome text, message_id uuid, seq bigint, pts bigint, created_at timestamptz,
  text text, outbox_id bigint, event_id uuid
)
language plpgsql set enable_seqscan = off as $$
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
           coalesce(s.id, i.message_id), coalesce(s.text, i.text),
           case
             when s.id is not null then 'STORED'
             when i.nth > 1 then 'REPEAT'
             when m.user_id is null then 'NOT_FOUND'
             when c.posting = 'admins' and m.role = 'member' then 'FORBIDDEN'
             else 'ACCEPTED'
           end,
           s.seq, s.pts, s.created_at)::judged_message order by i.ordinal)
  into judged
  from (
    select u.*, row_number() over (
      partition by u.lane, u.conversation_id, u.sender_id, u.client_message_id order by u.ordinal) as nth
    from unnest(lanes, conversations, senders, client_messages, new_ids, texts)
      with ordinality as u(lane, conversation_id, sender_id, client_message_id, message_id, text, ordinal)
  ) i
  -- "limit 1" keeps each look-up an index scan a row, whatever the planner believes of a table that grows quickly
  left join lateral (
    select x.id, x.text, x.seq, x.pts, x.created_at from messages x
    where x.lane = i.lane and x.conversation_id = i.conversation_id
      and x.sender_id = i.sender_id and x.client_message_id = i.client_message_id
    limit 1
  ) s on true
  left join lateral (
    select x.posting from conversations x where x.lane = i.lane and x.id = i.conversation_id limit 1
  ) c on true
  left join lateral (
    select x.user_id, x.role from conversation_members x
    where x.lane = i.lane and x.conversation_id = i.conversation_id and x.user_id = i.sender_id and x.left_pts is null
    limit 1
  ) m on true;

  return query
  with appended as (
    select * from append_changes(node, claim, (
      select coalesce(array_agg(row(
        j.ordinal, j.lane, j.conversation_id, 'ReceiveMessage', j.sender_id, null,
        j.message_id, j.client_message_id, 'text', j.text)::new_change order by j.ordinal), '{}')
      from unnest(judged) j where j.outcome = 'ACCEPTED'))
  ), answered as (
    select j.ordinal, j.outcome, j.lane, j.conversation_id, j.sender_id, j.client_message_id, j.message_id, j.text,
           coalesce(a.seq, j.seq) as seq, coalesce(a.pts, j.pts) as pts,
           coalesce(a.created_at, j.created_at) as created_at, a.outbox_id, a.event_id
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
         case when f.ordinal is null or f.outcome not in ('ACCEPTED', 'STORED') then coalesce(f.outcome, a.outcome)
              else 'STORED' end,
         coalesce(f.message_id, a.message_id), coalesce(f.seq, a.seq), coalesce(f.pts, a.pts),
         coalesce(f.created_at, a.created_at), coalesce(f.text, a.text), a.outbox_id, a.event_id
  from answered a
  left join answered f
    on a.outcome = 'REPEAT' and f.outcome <> 'REPEAT'
   and f.lane = a.lane and f.conversation_id = a.conversation_id
   and f.sender_id = a.sender_id and f.client_message_id = a.client_message_id
  order by a.ordinal;
end
$$;
