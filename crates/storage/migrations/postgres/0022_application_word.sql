-- What somebody wrote to the office after they took part, sealed for whoever applied.
CREATE TABLE application_word (
  org_id uuid NOT NULL, application_id uuid NOT NULL, person_id uuid NOT NULL, sealed bytea NOT NULL, at bigint NOT NULL,
  PRIMARY KEY (org_id, application_id)
);
CREATE INDEX application_word_of ON application_word (org_id, person_id);
ALTER TABLE application_word ENABLE ROW LEVEL SECURITY;
ALTER TABLE application_word FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON application_word TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON application_word TO tsunagari_app;
