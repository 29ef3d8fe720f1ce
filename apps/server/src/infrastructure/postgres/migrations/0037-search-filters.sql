-- What a search may be narrowed to is a key too, as the conversation is: a usual word from someone who said little was looked for
-- in everyone's messages that have it.
create function filter_keys(conversation uuid, sender uuid, text text, media jsonb) returns text[]
language plpgsql immutable parallel safe as $$
begin
  return array['#' || right(conversation::text, 12), '@' || right(sender::text, 12)]
    || case when strpos(text, '://') > 0 and text ~* 'https?://\S' then array['&link'] else '{}' end
    || case when media is null then '{}' else array['&media'] || array(
         select '&' || case when k.kind in ('image', 'video', 'audio') then k.kind else 'file' end
         from jsonb_array_elements(media) m(medium), split_part(m.medium ->> 'contentType', '/', 1) k(kind)) end;
end
$$;

set local maintenance_work_mem = '256MB';
drop index messages_by_text;
create index messages_by_text on messages
  using gin (array_to_tsvector(
    search_keys(search_fold(case when media is null then text else search_file_names(text, media) end))
    || filter_keys(conversation_id, sender_id, text, media)))
  where text is not null or media is not null;
-- the planner's samples would keep what was deleted [L11]
alter index messages_by_text alter column 1 set statistics 0;
