-- Who may reach whom: friendships, blocks, privacy (docs/subsystems/people.md).

-- One row a pair, in whichever direction it was asked, so two requests that cross meet [P2].
create table friendships (
  low_user_id uuid not null references users (id) on delete cascade,
  high_user_id uuid not null references users (id) on delete cascade check (low_user_id < high_user_id),
  status text not null check (status in ('requested', 'accepted', 'declined')),
  requested_by uuid not null check (requested_by in (low_user_id, high_user_id)),
  -- which of the two does not see the request: who was asked and had blocked the other, or who asked by an e-mail
  -- address and must not learn whose it is [P5] [P6]
  hidden_from uuid check (hidden_from in (low_user_id, high_user_id)),
  requested_at timestamptz not null default date_trunc('milliseconds', now()),
  changed_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (low_user_id, high_user_id)
);
create index friendships_by_high_user on friendships (high_user_id);

create table blocks (
  user_id uuid not null references users (id) on delete cascade,
  blocked_id uuid not null references users (id) on delete cascade check (user_id <> blocked_id),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (user_id, blocked_id)
);
create index blocks_by_blocked on blocks (blocked_id);

-- What somebody chose; nobody's row stands for the defaults, which the function below and the contract know.
create table user_settings (
  user_id uuid primary key references users (id) on delete cascade,
  write_to_me text not null default 'everyone' check (write_to_me in ('everyone', 'friends', 'nobody')),
  add_me text not null default 'everyone' check (add_me in ('everyone', 'friends', 'nobody')),
  see_presence text not null default 'everyone' check (see_presence in ('everyone', 'friends', 'nobody')),
  see_receipts text not null default 'everyone' check (see_receipts in ('everyone', 'friends', 'nobody')),
  find_me text not null default 'everyone' check (find_me in ('everyone', 'friends', 'nobody')),
  notifications jsonb not null default '{}'
);

-- An entry is about a conversation, or about something else: a person, an invitation.
alter table user_inbox
  alter column conversation_id drop not null,
  add column subject_id uuid;

-- Writes entries for people: the i-th elements of the arrays are the i-th entry. Answers the userPts of each, in order.
-- Called last in a transaction: it takes the locks of users, in the order of their ids [L7] [L16].
create function enter_inbox(users uuid[], events text[], actors uuid[], conversations uuid[], subjects uuid[])
returns table (ordinal integer, user_pts bigint)
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
begin
  perform 1 from users u where u.id = any(users) order by u.id for no key update of u;
  return query
  with wanted as (
    select w.*, row_number() over (partition by w.user_id order by w.ordinal) as nth
    from unnest(users, events, actors, conversations, subjects)
      with ordinality as w(user_id, event, actor_id, conversation_id, subject_id, ordinal)
  ), counted as (
    update users u set user_pts = u.user_pts + t.entries
    from (select w.user_id, count(*) as entries from wanted w group by w.user_id) t
    where u.id = t.user_id
    returning u.id, old.user_pts as before
  ), written as (
    insert into user_inbox (user_id, user_pts, event, event_id, conversation_id, subject_id, actor_id)
    select w.user_id, c.before + w.nth, w.event, uuidv7(), w.conversation_id, w.subject_id, w.actor_id
    from wanted w join counted c on c.id = w.user_id
  )
  select w.ordinal::integer, c.before + w.nth from wanted w join counted c on c.id = w.user_id order by w.ordinal;
end
$$;

create function are_friends(one uuid, other uuid) returns boolean language sql stable as $$
  select exists (
    select 1 from friendships f
    where f.low_user_id = least(one, other) and f.high_user_id = greatest(one, other) and f.status = 'accepted')
$$;

-- What a person lets others do or see of them. Whom they blocked, nothing [P4].
create function admits(person uuid, setting text, other uuid) returns boolean
language plpgsql stable set enable_seqscan = off as $$
declare
  chosen text;
begin
  if person = other then
    return true;
  end if;
  if exists (select 1 from blocks b where b.user_id = person and b.blocked_id = other) then
    return false;
  end if;
  select case setting
           when 'writeToMe' then s.write_to_me
           when 'addMe' then s.add_me
           when 'seePresence' then s.see_presence
           when 'seeReceipts' then s.see_receipts
           when 'findMe' then s.find_me
           else 'nobody'
         end
  into chosen from user_settings s where s.user_id = person;
  return case coalesce(chosen, 'everyone')
    when 'everyone' then true
    when 'friends' then are_friends(person, other)
    else false
  end;
end
$$;

-- Whether a person may write to another one alone: neither blocked the other, the other has an account and lets them,
-- and they are friends where the installation wants that [P3] [L14].
create function may_write_to(sender uuid, recipient uuid, friends_only boolean) returns boolean
language plpgsql stable set enable_seqscan = off as $$
begin
  return sender = recipient or (
    exists (select 1 from users u where u.id = recipient)
    and not exists (select 1 from blocks b where b.user_id = sender and b.blocked_id = recipient)
    and admits(recipient, 'writeToMe', sender)
    and (not friends_only or are_friends(sender, recipient)));
end
$$;

-- The error's code where a member of a direct conversation may not write there; null where they may, and for groups
-- and channels, which have members' rights. As a stable function it sees
-- what the calling statement sees: call it in one that begins after the conversation's lock was taken [L3] [P3].
create function direct_refusal(in_lane smallint, conversation uuid, sender uuid, friends_only boolean) returns text
language plpgsql stable set enable_seqscan = off as $$
declare
  recipient uuid;
begin
  select case d.low_user_id when sender then d.high_user_id else d.low_user_id end into recipient
  from direct_conversations d where d.lane = in_lane and d.conversation_id = conversation;
  return case when recipient is null or may_write_to(sender, recipient, friends_only) then null
              else 'RECIPIENT_UNAVAILABLE' end;
end
$$;

-- Taken first by whatever changes what is between two people, or begins their conversation. Then nothing else changes
-- it, their direct conversation neither comes nor goes, and no message, change or mark is judged in it until the
-- commit: those wait for the same rows and judge after it [P3] [L7].
create function lock_pair(one uuid, other uuid) returns void
language plpgsql set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(least(one, other)::text || greatest(one, other)::text, 0));
  perform 1 from conversations c
  where (c.lane, c.id) in (
    select d.lane, d.conversation_id from direct_conversations d
    where d.low_user_id = least(one, other) and d.high_user_id = greatest(one, other))
  for no key update of c;
  perform 1 from conversation_members m
  where (m.lane, m.conversation_id) in (
    select d.lane, d.conversation_id from direct_conversations d
    where d.low_user_id = least(one, other) and d.high_user_id = greatest(one, other))
  order by m.conversation_id, m.user_id
  for no key update of m;
end
$$;

-- As before, and refuses in direct conversations what does not reach its recipient.
drop function send_messages(uuid, interval, smallint[], uuid[], uuid[], uuid[], uuid[], text[], uuid[], uuid[], text[], text[]);

-- Stores a batch of messages, each on its own merits: one row's refusal is that row's alone. The i-th elements of
-- the arrays are the i-th message. Answers one row a message, in order; for a repeat those of the first [L5].
create function send_messages(
  node uuid, claim interval,
  lanes smallint[], conversations uuid[], senders uuid[], client_messages uuid[], new_ids uuid[], texts text[],
  replies_to uuid[], thread_roots uuid[],
  called text[], forwarded text[], -- JSON, null for most
  friends_only boolean -- whether people write to friends alone
)
returns table (
  ordinal integer, outcome text, message_id uuid, seq bigint, pts bigint, created_at timestamptz,
  text text, reply_to_id uuid, reply_to_seq bigint, reply_to_sender_id uuid, thread_root_id uuid, mentions jsonb,
  forwarded_from jsonb, stored jsonb, outbox_id bigint, event_id uuid
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
        lanes, conversations, senders, client_messages, new_ids, texts, replies_to, thread_roots, called, forwarded)
      with ordinality as u(lane, conversation_id, sender_id, client_message_id, message_id, text, reply_to_id,
                           thread_root_id, mentions, forwarded_from, ordinal)
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

  return query
  with appended as (
    select * from append_changes(node, claim, (
      select coalesce(array_agg(row(
        j.ordinal, j.lane, j.conversation_id, 'ReceiveMessage', j.sender_id, null, null,
        j.message_id, j.client_message_id, 'text', j.text,
        j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id,
        null, j.thread_root_id, j.thread_root_seq, j.mentions, j.forwarded_from)::new_change order by j.ordinal), '{}')
      from unnest(judged) j where j.outcome = 'ACCEPTED'))
  ), answered as (
    select j.ordinal, j.outcome, j.lane, j.conversation_id, j.sender_id, j.client_message_id, j.message_id, j.text,
           j.reply_to_id, j.reply_to_seq, j.reply_to_sender_id, j.thread_root_id, j.mentions, j.forwarded_from, j.stored,
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
         coalesce(f.reply_to_sender_id, a.reply_to_sender_id),
         -- a repeat says nothing of its own, only what the first one said
         case when f.message_id is null then a.thread_root_id else f.thread_root_id end,
         case when f.message_id is null then a.mentions else f.mentions end,
         case when f.message_id is null then a.forwarded_from else f.forwarded_from end,
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
end
$$;
