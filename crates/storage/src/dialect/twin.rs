//! The words in which the two databases differ, where one text cannot serve both (docs/decisions/0001). Leaves opening, locking
//! and everything that needs a connection to `dialect`.

/// What a list in one parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    Texts,
    /// In hexadecimal digits.
    Bytes,
    Ids,
}

/// Which of the two databases speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Twin {
    Sqlite,
    Postgres,
}

impl Twin {
    /// Whether two questions that walk over everybody are answered sooner at once than one after the other: on a server, by the
    /// measurement in docs/benchmarks.md; the file's second connection reads through a cache of its own.
    pub(crate) fn answers_side_by_side(self) -> bool {
        match self {
            Self::Sqlite => false,
            Self::Postgres => true,
        }
    }

    pub(crate) fn of(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }

    /// How an insert of many rows begins. A statement that fails undoes its turn on both databases; SQLite otherwise also keeps
    /// a journal of every page the statement touches, to undo the statement alone.
    pub(crate) fn insert_all(self) -> &'static str {
        self.of("INSERT OR FAIL INTO", "INSERT INTO")
    }

    /// That a column of texts, of bytes or of ids is among those of `sql::list` in parameter `n`: one parameter however many there
    /// are. SQLite looks thousands of numbered ones up one by one in a list, which is quadratic in their number.
    pub(crate) fn among(self, column: &str, n: usize, kind: Listed) -> String {
        let text = match (self, kind) {
            (Self::Sqlite, Listed::Texts) => format!("IN (SELECT value FROM json_each(${n}))"),
            (Self::Sqlite, Listed::Bytes | Listed::Ids) => format!("IN (SELECT unhex(value) FROM json_each(${n}))"),
            (Self::Postgres, Listed::Texts) => format!("= ANY (ARRAY(SELECT json_array_elements_text(${n}::json)))"),
            (Self::Postgres, Listed::Bytes) => {
                format!("= ANY (ARRAY(SELECT decode(it, 'hex') FROM json_array_elements_text(${n}::json) it))")
            }
            (Self::Postgres, Listed::Ids) => {
                format!("= ANY (ARRAY(SELECT it::uuid FROM json_array_elements_text(${n}::json) it))")
            }
        };
        format!("{column} {text}")
    }

    /// Writes the mark of parameter `n` of a statement whose parameters stand in order, once each.
    pub(crate) fn parameter(self, sql: &mut String, n: usize) {
        match self {
            Self::Sqlite => sql.push('?'),
            Self::Postgres => {
                sql.push('$');
                sql.push_str(&n.to_string());
            }
        }
    }

    /// What a fresh database needs before its first migration: the two roles without rights of their own.
    pub(crate) fn ground(self) -> &'static str {
        self.of(
            "",
            "DO $$ BEGIN \
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tsunagari_app') THEN CREATE ROLE tsunagari_app NOLOGIN; END IF; \
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tsunagari_platform') THEN CREATE ROLE tsunagari_platform NOLOGIN; END IF; \
             END $$;",
        )
    }

    /// The SQL that tells whether the table of migrations exists: one row with `n`.
    pub(crate) fn has_ledger(self) -> &'static str {
        self.of(
            "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
            "SELECT count(*) AS n FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'",
        )
    }
}
