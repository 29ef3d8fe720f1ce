-- As before, in one query: it is asked of every direct message, and calls of functions cost more than their look-ups.
create or replace function may_write_to(sender uuid, recipient uuid, friends_only boolean) returns boolean
language plpgsql stable set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return sender = recipient or exists (
    select 1 from users u
    left join user_settings s on s.user_id = u.id
    left join friendships f
      on f.low_user_id = least(sender, recipient) and f.high_user_id = greatest(sender, recipient)
     and f.status = 'accepted'
    where u.id = recipient
      and case coalesce(s.write_to_me, 'everyone')
        when 'everyone' then not friends_only or f.low_user_id is not null
        when 'friends' then f.low_user_id is not null
        else false
      end
      and not exists (select 1 from blocks b where b.user_id = sender and b.blocked_id = recipient)
      and not exists (select 1 from blocks b where b.user_id = recipient and b.blocked_id = sender));
end
$$;
