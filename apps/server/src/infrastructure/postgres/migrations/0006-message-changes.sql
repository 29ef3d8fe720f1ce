-- The texts that a message had before its present one. Deleting it deletes them [L11].
create table message_edits (
  lane smallint not null,
  conversation_id uuid not null,
  seq bigint not null,
  pts bigint not null, -- of the edit that replaced this text
  text text not null,
  created_at timestamptz not null,
  primary key (lane, conversation_id, seq, pts)
);

-- Who reacted with what; messages.reactions is told from it.
create table message_reactions (
  lane smallint not null,
  conversation_id uuid not null,
  seq bigint not null,
  emoji text not null,
  user_id uuid not null,
  pts bigint not null,
  primary key (lane, conversation_id, seq, emoji, user_id)
);
create unique index message_reactions_in_order on message_reactions (lane, conversation_id, seq, emoji, pts);

-- What the log says of the reactions to one message, to forget it with the message [L11].
create index conversation_changes_of_reactions on conversation_changes (lane, conversation_id, seq)
  where event in ('ReactionAdded', 'ReactionRemoved');

-- The planner's samples would keep what was deleted, and no plan needs them [L11].
alter table messages alter column text set statistics 0, alter column reactions set statistics 0;
alter table message_edits alter column text set statistics 0;
alter table message_reactions alter column emoji set statistics 0;
alter table conversation_changes alter column payload set statistics 0;
alter table outbox alter column payload set statistics 0;
