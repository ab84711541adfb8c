//! What undoing a list left: how many people, who, and why; and its school, when nothing else names it. Leaves taking back to the acts.

use std::collections::HashMap;

use tsunagari_access::Code;
use tsunagari_i18n::Texts;
use tsunagari_kernel::PersonId;
use tsunagari_people::{PersonRecord, School};
use tsunagari_storage::Reader;
use tsunagari_storage::change::{Undone, Use};
use tsunagari_storage::import_file::{ImportFile, ImportState};

use crate::office::desk::Desk;
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Link};
use crate::shell::{AppError, Tone};

/// So many are listed; the others are counted.
const LISTED: i64 = 200;

/// Everybody left as they are, as read.
#[derive(Default)]
pub(super) struct Left {
    pub(super) of: Vec<(PersonId, Undone)>,
    pub(super) uses: Vec<(PersonId, Use)>,
    /// How many there are in all.
    pub(super) total: i64,
    /// The list's school, when nothing names it any more.
    pub(super) school: Option<School>,
    /// Whether the reader may open people's pages.
    pub(super) may_view: Option<()>,
    /// Whether the reader may take a school away.
    pub(super) may_settle: Option<()>,
}

/// Somebody whom undoing left as they are.
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) card: Option<String>,
    pub(super) why: Vec<String>,
    pub(super) uses: Option<Link>,
}

/// Those left, as the page tells it.
pub(super) struct KeptList {
    pub(super) title: String,
    pub(super) people: Vec<Kept>,
    /// How many more there are than the page lists.
    pub(super) more: Option<String>,
}

impl Left {
    /// Those of an undone file; nobody of any other.
    pub(super) async fn read(desk: &Desk, reader: &mut Reader, file: &ImportFile) -> Result<Self, AppError> {
        let (ImportState::Undone, Some(change)) = (file.state, file.change) else { return Ok(Self::default()) };
        let of = reader.change_kept(change, LISTED).await.map_err(unreadable)?;
        let used = of.iter().filter(|(_, why)| matches!(why, Undone::Used));
        let held: Vec<PersonId> = used.map(|(person, _)| *person).collect();
        let uses = reader.uses_of(&held).await.map_err(unreadable)?;
        let school = match file.school {
            Some(id) if reader.school_use(id).await.map_err(unreadable)?.is_none() => {
                reader.schools().await.map_err(unreadable)?.into_iter().find(|it| it.id == id)
            }
            Some(_) | None => None,
        };
        let may = |code| desk.may(code).then_some(());
        let (may_view, may_settle) = (may(Code::ViewPeople), may(Code::ManageSettings));
        Ok(Self { of, uses, total: file.summary.kept, school, may_view, may_settle })
    }

    /// That the school stays which nothing names, and where it is taken away.
    pub(super) fn school(&self, t: Texts) -> Option<Banner> {
        let school = self.school.as_ref()?;
        let told = Banner::of(Tone::Info, t.one("import-kept-school", "school", school.name.as_str()));
        Some(match self.may_settle {
            Some(()) => {
                told.action(format!("/office/settings/schools/{}", school.id), t.get("import-kept-school.look"))
            }
            None => told.text(t.get("import-kept-school.ask")),
        })
    }

    /// The list, when anybody is on it.
    pub(super) fn list(&self, t: Texts, people: &HashMap<PersonId, PersonRecord>) -> Option<KeptList> {
        let listed = i64::try_from(self.of.len()).unwrap_or(i64::MAX);
        (listed > 0).then(|| KeptList {
            title: t.count("import-kept", self.total.max(listed)),
            people: self.of.iter().map(|(person, why)| self.one(t, people, *person, *why)).collect(),
            more: (self.total > listed).then(|| t.count("import-kept-more", self.total - listed)),
        })
    }

    fn one(&self, t: Texts, people: &HashMap<PersonId, PersonRecord>, person: PersonId, why: Undone) -> Kept {
        // Who was erased since has neither name nor page.
        let Some(record) = people.get(&person) else {
            let name = t.get("import-kept-nobody");
            return Kept { name, card: None, why: vec![t.get("import-kept-erased")], uses: None };
        };
        let card = format!("/office/people/{person}");
        let found = self.uses.iter().filter(|(used, _)| *used == person);
        let uses: Vec<String> = found.map(|(_, how)| t.get(format!("import-kept-{}", how.code()))).collect();
        let changed = matches!(why, Undone::Changed) || uses.is_empty();
        Kept {
            name: record.person.name(),
            uses: self
                .may_view
                .filter(|()| !changed)
                .map(|()| Link::to(format!("{card}/uses"), t.get("import-kept-look"))),
            why: if changed { vec![t.get("import-kept-changed")] } else { uses },
            card: self.may_view.map(|()| card),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(n: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(n))
    }

    fn people(ids: &[u128]) -> HashMap<PersonId, PersonRecord> {
        ids.iter().map(|n| (who(*n), super::super::samples::record(who(*n)))).collect()
    }

    fn left() -> Left {
        Left {
            of: vec![(who(1), Undone::Used), (who(3), Undone::Changed), (who(4), Undone::Changed)],
            uses: vec![(who(1), Use::Figure), (who(1), Use::Line), (who(2), Use::Message)],
            total: 5,
            school: Some(super::super::super::uploads::sample_school()),
            may_view: Some(()),
            may_settle: Some(()),
        }
    }

    #[test]
    fn who_was_left_as_they_are_is_told_with_the_reason_and_how_many_more() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let list = left().list(t, &people(&[1, 3])).unwrap();
        assert_eq!((list.title, list.more), (t.count("import-kept", 5), Some(t.count("import-kept-more", 2))));
        let [used, changed, erased] = list.people.as_slice() else { panic!("three") };
        assert_eq!(used.why, [t.get("import-kept-figure"), t.get("import-kept-line")]);
        assert_eq!(used.uses.as_ref().map(|link| link.href.clone()), Some(format!("/office/people/{}/uses", who(1))));
        assert_eq!((&changed.why, changed.uses.is_none()), (&vec![t.get("import-kept-changed")], true));
        assert_eq!(changed.card, Some(format!("/office/people/{}", who(3))));
        assert_eq!((&erased.why, &erased.card), (&vec![t.get("import-kept-erased")], &None));
    }

    #[test]
    fn who_may_not_see_people_gets_no_links() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let list = Left { may_view: None, ..left() }.list(t, &people(&[1, 3])).unwrap();
        assert!(list.people.iter().all(|it| it.card.is_none() && it.uses.is_none()));
        assert!(Left::default().list(t, &people(&[1])).is_none(), "nobody is left");
    }

    #[test]
    fn a_school_that_stays_is_told_to_whoever_may_take_it_away_and_to_others() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let left = left();
        let name = left.school.as_ref().unwrap().name.clone();
        let told = left.school(t).unwrap().to_string();
        assert!(told.contains(&name) && told.contains("/office/settings/schools/"), "{told}");
        let asked = Left { may_settle: None, ..left }.school(t).unwrap().to_string();
        assert!(asked.contains(&name) && !asked.contains("/office/"), "{asked}");
        assert!(Left::default().school(t).is_none());
    }
}
