-- What an organisation had set about reach and job hunting before it was changed: each row held up to `until_at`, the newest
-- settings are those of `organisation`. A past day is counted by what was set on it (docs/decisions/0012).

CREATE TABLE past_policy (
  org_id BLOB NOT NULL, until_at INTEGER NOT NULL,
  guardian_age INTEGER NOT NULL, stale_after_days INTEGER NOT NULL, stale_counts INTEGER NOT NULL,
  job_years_before_last INTEGER NOT NULL, job_month INTEGER NOT NULL,
  PRIMARY KEY (org_id, until_at)
) STRICT, WITHOUT ROWID;
