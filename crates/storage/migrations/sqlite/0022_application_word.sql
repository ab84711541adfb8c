-- What somebody wrote to the office after they took part, sealed for whoever applied.
CREATE TABLE application_word (
  org_id BLOB NOT NULL, application_id BLOB NOT NULL, person_id BLOB NOT NULL, sealed BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org_id, application_id)
) STRICT;
CREATE INDEX application_word_of ON application_word (org_id, person_id);
