-- What is true of each person for a span of time that holds now, as one narrow row (docs/decisions/0006): audiences are
-- counted over it. A row is right for the instants [from_at, until_at); the triggers below make it right for none as
-- soon as something it was made of changes, whoever changes it. Then, and for other moments, the facts themselves are asked.

CREATE TABLE person_state (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL,
  merged_into BLOB, birth_date TEXT, locale TEXT NOT NULL,
  cohort INTEGER, life_stage TEXT, prefecture TEXT, ties INTEGER NOT NULL, kept INTEGER NOT NULL,
  line_at INTEGER, email_at INTEGER, phone_at INTEGER, postal_at INTEGER,
  consents TEXT NOT NULL, interests TEXT NOT NULL,
  school_kind TEXT, study_year INTEGER, work_end_fy INTEGER, enrolled INTEGER NOT NULL, high_school BLOB, municipality TEXT,
  PRIMARY KEY (org_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_state_due ON person_state (org_id, until_at);

-- What a list is searched and sorted by, without the person's own row.
DROP INDEX person_scan;
CREATE INDEX person_scan ON person (org_id, person_id, merged_into, erased_at, kana_key, name_key, birth_date, locale, team_id);

INSERT INTO person_state (org_id, person_id, from_at, until_at, merged_into, birth_date, locale, ties, kept, consents, interests, enrolled)
  SELECT org_id, person_id, 1, 0, merged_into, birth_date, locale, 0, 0, '', '', 0 FROM person WHERE erased_at IS NULL;

CREATE TRIGGER person_state_follows AFTER UPDATE OF birth_date, locale, merged_into ON person BEGIN
  UPDATE person_state SET birth_date = NEW.birth_date, locale = NEW.locale, merged_into = NEW.merged_into
    WHERE org_id = NEW.org_id AND person_id = NEW.person_id;
END;
CREATE TRIGGER person_state_erased AFTER UPDATE OF erased_at ON person WHEN NEW.erased_at IS NOT NULL BEGIN
  DELETE FROM person_state WHERE org_id = NEW.org_id AND person_id = NEW.person_id;
END;
CREATE TRIGGER person_state_gone AFTER DELETE ON person BEGIN
  DELETE FROM person_state WHERE org_id = OLD.org_id AND person_id = OLD.person_id;
END;

-- tie
CREATE TRIGGER tie_insert_unsettles AFTER INSERT ON tie BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER tie_update_unsettles AFTER UPDATE ON tie BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER tie_delete_unsettles AFTER DELETE ON tie BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- enrolment
CREATE TRIGGER enrolment_insert_unsettles AFTER INSERT ON enrolment BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER enrolment_update_unsettles AFTER UPDATE ON enrolment BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER enrolment_delete_unsettles AFTER DELETE ON enrolment BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- residence
CREATE TRIGGER residence_insert_unsettles AFTER INSERT ON residence BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER residence_update_unsettles AFTER UPDATE ON residence BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER residence_delete_unsettles AFTER DELETE ON residence BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- interest
CREATE TRIGGER interest_insert_unsettles AFTER INSERT ON interest BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER interest_update_unsettles AFTER UPDATE ON interest BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER interest_delete_unsettles AFTER DELETE ON interest BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- contact_point
CREATE TRIGGER contact_point_insert_unsettles AFTER INSERT ON contact_point BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER contact_point_update_unsettles AFTER UPDATE ON contact_point BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER contact_point_delete_unsettles AFTER DELETE ON contact_point BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- contact_working
CREATE TRIGGER contact_working_insert_unsettles AFTER INSERT ON contact_working BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER contact_working_update_unsettles AFTER UPDATE ON contact_working BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER contact_working_delete_unsettles AFTER DELETE ON contact_working BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- contact_confirmed
CREATE TRIGGER contact_confirmed_insert_unsettles AFTER INSERT ON contact_confirmed BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER contact_confirmed_update_unsettles AFTER UPDATE ON contact_confirmed BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER contact_confirmed_delete_unsettles AFTER DELETE ON contact_confirmed BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;

-- consent
CREATE TRIGGER consent_insert_unsettles AFTER INSERT ON consent BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER consent_update_unsettles AFTER UPDATE ON consent BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = NEW.org_id AND person_id = NEW.person_id AND until_at <> 0;
END;
CREATE TRIGGER consent_delete_unsettles AFTER DELETE ON consent BEGIN
  UPDATE person_state SET from_at = 1, until_at = 0 WHERE org_id = OLD.org_id AND person_id = OLD.person_id AND until_at <> 0;
END;
