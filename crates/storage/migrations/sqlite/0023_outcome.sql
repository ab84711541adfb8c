-- What came of it for somebody. What was recorded by mistake stays, annulled.
CREATE TABLE outcome (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, outcome_id BLOB NOT NULL, kind TEXT NOT NULL, on_day TEXT NOT NULL, evidence TEXT NOT NULL,
  recorded_by BLOB NOT NULL, recorded_at INTEGER NOT NULL, annulled_at INTEGER,
  PRIMARY KEY (org_id, person_id, outcome_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcome_of_kind ON outcome (org_id, kind, on_day);
