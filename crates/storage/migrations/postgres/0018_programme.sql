-- Programmes: what is offered, by version of its blueprint and values; its rounds with their venues; applications with what was
-- handed in (sealed) and their ledgers. A ledger is only added to; what stands in the application's row is what its ledger
-- comes to, written with each entry.
CREATE TABLE programme (
  org_id uuid NOT NULL, programme_id uuid NOT NULL, slug TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, title TEXT COLLATE "C" NOT NULL, team_id uuid,
  version_no bigint NOT NULL, created_by uuid NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL, archived_at bigint,
  PRIMARY KEY (org_id, programme_id)
);
CREATE TABLE programme_version (
  org_id uuid NOT NULL, programme_id uuid NOT NULL, version_no bigint NOT NULL, blueprint TEXT COLLATE "C" NOT NULL, chosen TEXT COLLATE "C" NOT NULL,
  made_by uuid NOT NULL, made_at bigint NOT NULL,
  PRIMARY KEY (org_id, programme_id, version_no)
);
CREATE TABLE programme_round (
  org_id uuid NOT NULL, round_id uuid NOT NULL, programme_id uuid NOT NULL, version_no bigint NOT NULL, title TEXT COLLATE "C" NOT NULL,
  fiscal_year bigint NOT NULL, edition bigint, stage TEXT COLLATE "C" NOT NULL, opens_at bigint NOT NULL, closes_at bigint, places bigint,
  waiting_list bigint, budget_yen bigint, also_rule TEXT COLLATE "C" NOT NULL, note TEXT COLLATE "C" NOT NULL, created_by uuid NOT NULL,
  created_at bigint NOT NULL, updated_at bigint NOT NULL, version bigint NOT NULL,
  PRIMARY KEY (org_id, round_id)
);
CREATE INDEX programme_round_of ON programme_round (org_id, programme_id, fiscal_year);
CREATE INDEX programme_round_open ON programme_round (org_id, stage, opens_at);
CREATE TABLE round_venue (
  org_id uuid NOT NULL, round_id uuid NOT NULL, venue_no bigint NOT NULL, name TEXT COLLATE "C" NOT NULL, address TEXT COLLATE "C" NOT NULL,
  online_url TEXT COLLATE "C" NOT NULL, starts_at bigint, ends_at bigint, places bigint,
  PRIMARY KEY (org_id, round_id, venue_no)
);
CREATE TABLE application (
  org_id uuid NOT NULL, application_id uuid NOT NULL, round_id uuid NOT NULL, programme_id uuid NOT NULL, fiscal_year bigint NOT NULL,
  version_no bigint NOT NULL, venue_no bigint, receipt TEXT COLLATE "C" NOT NULL, applicant_id uuid, beneficiary_id uuid, household_id uuid,
  handed_by TEXT COLLATE "C" NOT NULL, judged TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C", stands TEXT COLLATE "C" NOT NULL, wait_order bigint, offered_until bigint,
  drawn_rank bigint, came TEXT COLLATE "C", completed bigint NOT NULL, standing TEXT COLLATE "C" NOT NULL, entries bigint NOT NULL,
  applied_at bigint NOT NULL, changed_at bigint NOT NULL,
  PRIMARY KEY (org_id, application_id)
);
CREATE UNIQUE INDEX application_receipt ON application (org_id, receipt);
CREATE INDEX application_of_round ON application (org_id, round_id, application_id);
CREATE INDEX application_by_place ON application (org_id, round_id, stands, application_id);
CREATE INDEX application_by_applicant ON application (org_id, applicant_id);
CREATE INDEX application_by_beneficiary ON application (org_id, beneficiary_id);
CREATE INDEX application_by_household ON application (org_id, household_id);
CREATE INDEX application_of_programme ON application (org_id, programme_id, fiscal_year);
CREATE TABLE application_paper (
  org_id uuid NOT NULL, application_id uuid NOT NULL, person_id uuid NOT NULL, mark bytea, sealed bytea NOT NULL,
  PRIMARY KEY (org_id, application_id)
);
CREATE INDEX application_paper_of ON application_paper (org_id, person_id);
CREATE INDEX application_paper_for ON application_paper (org_id, mark);
CREATE TABLE application_draft (
  org_id uuid NOT NULL, person_id uuid NOT NULL, round_id uuid NOT NULL, version_no bigint NOT NULL, sealed bytea NOT NULL,
  begun_at bigint NOT NULL, changed_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, round_id)
);
CREATE TABLE ledger_entry (
  org_id uuid NOT NULL, application_id uuid NOT NULL, seq bigint NOT NULL, at bigint NOT NULL, kind TEXT COLLATE "C" NOT NULL, event TEXT COLLATE "C" NOT NULL,
  by_kind TEXT COLLATE "C" NOT NULL, by_user uuid, recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, application_id, seq)
);
ALTER TABLE programme ENABLE ROW LEVEL SECURITY;
ALTER TABLE programme FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON programme TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON programme TO tsunagari_app;
ALTER TABLE programme_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE programme_version FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON programme_version TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON programme_version TO tsunagari_app;
ALTER TABLE programme_round ENABLE ROW LEVEL SECURITY;
ALTER TABLE programme_round FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON programme_round TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON programme_round TO tsunagari_app;
ALTER TABLE round_venue ENABLE ROW LEVEL SECURITY;
ALTER TABLE round_venue FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON round_venue TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON round_venue TO tsunagari_app;
ALTER TABLE application ENABLE ROW LEVEL SECURITY;
ALTER TABLE application FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON application TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON application TO tsunagari_app;
ALTER TABLE application_paper ENABLE ROW LEVEL SECURITY;
ALTER TABLE application_paper FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON application_paper TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON application_paper TO tsunagari_app;
ALTER TABLE application_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE application_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON application_draft TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON application_draft TO tsunagari_app;
ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON ledger_entry TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_entry TO tsunagari_app;
CREATE TABLE round_draw (
  org_id uuid NOT NULL, round_id uuid NOT NULL, named TEXT COLLATE "C" NOT NULL, commitment TEXT COLLATE "C" NOT NULL, seed_sealed TEXT COLLATE "C" NOT NULL,
  list TEXT COLLATE "C" NOT NULL, list_hash TEXT COLLATE "C" NOT NULL, places bigint NOT NULL, draw_key TEXT COLLATE "C" NOT NULL, prepared_at bigint NOT NULL,
  frozen_at bigint, drawn_at bigint, by_user uuid NOT NULL,
  PRIMARY KEY (org_id, round_id)
);
ALTER TABLE round_draw ENABLE ROW LEVEL SECURITY;
ALTER TABLE round_draw FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON round_draw TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON round_draw TO tsunagari_app;
