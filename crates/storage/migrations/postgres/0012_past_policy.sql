-- What an organisation had set about reach and job hunting before it was changed: each row held up to `until_at`, the newest
-- settings are those of `organisation`. A past day is counted by what was set on it (docs/decisions/0012).

CREATE TABLE past_policy (
  org_id uuid NOT NULL, until_at bigint NOT NULL,
  guardian_age bigint NOT NULL, stale_after_days bigint NOT NULL, stale_counts bigint NOT NULL,
  job_years_before_last bigint NOT NULL, job_month bigint NOT NULL,
  PRIMARY KEY (org_id, until_at)
);

ALTER TABLE past_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE past_policy FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON past_policy TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON past_policy TO tsunagari_app;
