-- What the last run of a job has come to; one that has not finished and was begun long ago died with its node.
alter table jobs
  add column finished_at timestamptz,
  add column failure text;
