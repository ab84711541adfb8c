-- What is true of each person for a span of time that holds now, as one narrow row (docs/decisions/0006): audiences are
-- counted over it. A row is right for the instants [from_at, until_at); the triggers below make it right for none as
-- soon as something it was made of changes, whoever changes it. Then, and for other moments, the facts themselves are asked.

CREATE TABLE person_state (
  org_id uuid NOT NULL, person_id uuid NOT NULL, from_at bigint NOT NULL, until_at bigint NOT NULL,
  merged_into uuid, birth_date TEXT COLLATE "C", locale TEXT COLLATE "C" NOT NULL,
  cohort bigint, life_stage TEXT COLLATE "C", prefecture TEXT COLLATE "C", ties bigint NOT NULL, kept bigint NOT NULL,
  line_at bigint, email_at bigint, phone_at bigint, postal_at bigint,
  consents TEXT COLLATE "C" NOT NULL, interests TEXT COLLATE "C" NOT NULL,
  school_kind TEXT COLLATE "C", study_year bigint, work_end_fy bigint, enrolled bigint NOT NULL, high_school uuid, municipality TEXT COLLATE "C",
  PRIMARY KEY (org_id, person_id)
);
-- Not by organisation first: while nothing is known of the table yet, an index that begins like the key would be taken for
-- looking one person up.
CREATE INDEX person_state_due ON person_state (until_at, org_id);

-- What a list is searched and sorted by, without the person's own row.
DROP INDEX person_scan;
CREATE INDEX person_scan ON person (org_id, person_id, merged_into, erased_at, kana_key, name_key, birth_date, locale, team_id);

-- The owner is under row-level security too; what is there already is entered before it begins for the new table.
ALTER TABLE person NO FORCE ROW LEVEL SECURITY;
INSERT INTO person_state (org_id, person_id, from_at, until_at, merged_into, birth_date, locale, ties, kept, consents, interests, enrolled)
  SELECT org_id, person_id, 1, 0, merged_into, birth_date, locale, 0, 0, '', '', 0 FROM person WHERE erased_at IS NULL;
ALTER TABLE person FORCE ROW LEVEL SECURITY;

ALTER TABLE person_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_state FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON person_state TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON person_state TO tsunagari_app;

CREATE FUNCTION person_state_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM person_state WHERE org_id = OLD.org_id AND person_id = OLD.person_id;
  ELSIF NEW.erased_at IS NOT NULL THEN
    DELETE FROM person_state WHERE org_id = NEW.org_id AND person_id = NEW.person_id;
  ELSE
    UPDATE person_state SET birth_date = NEW.birth_date, locale = NEW.locale, merged_into = NEW.merged_into
      WHERE org_id = NEW.org_id AND person_id = NEW.person_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER person_state_follows AFTER DELETE OR UPDATE OF birth_date, locale, merged_into, erased_at ON person
  FOR EACH ROW EXECUTE FUNCTION person_state_follows();

-- Once for a statement, person by person: the plan is kept from when the table may have been empty, and as one join it could
-- compare every row with every change.
CREATE FUNCTION person_state_unsettles() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE it record;
BEGIN
  FOR it IN SELECT DISTINCT org_id, person_id FROM changed LOOP
    UPDATE person_state SET from_at = 1, until_at = 0
      WHERE org_id = it.org_id AND person_id = it.person_id AND until_at <> 0;
  END LOOP;
  RETURN NULL;
END $$;

-- tie
CREATE TRIGGER tie_insert_unsettles AFTER INSERT ON tie REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER tie_update_old_unsettles AFTER UPDATE ON tie REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER tie_update_new_unsettles AFTER UPDATE ON tie REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER tie_delete_unsettles AFTER DELETE ON tie REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- enrolment
CREATE TRIGGER enrolment_insert_unsettles AFTER INSERT ON enrolment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER enrolment_update_old_unsettles AFTER UPDATE ON enrolment REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER enrolment_update_new_unsettles AFTER UPDATE ON enrolment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER enrolment_delete_unsettles AFTER DELETE ON enrolment REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- residence
CREATE TRIGGER residence_insert_unsettles AFTER INSERT ON residence REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER residence_update_old_unsettles AFTER UPDATE ON residence REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER residence_update_new_unsettles AFTER UPDATE ON residence REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER residence_delete_unsettles AFTER DELETE ON residence REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- interest
CREATE TRIGGER interest_insert_unsettles AFTER INSERT ON interest REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER interest_update_old_unsettles AFTER UPDATE ON interest REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER interest_update_new_unsettles AFTER UPDATE ON interest REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER interest_delete_unsettles AFTER DELETE ON interest REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- contact_point
CREATE TRIGGER contact_point_insert_unsettles AFTER INSERT ON contact_point REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_point_update_old_unsettles AFTER UPDATE ON contact_point REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_point_update_new_unsettles AFTER UPDATE ON contact_point REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_point_delete_unsettles AFTER DELETE ON contact_point REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- contact_working
CREATE TRIGGER contact_working_insert_unsettles AFTER INSERT ON contact_working REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_working_update_old_unsettles AFTER UPDATE ON contact_working REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_working_update_new_unsettles AFTER UPDATE ON contact_working REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_working_delete_unsettles AFTER DELETE ON contact_working REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- contact_confirmed
CREATE TRIGGER contact_confirmed_insert_unsettles AFTER INSERT ON contact_confirmed REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_confirmed_update_old_unsettles AFTER UPDATE ON contact_confirmed REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_confirmed_update_new_unsettles AFTER UPDATE ON contact_confirmed REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER contact_confirmed_delete_unsettles AFTER DELETE ON contact_confirmed REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- consent
CREATE TRIGGER consent_insert_unsettles AFTER INSERT ON consent REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER consent_update_old_unsettles AFTER UPDATE ON consent REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER consent_update_new_unsettles AFTER UPDATE ON consent REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();
CREATE TRIGGER consent_delete_unsettles AFTER DELETE ON consent REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION person_state_unsettles();

-- What the planner knows is refreshed by the tables' owner; the program may ask for it after a load.
CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN
  ANALYZE person; ANALYZE person_gram; ANALYZE person_state; ANALYZE tie; ANALYZE enrolment; ANALYZE residence; ANALYZE interest;
  ANALYZE contact_point; ANALYZE contact_working; ANALYZE contact_confirmed; ANALYZE consent; ANALYZE guardianship;
END $$;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO tsunagari_app, tsunagari_platform;
