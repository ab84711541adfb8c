//! The only SQL: migrations, store, readers, writers, rule to SQL.
