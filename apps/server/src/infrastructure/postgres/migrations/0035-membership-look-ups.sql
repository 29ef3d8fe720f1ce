-- Whether somebody is in a conversation is asked everywhere, with a plan that serves everyone. The planner takes lane and
-- conversation for independent and expects one member of each, so every index that it may use for that must lead to that
-- one row: by these two it read all 100,000 members of a channel, or all 2,000 conversations of a person.

-- Who sees only a part [L10]. The others, nearly all, are not in it, and no question for one member can use it.
drop index conversation_members_by_view;
create index conversation_members_by_view on conversation_members (lane, conversation_id, visible_from_seq)
  where left_pts is null and visible_from_seq > 1;

drop index conversation_members_by_user;
create index conversation_members_by_user on conversation_members (user_id, conversation_id) where left_pts is null;
