-- Where somebody was once: what they wrote there is theirs to have.
create index conversation_members_left_by_user on conversation_members (user_id) where left_pts is not null;
