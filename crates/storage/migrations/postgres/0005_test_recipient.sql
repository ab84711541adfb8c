-- Whom a message is tried out on: people of the office who agreed to receive what is not approved yet.
CREATE TABLE test_recipient (
  org_id uuid NOT NULL, person_id uuid NOT NULL, recorded_by uuid NOT NULL, recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id)
);
ALTER TABLE test_recipient ENABLE ROW LEVEL SECURITY;
ALTER TABLE test_recipient FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON test_recipient TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON test_recipient TO tsunagari_app;
