-- Whom a message is tried out on: people of the office who agreed to receive what is not approved yet.
CREATE TABLE test_recipient (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, recorded_by BLOB NOT NULL, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id)
) STRICT;
