//! Numbered twin migrations, one transaction each, and the version gate: an older program refuses a newer schema.
//! To add one: the same numbered name in `migrations/sqlite` and `migrations/postgres`, and a line in `TWINS`.
//! Leaves the snapshot before migrating to the command that calls this.

use crate::dialect::{Location, NO_ARGS, Owner, count_of};
use crate::error::StorageError;
use crate::sql::Conn;

/// Number, name, and the two texts of every migration, oldest first.
const TWINS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "foundation",
        include_str!("../migrations/sqlite/0001_foundation.sql"),
        include_str!("../migrations/postgres/0001_foundation.sql"),
    ),
    (
        2,
        "person_state",
        include_str!("../migrations/sqlite/0002_person_state.sql"),
        include_str!("../migrations/postgres/0002_person_state.sql"),
    ),
    (
        3,
        "person_signs",
        include_str!("../migrations/sqlite/0003_person_signs.sql"),
        include_str!("../migrations/postgres/0003_person_signs.sql"),
    ),
    (
        4,
        "figure_recount",
        include_str!("../migrations/sqlite/0004_figure_recount.sql"),
        include_str!("../migrations/postgres/0004_figure_recount.sql"),
    ),
    (
        5,
        "test_recipient",
        include_str!("../migrations/sqlite/0005_test_recipient.sql"),
        include_str!("../migrations/postgres/0005_test_recipient.sql"),
    ),
    (
        6,
        "figure_withdrawal",
        include_str!("../migrations/sqlite/0006_figure_withdrawal.sql"),
        include_str!("../migrations/postgres/0006_figure_withdrawal.sql"),
    ),
    (
        7,
        "figure_seal",
        include_str!("../migrations/sqlite/0007_figure_seal.sql"),
        include_str!("../migrations/postgres/0007_figure_seal.sql"),
    ),
    (
        8,
        "figure_withdrawn_by",
        include_str!("../migrations/sqlite/0008_figure_withdrawn_by.sql"),
        include_str!("../migrations/postgres/0008_figure_withdrawn_by.sql"),
    ),
    (
        9,
        "person_protected",
        include_str!("../migrations/sqlite/0009_person_protected.sql"),
        include_str!("../migrations/postgres/0009_person_protected.sql"),
    ),
    (
        10,
        "instr",
        include_str!("../migrations/sqlite/0010_instr.sql"),
        include_str!("../migrations/postgres/0010_instr.sql"),
    ),
    (
        11,
        "link_id",
        include_str!("../migrations/sqlite/0011_link_id.sql"),
        include_str!("../migrations/postgres/0011_link_id.sql"),
    ),
    (
        12,
        "past_policy",
        include_str!("../migrations/sqlite/0012_past_policy.sql"),
        include_str!("../migrations/postgres/0012_past_policy.sql"),
    ),
    (
        13,
        "audit_stays",
        include_str!("../migrations/sqlite/0013_audit_stays.sql"),
        include_str!("../migrations/postgres/0013_audit_stays.sql"),
    ),
    (
        14,
        "occupation",
        include_str!("../migrations/sqlite/0014_occupation.sql"),
        include_str!("../migrations/postgres/0014_occupation.sql"),
    ),
    (
        15,
        "import_sheet",
        include_str!("../migrations/sqlite/0015_import_sheet.sql"),
        include_str!("../migrations/postgres/0015_import_sheet.sql"),
    ),
    (
        16,
        "consent_since",
        include_str!("../migrations/sqlite/0016_consent_since.sql"),
        include_str!("../migrations/postgres/0016_consent_since.sql"),
    ),
    (
        17,
        "seen_empty",
        include_str!("../migrations/sqlite/0017_seen_empty.sql"),
        include_str!("../migrations/postgres/0017_seen_empty.sql"),
    ),
    (
        18,
        "programme",
        include_str!("../migrations/sqlite/0018_programme.sql"),
        include_str!("../migrations/postgres/0018_programme.sql"),
    ),
    (
        19,
        "application_notice",
        include_str!("../migrations/sqlite/0019_application_notice.sql"),
        include_str!("../migrations/postgres/0019_application_notice.sql"),
    ),
    (
        20,
        "parcel",
        include_str!("../migrations/sqlite/0020_parcel.sql"),
        include_str!("../migrations/postgres/0020_parcel.sql"),
    ),
    (
        21,
        "round_door",
        include_str!("../migrations/sqlite/0021_round_door.sql"),
        include_str!("../migrations/postgres/0021_round_door.sql"),
    ),
    (
        22,
        "application_word",
        include_str!("../migrations/sqlite/0022_application_word.sql"),
        include_str!("../migrations/postgres/0022_application_word.sql"),
    ),
    (
        23,
        "outcome",
        include_str!("../migrations/sqlite/0023_outcome.sql"),
        include_str!("../migrations/postgres/0023_outcome.sql"),
    ),
    (
        24,
        "payment",
        include_str!("../migrations/sqlite/0024_payment.sql"),
        include_str!("../migrations/postgres/0024_payment.sql"),
    ),
];

/// What the schema is and what it would become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The newest migration applied; 0 for an empty database.
    pub at: i64,
    /// The newest this program knows.
    pub known: i64,
}

impl Standing {
    /// Whether this program knows what is there.
    ///
    /// # Errors
    /// The schema is a newer program's.
    pub fn known_here(self) -> Result<(), StorageError> {
        refuse_newer(self.at)
    }
}

/// The newest migration this program knows.
pub fn newest() -> i64 {
    TWINS.last().map_or(0, |twin| twin.0)
}

/// Looks at a database without changing it (its file is created when missing).
///
/// # Errors
/// No connection.
pub async fn standing(owner: &Location) -> Result<Standing, StorageError> {
    let mut owner = Owner::connect(owner).await?;
    let at = applied(&mut owner).await?;
    owner.close().await?;
    Ok(Standing { at, known: newest() })
}

/// Applies what is missing. On PostgreSQL the location is the owner's.
///
/// # Errors
/// A newer schema than this program knows, or a migration that failed (then that one left nothing behind).
pub async fn migrate(owner: &Location, applied_at: i64) -> Result<Standing, StorageError> {
    migrate_to(owner, applied_at, newest()).await
}

/// The same, up to a migration: what an older program left.
pub(crate) async fn migrate_to(owner: &Location, applied_at: i64, last: i64) -> Result<Standing, StorageError> {
    let mut owner = Owner::connect(owner).await?;
    let at = applied(&mut owner).await?;
    refuse_newer(at)?;
    for (number, name, sqlite, postgres) in TWINS.iter().filter(|twin| twin.0 > at && twin.0 <= last) {
        let mut conn = owner.conn();
        let twin = conn.is_file();
        conn.lock_schema().await?;
        let result = async {
            conn.script(twin.ground()).await?;
            conn.script(
                "CREATE TABLE IF NOT EXISTS schema_version (number bigint PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)",
            )
            .await?;
            conn.script(twin.of(sqlite, postgres)).await?;
            conn.script(twin.of("", "GRANT SELECT ON schema_version TO tsunagari_app, tsunagari_platform")).await?;
            conn.exec("INSERT INTO schema_version (number, name, applied_at) VALUES ($1, $2, $3)", crate::args![*number, *name, applied_at])
                .await
        }
        .await;
        match result {
            Ok(_) => conn.script("COMMIT").await?,
            Err(error) => {
                let _ = conn.script("ROLLBACK").await;
                return Err(StorageError::Version(format!(
                    "migration {number} ({name}) failed and left nothing behind: {error}"
                )));
            }
        }
    }
    owner.close().await?;
    Ok(Standing { at: last, known: newest() })
}

async fn applied(owner: &mut Owner) -> Result<i64, StorageError> {
    let mut conn = owner.conn();
    let twin = conn.is_file();
    if count_of(&conn.rows(twin.has_ledger(), NO_ARGS).await?)? == 0 {
        return Ok(0);
    }
    count_of(&conn.rows("SELECT coalesce(max(number), 0) AS n FROM schema_version", NO_ARGS).await?)
}

fn refuse_newer(at: i64) -> Result<(), StorageError> {
    if at > newest() {
        return Err(StorageError::Version(format!(
            "the database is at schema {at}, this program knows schema {}; start the newer program, or restore the snapshot taken before the upgrade",
            newest()
        )));
    }
    Ok(())
}

/// The version gate of `Store::open`.
pub(crate) async fn require_current(mut conn: Conn<'_>) -> Result<(), StorageError> {
    let rows = conn.rows("SELECT coalesce(max(number), 0) AS n FROM schema_version", NO_ARGS).await;
    let at = match rows {
        Ok(rows) => count_of(&rows)?,
        Err(_) => 0,
    };
    refuse_newer(at)?;
    if at < newest() {
        return Err(StorageError::Version(format!(
            "the database is at schema {at}, this program needs {}; run `tsunagari migrate`",
            newest()
        )));
    }
    Ok(())
}

/// Whether a database file is sound, page by page; it is not changed.
///
/// # Errors
/// The first thing that is wrong with it.
pub async fn check_file(file: &std::path::Path) -> Result<(), StorageError> {
    let mut owner = Owner::connect(&Location::File(file.to_owned())).await?;
    let rows = owner.conn().rows("PRAGMA integrity_check", NO_ARGS).await?;
    owner.close().await?;
    match rows.first().map(|row| row.text("integrity_check")).transpose()?.as_deref() {
        Some("ok") => Ok(()),
        Some(wrong) => Err(StorageError::Broken(wrong.to_owned())),
        None => Err(StorageError::Broken("the check gave no answer".to_owned())),
    }
}

/// Copies the file of an embedded database before its schema changes.
///
/// # Errors
/// The copy cannot be written.
pub async fn snapshot_file(owner: &Location, to: &std::path::Path) -> Result<(), StorageError> {
    let mut owner = Owner::connect(owner).await?;
    let quoted = to.to_string_lossy().replace('\'', "''");
    owner.conn().script(&format!("VACUUM INTO '{quoted}'")).await?;
    owner.close().await
}
