-- Why a published figure was withdrawn: it stays readable, and says so.

ALTER TABLE figure ADD COLUMN withdrawn_note TEXT NOT NULL DEFAULT '';
