//! The high school of a name an officer types beside a list: the one that is known, or a new one. Leaves finding the
//! schools of a plan to `adopt_plan`, those that come with people to `load_people`, and mending a name to `keep_school`.

use tsunagari_access::Act;
use tsunagari_kernel::{SchoolId, names};
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::Tx;

use crate::{ActError, House};

/// Finds or adds it.
///
/// # Errors
/// `school_name_missing` at `school_name`; storage's.
pub(crate) async fn high_school_named(house: &House, tx: &mut Tx, name: &str) -> Result<SchoolId, ActError> {
    let name = names::tidy(name);
    if name.is_empty() {
        return Err(ActError::refused_at("school_name", "school_name_missing"));
    }
    if let Some(known) = tx.school_by_name(&name).await? {
        return Ok(known.id);
    }
    let kind = SchoolKind::HighSchool;
    let id = SchoolId::born(&house.chance, house.now());
    tx.add_school(&School { id, name, kind, municipality: None, years: kind.usual_years() }).await?;
    Ok(id)
}

/// The act that named it, with the school on record.
pub(crate) fn naming(act: Act, school: Option<SchoolId>) -> Act {
    match school {
        Some(school) => act.on("school", school),
        None => act,
    }
}
