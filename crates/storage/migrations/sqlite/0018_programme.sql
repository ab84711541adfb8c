-- Programmes: what is offered, by version of its blueprint and values; its rounds with their venues; applications with what was
-- handed in (sealed) and their ledgers. A ledger is only added to; what stands in the application's row is what its ledger
-- comes to, written with each entry.
CREATE TABLE programme (
  org_id BLOB NOT NULL, programme_id BLOB NOT NULL, slug TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, team_id BLOB,
  version_no INTEGER NOT NULL, created_by BLOB NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, archived_at INTEGER,
  PRIMARY KEY (org_id, programme_id)
) STRICT;
CREATE TABLE programme_version (
  org_id BLOB NOT NULL, programme_id BLOB NOT NULL, version_no INTEGER NOT NULL, blueprint TEXT NOT NULL, chosen TEXT NOT NULL,
  made_by BLOB NOT NULL, made_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, programme_id, version_no)
) STRICT;
CREATE TABLE programme_round (
  org_id BLOB NOT NULL, round_id BLOB NOT NULL, programme_id BLOB NOT NULL, version_no INTEGER NOT NULL, title TEXT NOT NULL,
  fiscal_year INTEGER NOT NULL, edition INTEGER, stage TEXT NOT NULL, opens_at INTEGER NOT NULL, closes_at INTEGER, places INTEGER,
  waiting_list INTEGER, budget_yen INTEGER, also_rule TEXT NOT NULL, note TEXT NOT NULL, created_by BLOB NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL,
  PRIMARY KEY (org_id, round_id)
) STRICT;
CREATE INDEX programme_round_of ON programme_round (org_id, programme_id, fiscal_year);
CREATE INDEX programme_round_open ON programme_round (org_id, stage, opens_at);
CREATE TABLE round_venue (
  org_id BLOB NOT NULL, round_id BLOB NOT NULL, venue_no INTEGER NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
  online_url TEXT NOT NULL, starts_at INTEGER, ends_at INTEGER, places INTEGER,
  PRIMARY KEY (org_id, round_id, venue_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE application (
  org_id BLOB NOT NULL, application_id BLOB NOT NULL, round_id BLOB NOT NULL, programme_id BLOB NOT NULL, fiscal_year INTEGER NOT NULL,
  version_no INTEGER NOT NULL, venue_no INTEGER, receipt TEXT NOT NULL, applicant_id BLOB, beneficiary_id BLOB, household_id BLOB,
  handed_by TEXT NOT NULL, judged TEXT NOT NULL, class TEXT, stands TEXT NOT NULL, wait_order INTEGER, offered_until INTEGER,
  drawn_rank INTEGER, came TEXT, completed INTEGER NOT NULL, standing TEXT NOT NULL, entries INTEGER NOT NULL,
  applied_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, application_id)
) STRICT;
CREATE UNIQUE INDEX application_receipt ON application (org_id, receipt);
CREATE INDEX application_of_round ON application (org_id, round_id, application_id);
CREATE INDEX application_by_place ON application (org_id, round_id, stands, application_id);
CREATE INDEX application_by_applicant ON application (org_id, applicant_id);
CREATE INDEX application_by_beneficiary ON application (org_id, beneficiary_id);
CREATE INDEX application_by_household ON application (org_id, household_id);
CREATE INDEX application_of_programme ON application (org_id, programme_id, fiscal_year);
CREATE TABLE application_paper (
  org_id BLOB NOT NULL, application_id BLOB NOT NULL, person_id BLOB NOT NULL, mark BLOB, sealed BLOB NOT NULL,
  PRIMARY KEY (org_id, application_id)
) STRICT;
CREATE INDEX application_paper_of ON application_paper (org_id, person_id);
CREATE INDEX application_paper_for ON application_paper (org_id, mark);
CREATE TABLE application_draft (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, round_id BLOB NOT NULL, version_no INTEGER NOT NULL, sealed BLOB NOT NULL,
  begun_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, round_id)
) STRICT;
CREATE TABLE ledger_entry (
  org_id BLOB NOT NULL, application_id BLOB NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL,
  by_kind TEXT NOT NULL, by_user BLOB, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, application_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE round_draw (
  org_id BLOB NOT NULL, round_id BLOB NOT NULL, named TEXT NOT NULL, commitment TEXT NOT NULL, seed_sealed TEXT NOT NULL,
  list TEXT NOT NULL, list_hash TEXT NOT NULL, places INTEGER NOT NULL, draw_key TEXT NOT NULL, prepared_at INTEGER NOT NULL,
  frozen_at INTEGER, drawn_at INTEGER, by_user BLOB NOT NULL,
  PRIMARY KEY (org_id, round_id)
) STRICT;
