-- Why a person is not reached, in the narrow row too (docs/decisions/0006): what speaks against a tie and against each kept
-- contact point as bits, and the purposes a consent was ever given to. What an organisation sets is asked on top of it.

ALTER TABLE person_state ADD COLUMN signs bigint NOT NULL DEFAULT 0;
ALTER TABLE person_state ADD COLUMN begun TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Rows made before say nothing of either: each is due, and until it is made again the facts are asked.
ALTER TABLE person_state NO FORCE ROW LEVEL SECURITY;
UPDATE person_state SET from_at = 1, until_at = 0;
ALTER TABLE person_state FORCE ROW LEVEL SECURITY;
