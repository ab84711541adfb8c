-- What somebody does besides school (works, or something else), as they told it: from which day until which.
CREATE TABLE occupation (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, occupation_id BLOB NOT NULL, kind TEXT NOT NULL,
  from_on TEXT NOT NULL, until_on TEXT, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, occupation_id)
) STRICT, WITHOUT ROWID;
