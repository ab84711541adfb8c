-- Of a table that was looked at while it was empty the planner believes that it stays so, every index costs the same, and it may
-- look for one row through another's (decision 11). So no empty table is looked at, and what finds the persons whose row is due
-- cannot be taken for finding one person's row: an organisation is only kept beside the moment, not looked up by.
CREATE OR REPLACE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE it text;
BEGIN
  FOREACH it IN ARRAY ARRAY['person', 'person_gram', 'person_state', 'tie', 'enrolment', 'residence', 'interest', 'contact_point',
    'contact_working', 'contact_confirmed', 'consent', 'guardianship'] LOOP
    IF pg_relation_size(it::regclass) > 0 THEN EXECUTE format('ANALYZE %I', it); END IF;
  END LOOP;
END $$;
DROP INDEX person_state_due;
CREATE INDEX person_state_due ON person_state (until_at) INCLUDE (org_id);
