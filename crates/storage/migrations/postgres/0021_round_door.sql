-- A door: what lets a steward's phone check people in at a round, for a while. Its token is kept as a hash.
CREATE TABLE round_door (
  org_id uuid NOT NULL, door_id uuid NOT NULL, round_id uuid NOT NULL, name TEXT COLLATE "C" NOT NULL, token_hash bytea NOT NULL, made_by uuid NOT NULL,
  made_at bigint NOT NULL, until_at bigint NOT NULL, ended_at bigint,
  PRIMARY KEY (org_id, door_id)
);
CREATE UNIQUE INDEX round_door_token ON round_door (org_id, token_hash);
CREATE INDEX round_door_of ON round_door (org_id, round_id);
ALTER TABLE round_door ENABLE ROW LEVEL SECURITY;
ALTER TABLE round_door FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON round_door TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON round_door TO tsunagari_app;
