-- What somebody does besides school (works, or something else), as they told it: from which day until which.
CREATE TABLE occupation (
  org_id uuid NOT NULL, person_id uuid NOT NULL, occupation_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C", recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, occupation_id)
);
ALTER TABLE occupation ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON occupation TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON occupation TO tsunagari_app;
