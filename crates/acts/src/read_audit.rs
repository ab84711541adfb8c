//! The audit record is read: a page of it with the names behind its ids, and the reading itself goes on record first.

use std::collections::HashMap;

use tsunagari_access::permission::ViewAudit;
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_storage::audit_view::{AuditFilter, AuditRow};
use tsunagari_storage::order::Way;
use uuid::Uuid;

use crate::{ActError, House};

/// Rows of a page.
pub const PAGE: u32 = 50;
/// The most rows of the record in one file; a narrower question is asked beyond.
pub const MOST_ROWS: u32 = 100_000;

/// A page of the record.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// The rows by time.
    pub rows: Vec<AuditRow>,
    /// How many the filter leaves in all.
    pub total: i64,
    /// How many rows wait for their place in the chain.
    pub unsealed: i64,
    /// The codes of acts that occur.
    pub acts: Vec<String>,
    /// Names of staff and persons on this page, as they are called today.
    pub names: HashMap<Uuid, String>,
}

/// Reads page `page` (from 1) by time.
///
/// # Errors
/// Storage's.
pub async fn read_audit(
    house: &House,
    by: &Granted<ViewAudit>,
    filter: &AuditFilter,
    way: Way,
    page: u32,
) -> Result<AuditPage, ActError> {
    read(house, by, (filter, way), (PAGE, page)).await
}

/// Reads the newest rows of the record for a file, at most `MOST_ROWS` in one look.
///
/// # Errors
/// Storage's.
pub async fn read_audit_rows(
    house: &House,
    by: &Granted<ViewAudit>,
    filter: &AuditFilter,
) -> Result<AuditPage, ActError> {
    read(house, by, (filter, Way::Falling), (MOST_ROWS, 1)).await
}

async fn read(
    house: &House,
    by: &Granted<ViewAudit>,
    (filter, way): (&AuditFilter, Way),
    (rows, page): (u32, u32),
) -> Result<AuditPage, ActError> {
    let here = house.org(by.org());
    let tx = here.write().await?;
    tx.commit(&Act::named("read_audit", by.actor(), house.operation()).counting("page", i64::from(page))).await?;
    let mut reader = here.read().await?;
    let rows = reader.audit_page(filter, way, rows, page.saturating_sub(1).saturating_mul(rows)).await?;
    let mut persons: Vec<Uuid> = Vec::new();
    for row in &rows {
        let of_subjects = row.subjects.iter().filter(|(kind, _)| kind.as_str() == "person").map(|(_, id)| *id);
        persons.extend(of_subjects);
        match &row.actor {
            Actor::Resident(id) => persons.push(id.0),
            Actor::Guardian { ward, .. } => persons.push(ward.0),
            Actor::User(_) | Actor::Partner(_) | Actor::Machine(_) => {}
        }
    }
    persons.sort_unstable();
    persons.dedup();
    let mut names: HashMap<Uuid, String> = reader.names_of_persons(&persons).await?.into_iter().collect();
    names.extend(reader.staff().await?.into_iter().map(|it| (it.id.0, it.name)));
    names.extend(reader.teams().await?.into_iter().map(|it| (it.id.0, it.name)));
    names.extend(reader.line_channels().await?.into_iter().map(|it| (it.id.0, it.name)));
    names.extend(reader.indicators().await?.into_iter().map(|it| (it.id.0, it.definition.name)));
    for (kind, id) in rows.iter().flat_map(|row| &row.subjects) {
        if !names.contains_key(id)
            && let Some(name) = reader.name_of(kind.as_str(), *id).await?
        {
            names.insert(*id, name);
        }
    }
    Ok(AuditPage {
        total: reader.audit_count(filter).await?,
        unsealed: reader.unsealed_audit_rows().await?,
        acts: reader.audit_acts().await?,
        rows,
        names,
    })
}
