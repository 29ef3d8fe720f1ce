-- The same uniqueness [L5], with the columns in another order. While it began with the conversation, the planner, who
-- takes lane and conversation for independent, expected one row of each conversation and went through all its messages
-- for one that it could have had by its seq: a reply in a thread of 100,000 messages took 150 ms.
drop index messages_once;
create unique index messages_once on messages (lane, client_message_id, sender_id, conversation_id);
