//! Two rows of one list that name one person, made one: what the later row says otherwise holds, its blanks erase nothing.
//! Leaves finding such rows to `judge` and asking the office to `acts`.

use tsunagari_kernel::contact::comparable_address;
use tsunagari_kernel::names;

use super::judge::fuller_name;
use super::{NextStep, ReadRow};

/// The first row with what the same person's later row says otherwise.
pub fn joined(first: &ReadRow, again: &ReadRow) -> ReadRow {
    let mut row = first.clone();
    if !again.family.is_empty() || !again.given.is_empty() {
        let (family, given) = fuller_name((&first.family, &first.given), (&again.family, &again.given));
        (row.family, row.given) = (family.to_owned(), given.to_owned());
    }
    if !again.family_kana.is_empty() || !again.given_kana.is_empty() {
        row.family_kana.clone_from(&again.family_kana);
        row.given_kana.clone_from(&again.given_kana);
    }
    row.birth_date = again.birth_date.or(row.birth_date);
    if again.school.is_some() || !again.school_name.is_empty() {
        row.school = again.school;
        row.school_name.clone_from(&again.school_name);
    }
    row.graduation = again.graduation.or(row.graduation);
    if let Some(next) = &again.next {
        row.next = Some(next_joined(row.next.take(), next));
    }
    row.email = again.email.clone().or(row.email);
    row.phone = again.phone.clone().or(row.phone);
    // Another address has a postal code of its own, also when the list leaves it out.
    if !again.address.is_empty() && comparable_address(&again.address) != comparable_address(&row.address) {
        row.address.clone_from(&again.address);
        row.postal_code = None;
    }
    row.postal_code = again.postal_code.clone().or(row.postal_code);
    // Another guardian has nothing of the first one's addresses.
    let guardian = names::comparable(&again.guardian_name);
    if !guardian.is_empty() && guardian != names::comparable(&row.guardian_name) && !row.guardian_name.is_empty() {
        row.guardian_email = None;
        row.guardian_phone = None;
    }
    if !again.guardian_name.is_empty() {
        row.guardian_name.clone_from(&again.guardian_name);
    }
    row.guardian_email = again.guardian_email.clone().or(row.guardian_email);
    row.guardian_phone = again.guardian_phone.clone().or(row.guardian_phone);
    row
}

fn next_joined(first: Option<NextStep>, again: &NextStep) -> NextStep {
    let Some(mut next) = first else { return again.clone() };
    let otherwise = again.occupation().is_some() && again.occupation() != next.occupation();
    if !again.name.is_empty() || otherwise {
        next.name.clone_from(&again.name);
        (next.course, next.does) = (again.course, again.does);
    }
    next.place = again.place.clone().or(next.place);
    next
}

#[cfg(test)]
mod tests {
    use super::super::changes;
    use super::*;
    use crate::{OccupationKind, SchoolKind};

    fn full() -> ReadRow {
        ReadRow {
            family: "髙橋".into(),
            given: "花子".into(),
            family_kana: "タカハシ".into(),
            birth_date: chrono::NaiveDate::from_ymd_opt(2008, 4, 1),
            school_name: "架空高校".into(),
            next: Some(NextStep {
                course: Some((SchoolKind::University, 4)),
                does: None,
                name: "見本大学".into(),
                place: None,
            }),
            email: Some("a@example.jp".into()),
            phone: Some("+819000000001".into()),
            postal_code: Some("698-0000".into()),
            address: "架空町1".into(),
            guardian_name: "髙橋　母".into(),
            guardian_phone: Some("+819000000002".into()),
            ..ReadRow::default()
        }
    }

    #[test]
    fn the_later_row_holds_and_blanks_erase_nothing() {
        let first = full();
        assert_eq!(joined(&first, &ReadRow::default()), first);
        assert_eq!(joined(&ReadRow::default(), &first), first);
        let again = ReadRow {
            family: "高橋".into(),
            given: "花子".into(),
            next: Some(NextStep {
                course: None,
                does: Some(OccupationKind::Working),
                name: "架空社".into(),
                place: None,
            }),
            phone: Some("+819000000009".into()),
            guardian_email: Some("haha@example.jp".into()),
            guardian_name: "髙橋 母".into(),
            ..ReadRow::default()
        };
        let one = joined(&first, &again);
        assert_eq!(changes(&one, &again), Vec::new(), "everything the later row says stands");
        assert_eq!((one.email.as_deref(), one.family_kana.as_str()), (Some("a@example.jp"), "タカハシ"));
        assert_eq!(
            (one.family.as_str(), one.given.as_str()),
            ("髙橋", "花子"),
            "a common character takes no variant away"
        );
        let next = one.next.unwrap();
        assert_eq!(
            (next.course, next.does, one.guardian_phone),
            (None, Some(OccupationKind::Working), Some("+819000000002".into()))
        );
    }

    #[test]
    fn another_address_does_not_inherit_a_postal_code() {
        let moved = ReadRow { address: "広島市中区架空1".into(), ..ReadRow::default() };
        let one = joined(&full(), &moved);
        assert_eq!((one.address.as_str(), one.postal_code), ("広島市中区架空1", None));
        let spelled = ReadRow { address: "架空町１".into(), ..ReadRow::default() };
        assert_eq!(joined(&full(), &spelled).postal_code.as_deref(), Some("698-0000"), "the same address");
    }

    #[test]
    fn another_kind_of_school_counts_without_its_name_and_the_same_one_erases_none() {
        let says = |course| ReadRow {
            next: Some(NextStep { course, does: None, name: String::new(), place: None }),
            ..ReadRow::default()
        };
        let vocational = Some((SchoolKind::Vocational, 2));
        let next = joined(&full(), &says(vocational)).next.unwrap();
        assert_eq!((next.course, next.name.as_str()), (vocational, ""));
        let same = joined(&full(), &says(Some((SchoolKind::University, 4)))).next.unwrap();
        assert_eq!(same.name, "見本大学");
        let unsaid = joined(&full(), &says(None)).next.unwrap();
        assert_eq!((unsaid.course, unsaid.name.as_str()), (Some((SchoolKind::University, 4)), "見本大学"));
    }

    #[test]
    fn another_guardian_does_not_inherit_an_address() {
        let again = ReadRow { guardian_name: "髙橋　父".into(), ..ReadRow::default() };
        let one = joined(&full(), &again);
        assert_eq!((one.guardian_name.as_str(), one.guardian_phone), ("髙橋　父", None));
    }
}
