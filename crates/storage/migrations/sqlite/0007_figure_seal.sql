-- What a frozen list is sealed by: each entry's mark, and the salt by which the mark is shown to be a person's. Erasure takes
-- the salt with the person and leaves the mark.

ALTER TABLE figure_member ADD COLUMN salt TEXT;
ALTER TABLE figure_member ADD COLUMN mark TEXT NOT NULL DEFAULT '';
