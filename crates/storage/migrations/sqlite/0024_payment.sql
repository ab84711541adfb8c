-- Payments: one for each benefit of money of an application, numbered within the organisation; the account each goes to, sealed for
-- its applicant; lists of transfers with their lines as they were when they were drawn up; from which account the office pays.
CREATE TABLE payment (
  org_id BLOB NOT NULL, payment_no INTEGER NOT NULL, application_id BLOB NOT NULL, round_id BLOB NOT NULL, benefit_no INTEGER NOT NULL,
  state TEXT NOT NULL, sending INTEGER NOT NULL, yen INTEGER NOT NULL, given_no INTEGER, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, payment_no)
) STRICT;
CREATE UNIQUE INDEX payment_of ON payment (org_id, application_id, benefit_no);
CREATE INDEX payment_of_round ON payment (org_id, round_id, state, payment_no);
CREATE INDEX payment_by_state ON payment (org_id, state, payment_no);
CREATE TABLE payment_account (
  org_id BLOB NOT NULL, payment_no INTEGER NOT NULL, person_id BLOB NOT NULL, sealed BLOB NOT NULL, said_by TEXT NOT NULL,
  holder TEXT NOT NULL, told_at INTEGER NOT NULL, doubted INTEGER NOT NULL,
  PRIMARY KEY (org_id, payment_no)
) STRICT;
CREATE INDEX payment_account_of ON payment_account (org_id, person_id);
CREATE TABLE transfer_run (
  org_id BLOB NOT NULL, run_no INTEGER NOT NULL, state TEXT NOT NULL, pay_on TEXT NOT NULL, payer TEXT NOT NULL, lines INTEGER NOT NULL,
  yen INTEGER NOT NULL, digest TEXT NOT NULL, proposed_by BLOB NOT NULL, proposed_at INTEGER NOT NULL, released_by BLOB, released_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (org_id, run_no)
) STRICT;
CREATE TABLE transfer_line (
  org_id BLOB NOT NULL, run_no INTEGER NOT NULL, line_no INTEGER NOT NULL, payment_no INTEGER NOT NULL, sending INTEGER NOT NULL,
  yen INTEGER NOT NULL, person_id BLOB NOT NULL, sealed BLOB NOT NULL,
  PRIMARY KEY (org_id, run_no, line_no)
) STRICT;
CREATE INDEX transfer_line_of ON transfer_line (org_id, person_id);
CREATE INDEX transfer_line_payment ON transfer_line (org_id, payment_no);
CREATE TABLE payer (
  org_id BLOB NOT NULL, plan TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (org_id)
) STRICT, WITHOUT ROWID;
