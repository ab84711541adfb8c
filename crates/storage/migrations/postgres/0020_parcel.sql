-- A notice to an applicant has a number of its own: reminders and questions follow from no entry of a ledger.
ALTER TABLE application_notice RENAME COLUMN seq TO notice_no;
-- Parcels: one for each benefit of an application, numbered within the organisation; where each goes to, sealed for its applicant,
-- and what its recipient answered. What is on the shelf by lots, and which parcel was packed from which; how a round's are sent.
CREATE TABLE parcel (
  org_id uuid NOT NULL, parcel_no bigint NOT NULL, application_id uuid NOT NULL, round_id uuid NOT NULL, benefit_no bigint NOT NULL,
  state TEXT COLLATE "C" NOT NULL, tracking TEXT COLLATE "C" NOT NULL, sending bigint NOT NULL, given_no bigint, made_at bigint NOT NULL, changed_at bigint NOT NULL,
  PRIMARY KEY (org_id, parcel_no)
);
CREATE UNIQUE INDEX parcel_of ON parcel (org_id, application_id, benefit_no);
CREATE INDEX parcel_of_round ON parcel (org_id, round_id, state, parcel_no);
CREATE TABLE parcel_address (
  org_id uuid NOT NULL, parcel_no bigint NOT NULL, person_id uuid NOT NULL, sealed bytea NOT NULL, said_by TEXT COLLATE "C" NOT NULL,
  confirmed_at bigint,
  PRIMARY KEY (org_id, parcel_no)
);
CREATE INDEX parcel_address_of ON parcel_address (org_id, person_id);
CREATE TABLE parcel_word (
  org_id uuid NOT NULL, parcel_no bigint NOT NULL, person_id uuid NOT NULL, sealed bytea NOT NULL, at bigint NOT NULL,
  PRIMARY KEY (org_id, parcel_no)
);
CREATE INDEX parcel_word_of ON parcel_word (org_id, person_id);
CREATE TABLE parcel_lot (
  org_id uuid NOT NULL, round_id uuid NOT NULL, lot_no bigint NOT NULL, good TEXT COLLATE "C" NOT NULL, pieces bigint NOT NULL, best_before TEXT COLLATE "C",
  PRIMARY KEY (org_id, round_id, lot_no)
);
CREATE TABLE parcel_content (
  org_id uuid NOT NULL, parcel_no bigint NOT NULL, sending bigint NOT NULL, lot_no bigint NOT NULL, round_id uuid NOT NULL,
  PRIMARY KEY (org_id, parcel_no, sending, lot_no)
);
CREATE INDEX parcel_content_of ON parcel_content (org_id, round_id, lot_no);
CREATE TABLE round_shipping (
  org_id uuid NOT NULL, round_id uuid NOT NULL, plan TEXT COLLATE "C" NOT NULL, version bigint NOT NULL, changed_at bigint NOT NULL,
  PRIMARY KEY (org_id, round_id)
);
ALTER TABLE parcel ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON parcel TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON parcel TO tsunagari_app;
ALTER TABLE parcel_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel_address FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON parcel_address TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON parcel_address TO tsunagari_app;
ALTER TABLE parcel_word ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel_word FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON parcel_word TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON parcel_word TO tsunagari_app;
ALTER TABLE parcel_lot ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel_lot FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON parcel_lot TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON parcel_lot TO tsunagari_app;
ALTER TABLE parcel_content ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel_content FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON parcel_content TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON parcel_content TO tsunagari_app;
ALTER TABLE round_shipping ENABLE ROW LEVEL SECURITY;
ALTER TABLE round_shipping FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON round_shipping TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON round_shipping TO tsunagari_app;
