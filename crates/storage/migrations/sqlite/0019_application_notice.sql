-- What an applicant is told of a step, beside the entry of the ledger it follows from: written with the step, sent afterwards.
CREATE TABLE application_notice (
  org_id BLOB NOT NULL, application_id BLOB NOT NULL, seq INTEGER NOT NULL, notice TEXT NOT NULL, went TEXT NOT NULL,
  due_at INTEGER NOT NULL, went_at INTEGER,
  PRIMARY KEY (org_id, application_id, seq)
) STRICT, WITHOUT ROWID;
