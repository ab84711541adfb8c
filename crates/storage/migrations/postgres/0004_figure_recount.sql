-- What a count of a past moment gave when it was last made (docs/decisions/0009): shown beside what was published, with the
-- time it was counted. `basis` is a hash of everything but the people that goes into the count.

CREATE TABLE figure_recount (
  org_id uuid NOT NULL, indicator_id uuid NOT NULL, fiscal_year bigint NOT NULL, as_of_at bigint NOT NULL,
  basis TEXT COLLATE "C" NOT NULL, figure TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, indicator_id, fiscal_year, as_of_at)
);

ALTER TABLE figure_recount ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_recount FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON figure_recount TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON figure_recount TO tsunagari_app;
