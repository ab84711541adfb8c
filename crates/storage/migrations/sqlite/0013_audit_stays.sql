-- The audit record is appended to and sealed, and never changed (trust.md 9): not by a mistake of the program either. Whoever
-- owns the file can take these away; the chain and its signed heads tell of that.

CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit record stays');
END;
CREATE TRIGGER audit_is_not_changed
  BEFORE UPDATE OF org_id, audit_id, at, actor_kind, actor_id, act, operation_id, subject_kind, subject_id, detail ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit record stays');
END;
CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE OF seq, prev_hash, hash ON audit WHEN old.seq IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'the audit record stays');
END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head BEGIN
  SELECT RAISE(ABORT, 'the audit record stays');
END;
CREATE TRIGGER audit_head_is_not_changed BEFORE UPDATE ON audit_head BEGIN
  SELECT RAISE(ABORT, 'the audit record stays');
END;
