-- Marks are shown to those whom their owner admits, and in a direct conversation to whom the owner may write [P9].

create function shows_receipts(
  in_lane smallint, conversation uuid, kind text, person uuid, viewer uuid, friends_only boolean
) returns boolean language plpgsql stable set enable_seqscan = off as $$
begin
  return person = viewer or (
    admits(person, 'seeReceipts', viewer)
    and (kind <> 'direct' or direct_refusal(in_lane, conversation, person, friends_only) is null));
end
$$;

-- Whether some may not see a member's marks: few choose so, and only then each viewer is looked at.
create function is_reserved(in_lane smallint, conversation uuid, person uuid, kind text, friends_only boolean)
returns boolean language plpgsql stable set enable_seqscan = off as $$
begin
  return exists (select 1 from user_settings s where s.user_id = person and s.see_receipts <> 'everyone')
    or exists (select 1 from blocks b where b.user_id = person)
    or (kind = 'direct' and direct_refusal(in_lane, conversation, person, friends_only) is not null);
end
$$;

create function receipt_viewers(in_lane smallint, conversation uuid, person uuid, kind text, friends_only boolean)
returns uuid[] language plpgsql stable set enable_seqscan = off as $$
begin
  return (
    select coalesce(array_agg(m.user_id), '{}') from conversation_members m
    where m.lane = in_lane and m.conversation_id = conversation and m.left_pts is null and m.user_id <> person
      and shows_receipts(in_lane, conversation, kind, person, m.user_id, friends_only));
end
$$;

alter type raised_mark add attribute viewers uuid[];
drop function raise_marks(integer, smallint[], uuid[], uuid[], bigint[], bigint[]);

-- Raises marks; the i-th elements of the arrays are the i-th member's. Answers a row for each that is a member, in
-- order: the marks as they are then. `receipts_version` is null where nothing rose or nobody or too many would hear of it,
-- `user_pts` where the read mark did not rise, `viewers` where everyone in the conversation may hear.
create function raise_marks(
  heard_by_most integer,
  lanes smallint[], conversations uuid[], users uuid[], read_seqs bigint[], delivered_seqs bigint[],
  friends_only boolean -- whether people write to friends alone
)
returns table (ordinal integer, read_seq bigint, delivered_seq bigint, receipts_version bigint, user_pts bigint, viewers uuid[])
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  raised raised_mark[];
begin
  -- first the locks, in order [L3] [L7]; the conversation's own is not needed, as its seq only rises
  perform 1 from conversation_members m
  where (m.lane, m.conversation_id, m.user_id) in (
    select u.lane, u.conversation_id, u.user_id from unnest(lanes, conversations, users) as u(lane, conversation_id, user_id))
  order by m.conversation_id, m.user_id
  for no key update of m;

  with wanted as (
    select u.lane, u.conversation_id, u.user_id, max(u.read_seq) as read_seq, max(u.delivered_seq) as delivered_seq
    from unnest(lanes, conversations, users, read_seqs, delivered_seqs)
      as u(lane, conversation_id, user_id, read_seq, delivered_seq)
    group by u.lane, u.conversation_id, u.user_id
  ), risen as (
    select m.lane, m.conversation_id, m.user_id, c.member_count,
           case when c.member_count <= heard_by_most and is_reserved(m.lane, m.conversation_id, m.user_id, c.type, friends_only)
             then receipt_viewers(m.lane, m.conversation_id, m.user_id, c.type, friends_only) end as viewers,
           greatest(m.read_seq, least(w.read_seq, c.seq)) as read_seq,
           greatest(m.delivered_seq, m.read_seq, least(greatest(w.read_seq, w.delivered_seq), c.seq)) as delivered_seq
    from wanted w
    cross join lateral (
      select * from conversation_members x
      where x.lane = w.lane and x.conversation_id = w.conversation_id and x.user_id = w.user_id and x.left_pts is null
      limit 1
    ) m
    cross join lateral (
      select x.seq, x.member_count, x.type from conversations x where x.lane = w.lane and x.id = w.conversation_id limit 1
    ) c
    where least(w.read_seq, c.seq) > m.read_seq or least(greatest(w.read_seq, w.delivered_seq), c.seq) > m.delivered_seq
  ), versioned as (
    insert into conversation_receipts as v (lane, conversation_id, version)
    select distinct r.lane, r.conversation_id, 1 from risen r
    where r.member_count <= heard_by_most and (r.viewers is null or cardinality(r.viewers) > 0) order by 2
    on conflict (lane, conversation_id) do update set version = v.version + 1
    returning v.lane, v.conversation_id, v.version
  ), marked as (
    update conversation_members m
    set read_seq = r.read_seq, delivered_seq = r.delivered_seq, receipts_version = coalesce(v.version, m.receipts_version)
    from risen r
    left join versioned v on v.lane = r.lane and v.conversation_id = r.conversation_id
      and (r.viewers is null or cardinality(r.viewers) > 0)
    where m.lane = r.lane and m.conversation_id = r.conversation_id and m.user_id = r.user_id
    returning m.lane, m.conversation_id, m.user_id, v.version, new.read_seq > old.read_seq as read_rose, r.viewers
  )
  select coalesce(array_agg(row(k.lane, k.conversation_id, k.user_id, k.version, k.read_rose, k.viewers)::raised_mark), '{}')
  into raised from marked k;

  perform 1 from users u where u.id in (select r.user_id from unnest(raised) r where r.read_rose)
  order by u.id for no key update of u;

  return query
  with numbered as (
    select r.user_id, r.conversation_id, row_number() over (partition by r.user_id order by r.conversation_id) as nth
    from unnest(raised) r where r.read_rose
  ), counted as (
    update users u set user_pts = u.user_pts + t.marks
    from (select n.user_id, count(*) as marks from numbered n group by n.user_id) t
    where u.id = t.user_id
    returning u.id, old.user_pts as before
  ), written as (
    insert into user_inbox as i (user_id, user_pts, event, event_id, conversation_id, actor_id)
    select n.user_id, c.before + n.nth, 'ReadMarkUpdated', uuidv7(), n.conversation_id, n.user_id
    from numbered n join counted c on c.id = n.user_id
    on conflict (user_id, conversation_id) where event = 'ReadMarkUpdated'
    do update set user_pts = excluded.user_pts, event_id = excluded.event_id, created_at = now()
    returning i.user_id, i.conversation_id, i.user_pts
  )
  select u.ordinal::integer, m.read_seq, m.delivered_seq, r.receipts_version, w.user_pts, r.viewers
  from unnest(lanes, conversations, users) with ordinality as u(lane, conversation_id, user_id, ordinal)
  cross join lateral (
    select * from conversation_members x
    where x.lane = u.lane and x.conversation_id = u.conversation_id and x.user_id = u.user_id and x.left_pts is null
    limit 1
  ) m
  left join unnest(raised) r on r.conversation_id = u.conversation_id and r.user_id = u.user_id
  left join written w on w.conversation_id = u.conversation_id and w.user_id = u.user_id
  order by u.ordinal;
end
$$;
