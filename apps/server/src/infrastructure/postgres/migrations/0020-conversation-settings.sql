-- What a member chose for a conversation, seen by them alone. Nobody's row stands for the defaults; who leaves and comes
-- back begins with them. Apart from the members' rows, which every mark updates.
create table conversation_settings (
  lane smallint not null,
  conversation_id uuid not null,
  user_id uuid not null references users (id) on delete cascade,
  muted_until timestamptz,
  notify text check (notify in ('all', 'mentions', 'nothing')), -- null: as in one's own settings
  pinned boolean not null default false,
  archived boolean not null default false,
  draft text,
  primary key (lane, conversation_id, user_id)
);
create index conversation_settings_by_user on conversation_settings (user_id);
create index conversation_settings_by_end_of_muting on conversation_settings (muted_until) where muted_until is not null;

-- One entry a conversation, the latest, as for read marks.
create unique index user_inbox_conversation_settings on user_inbox (user_id, conversation_id)
  where event = 'SettingsUpdated' and conversation_id is not null;

-- Of which messages a person is alerted: 'all'; 'mentions', those that call them or everyone; 'called', those that call
-- them alone, where it is muted or archived; or 'nothing' [P10].
create function alert_level(in_lane smallint, conversation uuid, person uuid) returns text
language plpgsql stable set enable_seqscan = off as $$
declare
  wanted text;
  is_quiet boolean;
begin
  select coalesce(s.notify, u.notifications ->> 'notify', 'all'),
         coalesce(s.archived, false) or coalesce(s.muted_until > now(), false)
  into wanted, is_quiet
  from conversation_members m
  left join conversation_settings s
    on s.lane = m.lane and s.conversation_id = m.conversation_id and s.user_id = m.user_id
  left join user_settings u on u.user_id = m.user_id
  where m.lane = in_lane and m.conversation_id = conversation and m.user_id = person and m.left_pts is null;
  return case when wanted is null or wanted = 'nothing' then 'nothing' when is_quiet then 'called' else wanted end;
end
$$;
