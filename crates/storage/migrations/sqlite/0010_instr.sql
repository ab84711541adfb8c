-- SQLite has instr(); its twin gives PostgreSQL one.

SELECT 1;
