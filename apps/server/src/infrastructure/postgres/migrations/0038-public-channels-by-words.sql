-- Public channels are found by any part of their title or topic. `pg_trgm` is not everywhere, and knows nothing of two characters.

-- Of each text, in small letters, every two characters that stand together.
create function letter_pairs(variadic texts text[]) returns text[] language plpgsql immutable parallel safe as $$
begin
  return array(
    select distinct p.pair
    from unnest(texts) with ordinality as t(text, nth)
    cross join lateral (
      select c.letter || lead(c.letter) over (order by c.place) as pair
      from unnest(string_to_array(lower(t.text), null)) with ordinality as c(letter, place)
    ) p
    where p.pair is not null);
end
$$;

create index conversations_public_by_pairs on conversations using gin (letter_pairs(title, topic)) where visibility = 'public';
-- to make the pairs of the planner's samples takes seconds, and it expects little of them either way
alter index conversations_public_by_pairs alter column 1 set statistics 0;
