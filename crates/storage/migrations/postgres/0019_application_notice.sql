-- What an applicant is told of a step, beside the entry of the ledger it follows from: written with the step, sent afterwards.
CREATE TABLE application_notice (
  org_id uuid NOT NULL, application_id uuid NOT NULL, seq bigint NOT NULL, notice TEXT COLLATE "C" NOT NULL, went TEXT COLLATE "C" NOT NULL,
  due_at bigint NOT NULL, went_at bigint,
  PRIMARY KEY (org_id, application_id, seq)
);
ALTER TABLE application_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE application_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON application_notice TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON application_notice TO tsunagari_app;
