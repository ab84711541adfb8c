-- The sheet of a workbook with several that an import has read; empty where there was one.
ALTER TABLE import_file ADD COLUMN sheet TEXT NOT NULL DEFAULT '';
