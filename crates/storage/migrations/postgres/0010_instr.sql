-- Where a text begins within another, 0 where it does not: named as SQLite names it, so that one SQL text asks both (docs/decisions/0001).

CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN strpos($1, $2);
