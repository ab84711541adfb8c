-- What a count of a past moment gave when it was last made (docs/decisions/0009): shown beside what was published, with the
-- time it was counted. `basis` is a hash of everything but the people that goes into the count.

CREATE TABLE figure_recount (
  org_id BLOB NOT NULL, indicator_id BLOB NOT NULL, fiscal_year INTEGER NOT NULL, as_of_at INTEGER NOT NULL,
  basis TEXT NOT NULL, figure TEXT NOT NULL,
  PRIMARY KEY (org_id, indicator_id, fiscal_year, as_of_at)
) STRICT, WITHOUT ROWID;
