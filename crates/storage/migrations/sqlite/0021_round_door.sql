-- A door: what lets a steward's phone check people in at a round, for a while. Its token is kept as a hash.
CREATE TABLE round_door (
  org_id BLOB NOT NULL, door_id BLOB NOT NULL, round_id BLOB NOT NULL, name TEXT NOT NULL, token_hash BLOB NOT NULL, made_by BLOB NOT NULL,
  made_at INTEGER NOT NULL, until_at INTEGER NOT NULL, ended_at INTEGER,
  PRIMARY KEY (org_id, door_id)
) STRICT;
CREATE UNIQUE INDEX round_door_token ON round_door (org_id, token_hash);
CREATE INDEX round_door_of ON round_door (org_id, round_id);
