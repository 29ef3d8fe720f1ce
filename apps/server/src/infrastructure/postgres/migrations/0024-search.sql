-- Search over texts: docs/subsystems/search.md. The index is one expression, so that an edited or deleted text leaves
-- it in the statement that changes the message [L11].

-- Case, accents and vowel points do not count; wide, small and joined forms are the usual ones.
create function search_fold(text text) returns text language plpgsql immutable strict parallel safe as $$
begin
  if octet_length(text) = length(text) then return lower(text); end if;
  return lower(normalize(regexp_replace(normalize(text, NFKD), '[\u0300-\u036F\u0610-\u061A\u064B-\u065F\u0670]', '', 'g'), NFKC));
end
$$;

-- What a folded text is found by: its words, and of scripts without spaces and of symbols each two that stand together.
create function search_keys(folded text) returns text[] language plpgsql immutable strict parallel safe as $$
declare
  unspaced constant text := '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2190-\u2BFF\u2E80-\uA4CF\uAC00-\uD7AF\uF900-\uFAFF\U0001F000-\U0003FFFF]+';
  words text := folded;
  pairs text[];
begin
  if octet_length(folded) > length(folded) and folded ~ unspaced then
    select array_agg(p.pair) into pairs
    from (
      select u.c || coalesce(lead(u.c) over (partition by r.n order by u.n), '') as pair
      from regexp_matches(folded, unspaced, 'g') with ordinality as r(run, n)
      cross join lateral unnest(string_to_array(r.run[1], null)) with ordinality as u(c, n)
    ) p;
    words := regexp_replace(folded, unspaced, ' ', 'g');
  end if;
  words := trim(regexp_replace(words, '[^[:alnum:]]+', ' ', 'g'));
  -- of a very long one the beginning
  if length(words) > 64 and words ~ '\S{65}' then words := regexp_replace(words, '(\S{64})\S+', '\1', 'g'); end if;
  return string_to_array(words, ' ') || pairs;
end
$$;

-- The conversation is a key too: who is in a few of many finds their own without going through everybody's.
create index messages_by_text on messages
  using gin (array_to_tsvector(search_keys(search_fold(text)) || ('#' || right(conversation_id::text, 12))))
  where text is not null;
-- the planner's samples would keep what was deleted [L11]
alter index messages_by_text alter column 1 set statistics 0;

-- What finds texts with all these terms, each from the beginning of a word, in one of these conversations where they
-- are named. Null where there is nothing to look for.
create function search_query(terms text[], conversations uuid[]) returns tsquery language sql stable as $$
  select (string_agg('''' || k.key || case when octet_length(k.key) > 1 then ''':*' else '''' end, ' & ')
    || coalesce((select ' & (' || string_agg('''#' || right(c.id::text, 12) || '''', ' | ') || ')'
                 from unnest(conversations) as c(id)), ''))::tsquery
  from unnest(terms) as t(term), unnest(search_keys(search_fold(t.term))) as k(key)
$$;
