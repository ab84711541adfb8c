-- Finds the few people whose address is protected (支援措置) without reading everybody: every list says how many it does not name.

CREATE INDEX person_protected ON person (org_id, person_id) WHERE address_protected = 1;
