-- Retention takes messages from the oldest end [L12]. Who stands before this pts has missed some of them, and reads afresh.
alter table conversations add column forgotten_pts bigint not null default 0;

-- Takes messages that are older than their conversation keeps, of the oldest `most`, and whatever is kept beside them. The
-- caller holds the conversation's lock. Times never run against the numbers, so what goes is the oldest end.
-- Answers the seq before which nothing is left; null where there is nothing to take.
create function trim_history(in_lane smallint, conversation uuid, usual_days integer, most integer) returns bigint
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
  -- as of a message that somebody deletes [L11]
  update conversation_changes x set payload = null
  where x.lane = in_lane and x.conversation_id = conversation and x.seq between first_gone and last_gone
    and x.event in ('ReactionAdded', 'ReactionRemoved');
  return last_gone + 1;
end
$$;
