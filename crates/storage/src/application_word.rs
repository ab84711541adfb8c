//! What somebody wrote to the office after they took part, sealed for whoever applied. Leaves answers to parcels to `parcel_paper`.

use tsunagari_kernel::{ApplicationId, PersonId, RoundId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationWord {
    /// With which application.
    pub application: ApplicationId,
    /// Its number.
    pub receipt: String,
    /// In their words.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

fn context(application: ApplicationId) -> Vec<u8> {
    [b"application_word".as_slice(), application.0.as_bytes()].concat()
}

fn open(row: &Row, keys: &PersonKeys) -> Result<Option<String>, StorageError> {
    let person: PersonId = row.id("person_id")?;
    if !keys.has(person) {
        return Ok(None);
    }
    let plain = keys.of(person)?.open(&context(row.id("application_id")?), &row.bytes("sealed")?)?;
    String::from_utf8(plain.to_vec()).map(Some).map_err(|_| StorageError::Sealed)
}

impl Reader {
    /// What was written with an application.
    pub async fn application_word(
        &mut self,
        id: ApplicationId,
        keys: &PersonKeys,
    ) -> Result<Option<String>, StorageError> {
        let sql =
            "SELECT application_id, person_id, sealed FROM application_word WHERE org_id = $1 AND application_id = $2";
        let row = self.first(sql, args![id]).await?;
        Ok(row.as_ref().map(|row| open(row, keys)).transpose()?.flatten())
    }

    /// Who wrote with an application to a round.
    pub async fn word_writers(&mut self, round: RoundId) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT DISTINCT w.person_id FROM application_word w \
                   JOIN application a ON a.org_id = w.org_id AND a.application_id = w.application_id \
                   WHERE w.org_id = $1 AND a.round_id = $2 ORDER BY w.person_id";
        self.rows(sql, args![round]).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// What was written with the applications to a round, as far as the keys open it; the newest first.
    pub async fn words_of_round(
        &mut self,
        round: RoundId,
        keys: &PersonKeys,
    ) -> Result<Vec<ApplicationWord>, StorageError> {
        let sql = "SELECT w.application_id, w.person_id, w.sealed, w.at, a.receipt FROM application_word w \
                   JOIN application a ON a.org_id = w.org_id AND a.application_id = w.application_id \
                   WHERE w.org_id = $1 AND a.round_id = $2 ORDER BY w.at DESC, w.application_id DESC";
        let mut out = Vec::new();
        for row in self.rows(sql, args![round]).await? {
            if let Some(words) = open(&row, keys)? {
                let (application, receipt) = (row.id("application_id")?, row.text("receipt")?);
                out.push(ApplicationWord { application, receipt, words, at: row.instant("at")? });
            }
        }
        Ok(out)
    }
}

impl Tx {
    /// Keeps what somebody wrote, over what they wrote before.
    pub async fn keep_application_word(
        &mut self,
        id: ApplicationId,
        (person, keys): (PersonId, &PersonKeys),
        words: &str,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sealed = keys.of(person)?.seal(&self.shared.chance, &context(id), words.as_bytes())?;
        self.exec("DELETE FROM application_word WHERE org_id = $1 AND application_id = $2", args![id]).await?;
        let columns = ["application_id", "person_id", "sealed", "at"];
        self.insert_many("application_word", &columns, vec![args![id, person, sealed, at]], "").await
    }

    /// Seals anew what belongs to applications that became another entry's.
    pub(crate) async fn move_application_words(
        &mut self,
        from: PersonId,
        to: PersonId,
        applications: &[ApplicationId],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        for id in applications {
            let sql =
                "SELECT sealed FROM application_word WHERE org_id = $1 AND application_id = $2 AND person_id = $3";
            let Some(row) = self.first(sql, args![*id, from]).await? else { continue };
            let plain = keys.of(from)?.open(&context(*id), &row.bytes("sealed")?)?;
            let sealed = keys.of(to)?.seal(&self.shared.chance, &context(*id), &plain)?;
            let sql =
                "UPDATE application_word SET person_id = $3, sealed = $4 WHERE org_id = $1 AND application_id = $2";
            self.exec(sql, args![*id, to, sealed]).await?;
        }
        Ok(())
    }
}
