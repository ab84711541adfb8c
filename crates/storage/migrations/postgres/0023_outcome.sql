-- What came of it for somebody. What was recorded by mistake stays, annulled.
CREATE TABLE outcome (
  org_id uuid NOT NULL, person_id uuid NOT NULL, outcome_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, on_day TEXT COLLATE "C" NOT NULL, evidence TEXT COLLATE "C" NOT NULL,
  recorded_by uuid NOT NULL, recorded_at bigint NOT NULL, annulled_at bigint,
  PRIMARY KEY (org_id, person_id, outcome_id)
);
CREATE INDEX outcome_of_kind ON outcome (org_id, kind, on_day);
ALTER TABLE outcome ENABLE ROW LEVEL SECURITY;
ALTER TABLE outcome FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON outcome TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON outcome TO tsunagari_app;
