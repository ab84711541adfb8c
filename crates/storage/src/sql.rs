//! The thin layer between plain SQL and the two drivers: arguments, rows, and running one statement.
//!
//! One SQL text with numbered parameters (`$1`, `$2` …) runs on both databases (docs/decisions/0001). This is the only
//! file in which text that was put together at run time is declared safe: such text comes from the rule compiler and
//! from the chunked insert below, both of which write parameters, never values. What differs between the databases
//! beyond that lives in `dialect`.

use std::pin::Pin;

use chrono::NaiveDate;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::SqliteRow;
use sqlx::{
    Arguments, AssertSqlSafe, Database, Encode, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection, Type,
};
use tsunagari_kernel::{Span, Timestamp};
use uuid::Uuid;

use crate::dialect::Twin;
use crate::error::StorageError;

/// One value bound to a statement. Every variant is typed also when it is empty, because PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Whole numbers, instants (µs), flags (0/1), yen.
    Int(Option<i64>),
    /// Texts, codes, civil dates (ISO), JSON.
    Text(Option<String>),
    /// Ids.
    Id(Option<Uuid>),
    /// Sealed values and hashes.
    Bytes(Option<Vec<u8>>),
}

/// PostgreSQL refuses a text with the character NUL, SQLite keeps it: both get the sign for what cannot be read instead, so
/// that an address or a form with it is an unknown one like others, not a failure.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

macro_rules! arg_from {
    ($($from:ty => $variant:ident($value:ident) $make:expr;)+) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self {
                Self::$variant(Some($make))
            }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|$value| $make))
            }
        }
    )+};
}
arg_from! {
    i64 => Int(v) v;
    i32 => Int(v) i64::from(v);
    u32 => Int(v) i64::from(v);
    u8 => Int(v) i64::from(v);
    bool => Int(v) i64::from(v);
    Timestamp => Int(v) v.micros();
    tsunagari_kernel::Yen => Int(v) v.0;
    tsunagari_kernel::FiscalYear => Int(v) i64::from(v.0);
    &str => Text(v) storable(v.to_owned());
    String => Text(v) storable(v);
    &String => Text(v) storable(v.clone());
    NaiveDate => Text(v) v.format("%Y-%m-%d").to_string();
    tsunagari_kernel::MunicipalityCode => Text(v) v.to_string();
    Uuid => Id(v) v;
    Vec<u8> => Bytes(v) v;
    &[u8] => Bytes(v) v.to_vec();
}
macro_rules! arg_from_ids {
    ($($(#[$doc:meta])* $id:ident),+ $(,)?) => { arg_from! { $(tsunagari_kernel::$id => Id(v) v.0;)+ } };
}
tsunagari_kernel::each_id!(arg_from_ids);

/// Builds the argument list of a statement: `args![person, "info", now]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::Arg::from($value)),*] };
}

/// One row of an answer from either database; columns by name.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

type Got<T> = Result<T, StorageError>;

impl Row {
    /// A whole number that may be empty. PostgreSQL's four-byte literals are widened.
    pub fn opt_int(&self, column: &str) -> Got<Option<i64>> {
        match self {
            Self::Sqlite(row) => row.try_get::<Option<i64>, _>(column).map_err(StorageError::from),
            Self::Postgres(row) => row
                .try_get::<Option<i64>, _>(column)
                .or_else(|_| row.try_get::<Option<i32>, _>(column).map(|n| n.map(i64::from)))
                .map_err(StorageError::from),
        }
    }

    /// A text that may be empty.
    pub fn opt_text(&self, column: &str) -> Got<Option<String>> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(StorageError::from)
    }

    /// An id that may be empty.
    pub fn opt_uuid(&self, column: &str) -> Got<Option<Uuid>> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(StorageError::from)
    }

    /// Bytes that may be empty.
    pub fn opt_bytes(&self, column: &str) -> Got<Option<Vec<u8>>> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(StorageError::from)
    }

    /// A whole number.
    pub fn int(&self, column: &str) -> Got<i64> {
        self.opt_int(column)?.ok_or_else(|| StorageError::empty(column))
    }

    /// A text.
    pub fn text(&self, column: &str) -> Got<String> {
        self.opt_text(column)?.ok_or_else(|| StorageError::empty(column))
    }

    /// Bytes.
    pub fn bytes(&self, column: &str) -> Got<Vec<u8>> {
        self.opt_bytes(column)?.ok_or_else(|| StorageError::empty(column))
    }

    /// An id of a noun.
    pub fn id<T: From<Uuid>>(&self, column: &str) -> Got<T> {
        self.opt_id(column)?.ok_or_else(|| StorageError::empty(column))
    }

    /// An id of a noun that may be empty.
    pub fn opt_id<T: From<Uuid>>(&self, column: &str) -> Got<Option<T>> {
        Ok(self.opt_uuid(column)?.map(T::from))
    }

    /// A flag.
    pub fn flag(&self, column: &str) -> Got<bool> {
        Ok(self.int(column)? != 0)
    }

    /// An instant.
    pub fn instant(&self, column: &str) -> Got<Timestamp> {
        self.int(column).map(Timestamp::from_micros)
    }

    /// An instant that may be empty.
    pub fn opt_instant(&self, column: &str) -> Got<Option<Timestamp>> {
        Ok(self.opt_int(column)?.map(Timestamp::from_micros))
    }

    /// A civil date.
    pub fn date(&self, column: &str) -> Got<NaiveDate> {
        self.opt_date(column)?.ok_or_else(|| StorageError::empty(column))
    }

    /// A civil date that may be empty.
    pub fn opt_date(&self, column: &str) -> Got<Option<NaiveDate>> {
        self.opt_text(column)?
            .map(|text| {
                NaiveDate::parse_from_str(&text, "%Y-%m-%d")
                    .map_err(|_| StorageError::Unreadable { column: column.to_owned(), value: text })
            })
            .transpose()
    }

    /// A code that a domain type reads from its stored text.
    pub fn code<T: std::str::FromStr>(&self, column: &str) -> Got<T> {
        let text = self.text(column)?;
        text.parse().map_err(|_| StorageError::Unreadable { column: column.to_owned(), value: text })
    }

    /// A code that may be empty.
    pub fn opt_code<T: std::str::FromStr>(&self, column: &str) -> Got<Option<T>> {
        match self.opt_text(column)? {
            Some(_) => self.code(column).map(Some),
            None => Ok(None),
        }
    }

    /// A whole number of a narrower type.
    pub fn small<T: TryFrom<i64>>(&self, column: &str) -> Got<T> {
        let n = self.int(column)?;
        T::try_from(n).map_err(|_| StorageError::Unreadable { column: column.to_owned(), value: n.to_string() })
    }

    /// Two columns of civil days as a half-open span.
    pub fn days(&self, from: &str, until: &str) -> Got<Span<NaiveDate>> {
        Ok(Span { from: self.date(from)?, until: self.opt_date(until)? })
    }

    /// Two columns of instants as a half-open span.
    pub fn instants(&self, from: &str, until: &str) -> Got<Span<Timestamp>> {
        Ok(Span { from: self.instant(from)?, until: self.opt_instant(until)? })
    }

    /// A JSON text read into a type.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Got<T> {
        let text = self.text(column)?;
        serde_json::from_str(&text)
            .map_err(|error| StorageError::Unreadable { column: column.to_owned(), value: error.to_string() })
    }
}

/// A borrowed connection of either kind.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// What is asked of the database and not yet answered, its type forgotten: without that, the compiler walks through the whole
/// driver for each page and act that asks something, and takes twice as long.
pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = Got<T>> + Send + 'a>>;

/// The arguments as a driver takes them.
fn bound<D: Database>(args: Vec<Arg>) -> Got<D::Arguments>
where
    Option<i64>: for<'q> Encode<'q, D> + Type<D>,
    Option<String>: for<'q> Encode<'q, D> + Type<D>,
    Option<Uuid>: for<'q> Encode<'q, D> + Type<D>,
    Option<Vec<u8>>: for<'q> Encode<'q, D> + Type<D>,
{
    let mut bound = D::Arguments::default();
    for arg in args {
        match arg {
            Arg::Int(v) => bound.add(v),
            Arg::Text(v) => bound.add(v),
            Arg::Id(v) => bound.add(v),
            Arg::Bytes(v) => bound.add(v),
        }
        .map_err(|error| StorageError::Broken(error.to_string()))?;
    }
    Ok(bound)
}

impl Conn<'_> {
    /// Runs one statement and gives the number of rows it touched.
    pub(crate) fn exec<'a>(&'a mut self, sql: &'a str, args: Vec<Arg>) -> Pending<'a, u64> {
        Box::pin(async move {
            let done = match self {
                Self::Sqlite(conn) => sqlx::query_with(AssertSqlSafe(sql), bound::<Sqlite>(args)?)
                    .execute(&mut **conn)
                    .await?
                    .rows_affected(),
                Self::Postgres(conn) => sqlx::query_with(AssertSqlSafe(sql), bound::<Postgres>(args)?)
                    .execute(&mut **conn)
                    .await?
                    .rows_affected(),
            };
            Ok(done)
        })
    }

    /// Runs one statement and gives all its rows.
    pub(crate) fn rows<'a>(&'a mut self, sql: &'a str, args: Vec<Arg>) -> Pending<'a, Vec<Row>> {
        Box::pin(async move {
            match self {
                Self::Sqlite(conn) => Ok(sqlx::query_with(AssertSqlSafe(sql), bound::<Sqlite>(args)?)
                    .fetch_all(&mut **conn)
                    .await?
                    .into_iter()
                    .map(Row::Sqlite)
                    .collect()),
                Self::Postgres(conn) => Ok(sqlx::query_with(AssertSqlSafe(sql), bound::<Postgres>(args)?)
                    .fetch_all(&mut **conn)
                    .await?
                    .into_iter()
                    .map(Row::Postgres)
                    .collect()),
            }
        })
    }

    /// Runs several statements without arguments (migrations, settings of a connection).
    pub(crate) async fn script(&mut self, sql: &str) -> Got<()> {
        match self {
            Self::Sqlite(conn) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **conn).await.map(|_| ()),
            Self::Postgres(conn) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **conn).await.map(|_| ()),
        }
        .map_err(StorageError::from)
    }
}

/// One column of many rows as an array parameter with its type's name; `None` when the rows do not agree in the type.
fn column(rows: &[Vec<Arg>], index: usize, bound: &mut PgArguments) -> Got<Option<&'static str>> {
    let broken = |error: sqlx::error::BoxDynError| StorageError::Broken(error.to_string());
    macro_rules! of {
        ($variant:ident, $name:literal) => {{
            let mut all = Vec::with_capacity(rows.len());
            for row in rows {
                let Some(Arg::$variant(value)) = row.get(index) else { return Ok(None) };
                all.push(value.clone());
            }
            bound.add(all).map_err(broken)?;
            Ok(Some($name))
        }};
    }
    match rows.first().and_then(|row| row.get(index)) {
        Some(Arg::Int(_)) => of!(Int, "bigint[]"),
        Some(Arg::Text(_)) => of!(Text, "text[]"),
        Some(Arg::Id(_)) => of!(Id, "uuid[]"),
        Some(Arg::Bytes(_)) => of!(Bytes, "bytea[]"),
        None => Ok(None),
    }
}

impl Conn<'_> {
    /// Inserts many rows on PostgreSQL by one array for each column, which it reads several times faster than as many
    /// parameters; the organisation is said once. Whether that was possible.
    pub(crate) async fn insert_arrays(
        &mut self,
        table: &str,
        columns: &[&str],
        org: Uuid,
        rows: &[Vec<Arg>],
        suffix: &str,
    ) -> Got<bool> {
        let Self::Postgres(conn) = self else { return Ok(false) };
        let mut bound = PgArguments::default();
        bound.add(org).map_err(|error| StorageError::Broken(error.to_string()))?;
        let mut arrays = Vec::with_capacity(columns.len());
        for index in 0..columns.len() {
            let Some(of) = column(rows, index, &mut bound)? else { return Ok(false) };
            arrays.push(format!("${}::{of}", index + 2));
        }
        let sql = format!(
            "INSERT INTO {table} (org_id, {}) SELECT $1, u.* FROM unnest({}) u {suffix}",
            columns.join(", "),
            arrays.join(", ")
        );
        let asked: Pending<'_, bool> = Box::pin(async move {
            sqlx::query_with(AssertSqlSafe(sql), bound).execute(&mut **conn).await?;
            Ok(true)
        });
        asked.await
    }
}

/// The most parameters one statement may carry (SQLite's limit, which is the smaller one).
pub(crate) const MAX_PARAMETERS: usize = 32_000;

/// Rows that are as well written as parameters, and as many as there are.
pub(crate) const FEW: usize = 20;

/// How many of the rows left the next statement inserts, of at most `most`. Few as they are, many by powers of two: so few
/// texts that each is prepared once and kept.
pub(crate) fn rows_of_statement(left: usize, most: usize) -> usize {
    let n = left.min(most.max(1));
    if n <= FEW { n } else { 1 << n.ilog2() }
}

/// The text of a multi-row insert: `INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) suffix`. SQLite gets plain `?`: it looks
/// numbered parameters up one by one in a list, which is quadratic in their number.
pub(crate) fn insert_text(twin: Twin, table: &str, columns: &[&str], rows: usize, suffix: &str) -> String {
    let into = if suffix.is_empty() { twin.insert_all() } else { "INSERT INTO" };
    let mut sql = format!("{into} {table} ({}) VALUES ", columns.join(", "));
    let mut n = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            n += 1;
            if column > 0 {
                sql.push_str(", ");
            }
            twin.parameter(&mut sql, n);
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(suffix);
    sql
}

/// At the end of an inner SELECT: keeps what is inside from being worked into what is around it, where a database would ask
/// its conditions again for every step outside.
pub(crate) const FENCE: &str = "LIMIT 9223372036854775807";

/// Values as one parameter, for `Twin::among`.
pub(crate) fn list(values: impl IntoIterator<Item = impl AsRef<str>>) -> Arg {
    let values: Vec<serde_json::Value> = values.into_iter().map(|it| it.as_ref().into()).collect();
    Arg::from(serde_json::Value::Array(values).to_string())
}

/// `($from, $from+1, …)` for an IN list of `n` values.
pub(crate) fn placeholders(from: usize, n: usize) -> String {
    let list: Vec<String> = (from..from + n).map(|i| format!("${i}")).collect();
    format!("({})", list.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn statements_cover_every_row_in_few_sizes() {
        let mut sizes = BTreeSet::new();
        for (rows, most) in (1..2_500).flat_map(|rows| [(rows, 1), (rows, 250), (rows, 1_333)]) {
            let mut left = rows;
            while left > 0 {
                let n = rows_of_statement(left, most);
                assert!(n >= 1 && n <= left && n <= most, "{n} of {left}, at most {most}");
                sizes.insert(n);
                left -= n;
            }
        }
        assert!(sizes.len() <= FEW + 8, "{sizes:?}");
    }
}
