//! Protected addresses (支援措置): what would tell where somebody is, taken out of a record before it is shown, listed or put
//! into words. Asked of the record as it was read just now, never of what was shown before. Leaves files to `export_list`,
//! messages to the judgement on recipients, and who may see a card at all to `access`.

use crate::{ContactKind, PersonRecord};

/// Whether a contact point of this kind tells where somebody can be found.
pub const fn tells_whereabouts(kind: ContactKind) -> bool {
    match kind {
        ContactKind::Postal => true,
        ContactKind::Line | ContactKind::Email | ContactKind::Phone => false,
    }
}

/// Whether a kind of change in a person's history tells where they are or with whom they live.
pub fn change_tells_whereabouts(what: &str) -> bool {
    matches!(what, "residence" | "enrolment" | "contact" | "import" | "import_undone" | "merge" | "unmerge")
}

impl PersonRecord {
    /// The record as it may be shown: of a protected person without residences, places of schools other than those known
    /// from the list, household and postal address.
    #[must_use]
    pub fn shown(mut self) -> Self {
        if !self.person.address_protected {
            return self;
        }
        self.residences.clear();
        self.households.clear();
        for stay in &mut self.enrolments {
            stay.place = None;
            if stay.kind != crate::SchoolKind::HighSchool {
                stay.school_name = String::new();
                stay.school = None;
            }
        }
        self.contact_points.retain(|point| !tells_whereabouts(point.kind));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_judged() {
        let telling: Vec<&str> =
            ContactKind::ALL.iter().filter(|kind| tells_whereabouts(**kind)).map(|kind| kind.code()).collect();
        assert_eq!(telling, ["postal"]);
        assert!(change_tells_whereabouts("residence") && !change_tells_whereabouts("tie"));
    }
}
