-- Walks back from the newest message of all conversations: the search for common words (docs/decisions/search-index.md).
-- Times come in order, so the index grows at its end alone.
create index messages_by_time on messages (created_at);

-- What a text contains, folded, that has all these terms, and perhaps others: quicker to see than the terms themselves.
-- Keys of terms are pieces of the folded text, and have no signs that "like" reads as its own.
create function search_pieces(terms text[]) returns setof text language sql stable as $$
  select '%' || k.key || '%'
  from unnest(terms) as t(term), unnest(search_keys(search_fold(t.term))) as k(key)
$$;
