-- SQLite is not misled by what it last saw of an empty table; its twin keeps PostgreSQL from it (decision 11).
SELECT 1;
