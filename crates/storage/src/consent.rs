//! Consents: giving and withdrawing them. Leaves who may give one to acts and reading with the person to `person_record`.

use tsunagari_kernel::{ConsentId, PersonId, Timestamp};
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::{Consent, GivenBy, Purpose};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

pub(crate) const TABLE: &str = "consent";
pub(crate) const COLUMNS: &[&str] = &[
    "person_id",
    "consent_id",
    "purpose",
    "wording_version",
    "given_by",
    "guardian_id",
    "how",
    "from_at",
    "until_at",
    "ended_how",
    "recorded_at",
];

/// The first in the order of the index `consent_since`. A condition on the moment would be read from end to end where a
/// prepared plan does not know the day asked for (decision 11).
pub(crate) const FIRST_AGREEMENT: &str =
    "SELECT from_at AS since FROM consent WHERE org_id = $1 ORDER BY from_at + 0 LIMIT 1";

pub(crate) fn values(person: PersonId, it: &Consent, how: &str, now: Timestamp) -> Vec<Arg> {
    let guardian = match it.given_by {
        GivenBy::Myself => None,
        GivenBy::Guardian(guardian) => guardian,
    };
    args![
        person,
        it.id,
        it.purpose.code(),
        it.wording_version,
        it.given_by.code(),
        guardian,
        how,
        it.span.from,
        it.span.until,
        it.ended.map(ConsentEnd::code),
        now,
    ]
}

pub(crate) fn read(row: &Row) -> Result<Consent, StorageError> {
    let given_by = row.text("given_by")?;
    Ok(Consent {
        id: row.id("consent_id")?,
        purpose: Purpose::of(row.text("purpose")?),
        wording_version: row.small("wording_version")?,
        given_by: GivenBy::of(&given_by, row.opt_id("guardian_id")?)
            .map_err(|_| StorageError::Unreadable { column: "given_by".to_owned(), value: given_by })?,
        span: row.instants("from_at", "until_at")?,
        ended: row.opt_code("ended_how")?,
    })
}

impl Reader {
    /// Since when somebody has agreed to something; nothing when nobody ever has. Before that nobody could be reached, and
    /// nothing was counted.
    pub async fn first_agreement(&mut self) -> Result<Option<Timestamp>, StorageError> {
        let rows = self.rows(FIRST_AGREEMENT, args![]).await?;
        rows.first().map(|row| row.instant("since")).transpose()
    }
}

impl Tx {
    /// Records a consent. A consent of the same giver to the same purpose that is open ends as replaced.
    /// `how`: where it was given (`portal`, `line`, `office`, `paper`, `import`).
    pub async fn give_consent(&mut self, person: PersonId, it: &Consent, how: &str) -> Result<(), StorageError> {
        let sql = "UPDATE consent SET until_at = $5, ended_how = $6 WHERE org_id = $1 AND person_id = $2 AND purpose = $3 \
                   AND given_by = $4 AND from_at < $5 AND until_at IS NULL";
        let ended = ConsentEnd::Replaced.code();
        self.exec(sql, args![person, it.purpose.code(), it.given_by.code(), it.span.from, ended]).await?;
        let now = self.shared.clock.now();
        self.insert_many(TABLE, COLUMNS, vec![values(person, it, how, now)], "").await
    }

    /// Withdraws every open consent to a purpose at an instant; how many there were.
    pub async fn withdraw_consent(
        &mut self,
        person: PersonId,
        purpose: &Purpose,
        at: Timestamp,
        how: ConsentEnd,
    ) -> Result<u64, StorageError> {
        let sql = "UPDATE consent SET until_at = $4, ended_how = $5 WHERE org_id = $1 AND person_id = $2 AND purpose = $3 \
                   AND (until_at IS NULL OR until_at > $4)";
        self.exec(sql, args![person, purpose.code(), at, how.code()]).await
    }

    /// Ends these consents at an instant, each in its way.
    pub async fn end_consents(
        &mut self,
        person: PersonId,
        which: &[(ConsentId, ConsentEnd)],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE consent SET until_at = $4, ended_how = $5 WHERE org_id = $1 AND person_id = $2 AND consent_id = $3 \
                   AND until_at IS NULL";
        for (id, how) in which {
            self.exec(sql, args![person, *id, at, how.code()]).await?;
        }
        Ok(())
    }

    /// The way back: those that ended exactly so are in force again.
    pub async fn reopen_consents(
        &mut self,
        person: PersonId,
        which: &[(ConsentId, ConsentEnd)],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE consent SET until_at = NULL, ended_how = NULL WHERE org_id = $1 AND person_id = $2 AND consent_id = $3 \
                   AND until_at = $4 AND ended_how = $5";
        for (id, how) in which {
            self.exec(sql, args![person, *id, at, how.code()]).await?;
        }
        Ok(())
    }

    /// Withdraws every open consent of a person at an instant; how many there were.
    pub async fn withdraw_consents(
        &mut self,
        person: PersonId,
        at: Timestamp,
        how: ConsentEnd,
    ) -> Result<u64, StorageError> {
        let sql = "UPDATE consent SET until_at = $3, ended_how = $4 WHERE org_id = $1 AND person_id = $2 \
                   AND (until_at IS NULL OR until_at > $3)";
        self.exec(sql, args![person, at, how.code()]).await
    }
}
