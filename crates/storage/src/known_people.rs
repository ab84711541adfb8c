//! What matching compares, of every person, of those a list may mean or of those a newcomer may be: without contact
//! addresses. Leaves the comparing to people.

use std::collections::{BTreeSet, HashMap};

use tsunagari_kernel::{ChangeId, FiscalYear, PersonId};
use tsunagari_people::ContactKind;
use tsunagari_people::matching::{Known, Traits};

use crate::args;
use crate::dialect::Listed;
use crate::error::StorageError;
use crate::sql::{Row, list};
use crate::store::Reader;

const SELECT: &str = "SELECT p.person_id, p.name_key, p.kana_key, p.birth_date, e.school_id, e.end_fy FROM person p \
    LEFT JOIN enrolment e ON e.org_id = p.org_id AND e.person_id = p.person_id AND e.kind = 'high_school'";

/// What `read` relies on: of several high schools the latest stands first.
const ORDER: &str = "ORDER BY p.person_id, e.end_fy DESC";

/// More namesakes than these would be no help to anybody.
const MOST_ALIKE: i64 = 200;

fn read(rows: &[Row]) -> Result<Vec<Known>, StorageError> {
    let mut found: Vec<Known> = Vec::with_capacity(rows.len());
    for row in rows {
        let person: PersonId = row.id("person_id")?;
        // The same person's earlier high schools.
        if found.last().is_some_and(|last| last.person == person) {
            continue;
        }
        let traits = Traits {
            name_key: row.text("name_key")?,
            kana_key: row.text("kana_key")?,
            birth_date: row.opt_date("birth_date")?,
            school: row.opt_id("school_id")?,
            cohort: row.opt_int("end_fy")?.and_then(|fy| i32::try_from(fy).ok()).map(FiscalYear),
        };
        found.push(Known { person, traits, shares_contact: false });
    }
    Ok(found)
}

impl Reader {
    /// A page of every person neither merged nor erased, in order of id.
    pub async fn known_page(&mut self, after: Option<PersonId>, most: i64) -> Result<Vec<Known>, StorageError> {
        let after = after.unwrap_or(PersonId(uuid::Uuid::nil()));
        let sql = format!(
            "{SELECT} WHERE p.org_id = $1 AND p.person_id > $2 AND p.merged_into IS NULL AND p.erased_at IS NULL \
             {ORDER} LIMIT $3"
        );
        read(&self.rows(&sql, args![after, most]).await?)
    }

    /// The persons of these names in comparable form, without those a change itself has entered or changed.
    pub async fn known_named(&mut self, name_keys: &[String], but_of: ChangeId) -> Result<Vec<Known>, StorageError> {
        let named = self.twin().among("p.name_key", 3, Listed::Texts);
        let sql = format!(
            "{SELECT} WHERE p.org_id = $1 AND p.merged_into IS NULL AND p.erased_at IS NULL AND {named} \
             AND NOT EXISTS (SELECT 1 FROM change_row c WHERE c.org_id = p.org_id AND c.person_id = p.person_id AND c.change_id = $2) \
             {ORDER}"
        );
        let mut args = args![but_of];
        args.push(list(name_keys));
        read(&self.rows(&sql, args).await?)
    }

    /// Whom a newcomer may be: persons of the same name, kana or birth date, in comparable form, and those who share a
    /// proven address.
    pub async fn known_like(
        &mut self,
        entry: &Traits,
        sharing: &BTreeSet<PersonId>,
    ) -> Result<Vec<Known>, StorageError> {
        // One branch per index: an OR over three columns is planned worse on both databases.
        let alive = "merged_into IS NULL AND erased_at IS NULL";
        let sql = format!(
            "{SELECT} WHERE p.org_id = $1 AND p.person_id IN (SELECT person_id FROM (\
             SELECT person_id FROM person WHERE org_id = $1 AND name_key = $2 AND {alive} \
             UNION SELECT person_id FROM person WHERE org_id = $1 AND kana_key = $3 AND kana_key <> '' AND {alive} \
             UNION SELECT person_id FROM person WHERE org_id = $1 AND birth_date = $4 AND {alive} LIMIT $5) alike) \
             {ORDER}"
        );
        let args = args![entry.name_key.as_str(), entry.kana_key.as_str(), entry.birth_date, MOST_ALIKE];
        let mut found = read(&self.rows(&sql, args).await?)?;
        for person in sharing {
            if !found.iter().any(|known| known.person == *person) {
                let sql = format!("{SELECT} WHERE p.org_id = $1 AND p.person_id = $2 {ORDER}");
                found.extend(read(&self.rows(&sql, args![*person]).await?)?);
            }
        }
        for known in &mut found {
            known.shares_contact = sharing.contains(&known.person);
        }
        Ok(found)
    }

    /// Whose these addresses are: (place in the list, person), for contact points kept.
    pub async fn persons_by_contacts(
        &mut self,
        kind: ContactKind,
        clear: &[&str],
    ) -> Result<Vec<(usize, PersonId)>, StorageError> {
        let key = self.org_key().await?;
        let lookups: Vec<Vec<u8>> = clear.iter().map(|it| key.lookup(kind.code(), it)).collect();
        let mut places: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (place, lookup) in lookups.iter().enumerate() {
            places.entry(lookup).or_default().push(place);
        }
        let asked = self.twin().among("c.lookup", 3, Listed::Bytes);
        let sql = format!(
            "SELECT c.person_id, c.lookup FROM contact_point c JOIN person p ON p.org_id = c.org_id AND p.person_id = c.person_id \
             WHERE c.org_id = $1 AND c.kind = $2 AND c.removed_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL \
             AND {asked}"
        );
        let mut args = args![kind.code()];
        args.push(list(lookups.iter().map(hex::encode)));
        let mut found = Vec::new();
        for row in self.rows(&sql, args).await? {
            let (lookup, person): (_, PersonId) = (row.bytes("lookup")?, row.id("person_id")?);
            found.extend(places.get(lookup.as_slice()).into_iter().flatten().map(|place| (*place, person)));
        }
        Ok(found)
    }
}
