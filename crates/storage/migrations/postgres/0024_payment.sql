-- Payments: one for each benefit of money of an application, numbered within the organisation; the account each goes to, sealed for
-- its applicant; lists of transfers with their lines as they were when they were drawn up; from which account the office pays.
CREATE TABLE payment (
  org_id uuid NOT NULL, payment_no bigint NOT NULL, application_id uuid NOT NULL, round_id uuid NOT NULL, benefit_no bigint NOT NULL,
  state TEXT COLLATE "C" NOT NULL, sending bigint NOT NULL, yen bigint NOT NULL, given_no bigint, made_at bigint NOT NULL, changed_at bigint NOT NULL,
  PRIMARY KEY (org_id, payment_no)
);
CREATE UNIQUE INDEX payment_of ON payment (org_id, application_id, benefit_no);
CREATE INDEX payment_of_round ON payment (org_id, round_id, state, payment_no);
CREATE INDEX payment_by_state ON payment (org_id, state, payment_no);
CREATE TABLE payment_account (
  org_id uuid NOT NULL, payment_no bigint NOT NULL, person_id uuid NOT NULL, sealed bytea NOT NULL, said_by TEXT COLLATE "C" NOT NULL,
  holder TEXT COLLATE "C" NOT NULL, told_at bigint NOT NULL, doubted bigint NOT NULL,
  PRIMARY KEY (org_id, payment_no)
);
CREATE INDEX payment_account_of ON payment_account (org_id, person_id);
CREATE TABLE transfer_run (
  org_id uuid NOT NULL, run_no bigint NOT NULL, state TEXT COLLATE "C" NOT NULL, pay_on TEXT COLLATE "C" NOT NULL, payer TEXT COLLATE "C" NOT NULL, lines bigint NOT NULL,
  yen bigint NOT NULL, digest TEXT COLLATE "C" NOT NULL, proposed_by uuid NOT NULL, proposed_at bigint NOT NULL, released_by uuid, released_at bigint,
  ended_at bigint,
  PRIMARY KEY (org_id, run_no)
);
CREATE TABLE transfer_line (
  org_id uuid NOT NULL, run_no bigint NOT NULL, line_no bigint NOT NULL, payment_no bigint NOT NULL, sending bigint NOT NULL,
  yen bigint NOT NULL, person_id uuid NOT NULL, sealed bytea NOT NULL,
  PRIMARY KEY (org_id, run_no, line_no)
);
CREATE INDEX transfer_line_of ON transfer_line (org_id, person_id);
CREATE INDEX transfer_line_payment ON transfer_line (org_id, payment_no);
CREATE TABLE payer (
  org_id uuid NOT NULL, plan TEXT COLLATE "C" NOT NULL, version bigint NOT NULL, changed_at bigint NOT NULL,
  PRIMARY KEY (org_id)
);
ALTER TABLE payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON payment TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON payment TO tsunagari_app;
ALTER TABLE payment_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_account FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON payment_account TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON payment_account TO tsunagari_app;
ALTER TABLE transfer_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_run FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON transfer_run TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON transfer_run TO tsunagari_app;
ALTER TABLE transfer_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_line FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON transfer_line TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON transfer_line TO tsunagari_app;
ALTER TABLE payer ENABLE ROW LEVEL SECURITY;
ALTER TABLE payer FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON payer TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON payer TO tsunagari_app;
