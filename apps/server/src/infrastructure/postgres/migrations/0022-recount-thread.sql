-- A thread as its replies are now, for its root; null where none is left.
create function recount_thread(in_lane smallint, conversation uuid, root_seq bigint) returns jsonb
language plpgsql stable set enable_seqscan = off as $$
begin
  return (
    select case when count(*) > 0 then jsonb_build_object(
      'replyCount', count(*), 'lastReplySeq', max(x.seq), 'lastReplyAt', max(x.created_at),
      'participantIds', first_participants('[]', array_agg(x.sender_id order by x.seq)))
    end
    from messages x
    where x.lane = in_lane and x.conversation_id = conversation and x.thread_root_seq = root_seq and x.deleted_at is null);
end
$$;
