-- What was changed lately, by whichever node [L20]. The log is written in the order of time: a summary of each few
-- pages finds its end, and costs a send nothing.
create index conversation_changes_lately on conversation_changes using brin (created_at)
  with (pages_per_range = 16, autosummarize = on);
create index conversation_changes_of_members on conversation_changes (created_at)
  where event in ('MemberAdded', 'MemberRemoved');
create index conversations_by_creation on conversations (created_at);
create index user_inbox_lately on user_inbox (created_at) where event <> 'ReadMarkUpdated';
