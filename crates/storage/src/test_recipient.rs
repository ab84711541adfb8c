//! Whom a message may be tried out on: people of the office, marked once, who agreed to receive what is not approved yet.
//! Leaves sending to acts; whoever is merged or erased is no recipient any more.

use tsunagari_kernel::{ContactPointId, PersonId, ProviderId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, placeholders};
use crate::store::{Reader, Tx};

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRecipient {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Where LINE reaches them now, under the provider asked for.
    pub line: Option<ContactPointId>,
}

/// A contact point `c` that LINE delivers to: verified, kept, not blocked; `$2` is the provider.
const ON_LINE: &str = "c.org_id = $1 AND c.kind = 'line' AND c.provider_id = $2 AND c.removed_at IS NULL AND c.verified_at IS NOT NULL \
    AND EXISTS (SELECT 1 FROM contact_working w WHERE w.org_id = $1 AND w.person_id = c.person_id AND w.contact_id = c.contact_id \
    AND w.until_at IS NULL)";

impl Reader {
    /// The recipients in the order of kana, each with the contact point under a provider.
    pub async fn test_recipients(&mut self, provider: Option<ProviderId>) -> Result<Vec<TestRecipient>, StorageError> {
        let sql = format!(
            "SELECT p.person_id, p.family, p.given, (SELECT c.contact_id FROM contact_point c WHERE {ON_LINE} AND c.person_id = p.person_id \
             ORDER BY c.created_at DESC, c.contact_id LIMIT 1) AS line FROM test_recipient r \
             JOIN person p ON p.org_id = r.org_id AND p.person_id = r.person_id \
             WHERE r.org_id = $1 AND p.merged_into IS NULL AND p.erased_at IS NULL ORDER BY p.kana_key, p.person_id"
        );
        let rows = self.rows(&sql, args![provider]).await?;
        rows.iter()
            .map(|row| {
                Ok(TestRecipient {
                    person: row.id("person_id")?,
                    name: format!("{} {}", row.text("family")?, row.text("given")?).trim().to_owned(),
                    line: row.opt_id("line")?,
                })
            })
            .collect()
    }

    /// Which of these people LINE reaches under a provider.
    pub async fn on_line(&mut self, provider: ProviderId, people: &[PersonId]) -> Result<Vec<PersonId>, StorageError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let among = placeholders(3, people.len());
        let sql =
            format!("SELECT DISTINCT c.person_id FROM contact_point c WHERE {ON_LINE} AND c.person_id IN {among}");
        let bound = [Arg::from(provider)].into_iter().chain(people.iter().map(|id| Arg::from(*id))).collect();
        self.rows(&sql, bound).await?.iter().map(|row| row.id("person_id")).collect()
    }
}

impl Tx {
    /// Marks somebody; again changes nothing.
    pub async fn add_test_recipient(
        &mut self,
        person: PersonId,
        by: UserId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "INSERT INTO test_recipient (org_id, person_id, recorded_by, recorded_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        self.exec(sql, args![person, by, at]).await?;
        Ok(())
    }

    /// Takes the mark away. Whether there was one.
    pub async fn drop_test_recipient(&mut self, person: PersonId) -> Result<bool, StorageError> {
        let sql = "DELETE FROM test_recipient WHERE org_id = $1 AND person_id = $2";
        Ok(self.exec(sql, args![person]).await? > 0)
    }
}
