//! What somebody has filled in so far for a round: one draft per person and round, sealed for them, found again on every device
//! they sign in with. Keeping an answer is machinery, not an act. Leaves what the answers mean to acts.

use tsunagari_kernel::{ApplicationId, PersonId, RoundId, Timestamp};
use tsunagari_programmes::Paper;

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::store::{Reader, Tx};

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationDraft {
    /// The version of the programme whose form it answers.
    pub version_no: u32,
    /// What was filled in so far.
    pub paper: Paper,
    /// The venue that was chosen, where the round has several.
    pub venue: Option<u16>,
    /// The application it mends; nothing for a new one.
    pub amends: Option<ApplicationId>,
    /// When it was begun.
    pub begun_at: Timestamp,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Sealed {
    paper: Paper,
    venue: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amends: Option<ApplicationId>,
}

fn context(person: PersonId, round: RoundId) -> Vec<u8> {
    [b"application_draft".as_slice(), person.0.as_bytes(), round.0.as_bytes()].concat()
}

impl Reader {
    /// Somebody's draft for a round.
    ///
    /// # Errors
    /// `Sealed` without their key.
    pub async fn application_draft(
        &mut self,
        person: PersonId,
        round: RoundId,
        keys: &PersonKeys,
    ) -> Result<Option<ApplicationDraft>, StorageError> {
        let sql = "SELECT version_no, sealed, begun_at FROM application_draft WHERE org_id = $1 AND person_id = $2 AND round_id = $3";
        let Some(row) = self.first(sql, args![person, round]).await? else { return Ok(None) };
        let plain = keys.of(person)?.open(&context(person, round), &row.bytes("sealed")?)?;
        let it: Sealed = serde_json::from_slice(&plain).map_err(|error| StorageError::Broken(error.to_string()))?;
        let (version_no, begun_at) = (row.small("version_no")?, row.instant("begun_at")?);
        Ok(Some(ApplicationDraft { version_no, paper: it.paper, venue: it.venue, amends: it.amends, begun_at }))
    }

    /// The rounds somebody has a draft for.
    pub async fn drafts_of(&mut self, person: PersonId) -> Result<Vec<RoundId>, StorageError> {
        let sql = "SELECT round_id FROM application_draft WHERE org_id = $1 AND person_id = $2 ORDER BY changed_at DESC, round_id";
        self.rows(sql, args![person]).await?.iter().map(|row| row.id("round_id")).collect()
    }
}

impl Tx {
    /// Keeps a draft as it is now and ends the transaction.
    pub async fn keep_application_draft(
        mut self,
        person: PersonId,
        round: RoundId,
        it: &ApplicationDraft,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let sealed = Sealed { paper: it.paper.clone(), venue: it.venue, amends: it.amends };
        let plain = serde_json::to_vec(&sealed).map_err(|error| StorageError::Broken(error.to_string()))?;
        let sealed = keys.of(person)?.seal(&self.shared.chance, &context(person, round), &plain)?;
        let columns = ["person_id", "round_id", "version_no", "sealed", "begun_at", "changed_at"];
        let row = args![person, round, it.version_no, sealed, it.begun_at, now];
        let suffix = "ON CONFLICT (org_id, person_id, round_id) DO UPDATE SET version_no = excluded.version_no, \
                      sealed = excluded.sealed, changed_at = excluded.changed_at";
        self.insert_many("application_draft", &columns, vec![row], suffix).await?;
        self.keep().await
    }

    /// A draft is not needed any more.
    pub async fn drop_application_draft(&mut self, person: PersonId, round: RoundId) -> Result<(), StorageError> {
        let sql = "DELETE FROM application_draft WHERE org_id = $1 AND person_id = $2 AND round_id = $3";
        self.exec(sql, args![person, round]).await?;
        Ok(())
    }
}
