-- The audit record is appended to and sealed, and never changed (trust.md 9): not by a mistake of the program either. Whoever
-- owns the tables can take this away; the chain and its signed heads tell of that.

REVOKE UPDATE, DELETE ON audit FROM tsunagari_app;
GRANT UPDATE (seq, prev_hash, hash) ON audit TO tsunagari_app;
REVOKE UPDATE, DELETE ON audit_head FROM tsunagari_app;
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit record stays';
END
$$;
CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE ON audit FOR EACH ROW WHEN (OLD.seq IS NOT NULL) EXECUTE FUNCTION audit_stays();
