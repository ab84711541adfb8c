-- Whether anybody had agreed to anything by a moment is asked for every past year that counts nobody. A sum, so that this one
-- question finds by it and no planner takes it for finding what one person agreed to (decision 11).
CREATE INDEX consent_since ON consent (org_id, (from_at + 0));
