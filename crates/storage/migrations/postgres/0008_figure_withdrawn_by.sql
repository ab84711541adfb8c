-- Who withdrew a published figure; nothing for those withdrawn before.

ALTER TABLE figure ADD COLUMN withdrawn_by uuid;
