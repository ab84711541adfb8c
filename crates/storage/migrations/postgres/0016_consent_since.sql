-- Whether anybody had agreed to anything by a moment is asked for every past year that counts nobody.
CREATE INDEX consent_since ON consent (org_id, from_at);
