-- What is true of this database as a whole; its only row is made here.
create table installation (
  only_row boolean primary key default true check (only_row),
  -- changes when the database was restored from a backup: clients then start afresh [L21]
  epoch uuid not null default gen_random_uuid(),
  -- of the secret key that every node must have; null until the first start is complete
  secret_fingerprint text,
  created_at timestamptz not null default now()
);

insert into installation default values;
