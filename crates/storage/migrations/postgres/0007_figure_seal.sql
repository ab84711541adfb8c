-- What a frozen list is sealed by: each entry's mark, and the salt by which the mark is shown to be a person's. Erasure takes
-- the salt with the person and leaves the mark.

ALTER TABLE figure_member ADD COLUMN salt TEXT COLLATE "C";
ALTER TABLE figure_member ADD COLUMN mark TEXT COLLATE "C" NOT NULL DEFAULT '';
