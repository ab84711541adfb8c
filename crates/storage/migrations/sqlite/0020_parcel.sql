-- A notice to an applicant has a number of its own: reminders and questions follow from no entry of a ledger.
ALTER TABLE application_notice RENAME COLUMN seq TO notice_no;
-- Parcels: one for each benefit of an application, numbered within the organisation; where each goes to, sealed for its applicant,
-- and what its recipient answered. What is on the shelf by lots, and which parcel was packed from which; how a round's are sent.
CREATE TABLE parcel (
  org_id BLOB NOT NULL, parcel_no INTEGER NOT NULL, application_id BLOB NOT NULL, round_id BLOB NOT NULL, benefit_no INTEGER NOT NULL,
  state TEXT NOT NULL, tracking TEXT NOT NULL, sending INTEGER NOT NULL, given_no INTEGER, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, parcel_no)
) STRICT;
CREATE UNIQUE INDEX parcel_of ON parcel (org_id, application_id, benefit_no);
CREATE INDEX parcel_of_round ON parcel (org_id, round_id, state, parcel_no);
CREATE TABLE parcel_address (
  org_id BLOB NOT NULL, parcel_no INTEGER NOT NULL, person_id BLOB NOT NULL, sealed BLOB NOT NULL, said_by TEXT NOT NULL,
  confirmed_at INTEGER,
  PRIMARY KEY (org_id, parcel_no)
) STRICT;
CREATE INDEX parcel_address_of ON parcel_address (org_id, person_id);
CREATE TABLE parcel_word (
  org_id BLOB NOT NULL, parcel_no INTEGER NOT NULL, person_id BLOB NOT NULL, sealed BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org_id, parcel_no)
) STRICT;
CREATE INDEX parcel_word_of ON parcel_word (org_id, person_id);
CREATE TABLE parcel_lot (
  org_id BLOB NOT NULL, round_id BLOB NOT NULL, lot_no INTEGER NOT NULL, good TEXT NOT NULL, pieces INTEGER NOT NULL, best_before TEXT,
  PRIMARY KEY (org_id, round_id, lot_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE parcel_content (
  org_id BLOB NOT NULL, parcel_no INTEGER NOT NULL, sending INTEGER NOT NULL, lot_no INTEGER NOT NULL, round_id BLOB NOT NULL,
  PRIMARY KEY (org_id, parcel_no, sending, lot_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX parcel_content_of ON parcel_content (org_id, round_id, lot_no);
CREATE TABLE round_shipping (
  org_id BLOB NOT NULL, round_id BLOB NOT NULL, plan TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, round_id)
) STRICT, WITHOUT ROWID;
