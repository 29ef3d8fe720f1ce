-- What finds all messages of these conversations; null for all conversations.
create function conversation_query(conversations uuid[]) returns tsquery language sql stable as $$
  select string_agg('''#' || right(c.id::text, 12) || '''', ' | ')::tsquery from unnest(conversations) as c(id)
$$;
