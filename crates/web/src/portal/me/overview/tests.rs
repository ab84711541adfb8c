//! My page with everything on it, in every language.

use tsunagari_kernel::{
    ConsentId, ContactPointId, EnrolmentId, FiscalYear, OccupationId, PersonId, ResidenceId, Span, TieId, Timestamp,
};
use tsunagari_people::residence::Place;
use tsunagari_people::{
    Consent, ContactPoint, Enrolment, GivenBy, Occupation, OccupationKind, Person, PersonLocale, Purpose, Residence,
    SchoolKind, Tie, TieKind,
};
use uuid::Uuid;

use super::*;
use crate::shell::Sample;

fn record(at: Timestamp) -> PersonRecord {
    let person = Person {
        id: PersonId(Uuid::nil()),
        family: "石見".into(),
        given: "花".into(),
        family_kana: "イワミ".into(),
        given_kana: "ハナ".into(),
        birth_date: chrono::NaiveDate::from_ymd_opt(2010, 5, 3),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: at,
    };
    let mut record = PersonRecord::of(person);
    record.ties.push(Tie {
        id: TieId(Uuid::nil()),
        kind: TieKind::Origin,
        span: Span::since(at.jst_date()),
        ended: None,
    });
    record.enrolments.push(Enrolment::ending(
        EnrolmentId(Uuid::nil()),
        SchoolKind::HighSchool,
        "架空高校",
        FiscalYear(2028),
        3,
    ));
    record.enrolments.push(Enrolment::starting(
        EnrolmentId(Uuid::nil()),
        SchoolKind::University,
        "",
        FiscalYear(2029),
        4,
        0,
    ));
    let place = Place::Abroad("ZZ".into());
    record.residences.push(Residence { id: ResidenceId(Uuid::nil()), place, span: Span::since(at.jst_date()) });
    for kind in OccupationKind::ALL {
        let span = Span::since(at.jst_date());
        record.occupations.push(Occupation { id: OccupationId(Uuid::nil()), kind: *kind, span });
    }
    for kind in ContactKind::ALL {
        record.contact_points.push(ContactPoint {
            id: ContactPointId(Uuid::nil()),
            kind: *kind,
            provider: None,
            kept: Span::since(at),
            verified_at: Some(at),
            working: Vec::new(),
            confirmed: Vec::new(),
        });
    }
    record.consents.push(Consent {
        id: ConsentId(Uuid::nil()),
        purpose: Purpose::of("info"),
        wording_version: 2,
        given_by: GivenBy::Myself,
        span: Span::since(at),
        ended: None,
    });
    record
}

impl Sample for OverviewPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let at = Moment::end_of(chrono::NaiveDate::from_ymd_opt(2026, 3, 16).unwrap());
        let purpose = |code: &str| Labelled {
            code: code.into(),
            ja: "お知らせ".into(),
            easy: "お知らせ".into(),
            en: "News".into(),
        };
        let wording = |code: &str| Wording {
            purpose: code.into(),
            version: 2,
            locale: "ja".into(),
            text: "月に2回まで。".into(),
            sender: "益田市".into(),
            from: Timestamp::from_micros(0),
        };
        let made = |record: PersonRecord, erasure| Known {
            record,
            told: facts::Known {
                source: "import".into(), joins: vec![at.instant], guardians: vec!["石見 母".into()]
            },
            addresses: Vec::new(),
            purposes: vec![purpose("info"), purpose("jobs")],
            wordings: vec![wording("info"), wording("jobs")],
            kinds: vec![purpose("home")],
            erasure,
            add: "https://line.me/R/ti/p/%40sample".into(),
            offered: "/p/322041/programmes".into(),
            contact: "ひとづくり推進課 0856-00-0000".into(),
            policy: ReachPolicy { guardian_age: 18, ..ReachPolicy::default() },
            at,
        };
        let full = record(Timestamp::start_of(at.date));
        let bare = PersonRecord::of(full.person.clone());
        let case = |state| ErasureCase {
            id: tsunagari_kernel::ErasureId(uuid::Uuid::nil()),
            person: full.person.id,
            asked_by: tsunagari_storage::erasure_case::AskedBy::Resident,
            state,
            reason: "legal_retention".into(),
            proposed_by: None,
            since: at.instant,
            decided_by: None,
            decided_at: None,
        };
        let cases = [CaseState::Asked, CaseState::Proposed, CaseState::Refused].map(case);
        let asking = cases.map(|case| Self::of(shell.clone(), made(full.clone(), Some(case))));
        asking.into_iter().chain([Self::of(shell.clone(), made(bare, None))]).collect()
    }
}

#[test]
fn every_face_has_its_words() {
    assert_eq!(crate::shell::sample::faults::<OverviewPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
}

#[test]
fn what_waits_for_a_guardian_is_said_so() {
    let page = OverviewPage::samples(crate::shell::sample::portal_shell(tsunagari_i18n::Locale::Ja)).remove(0);
    assert!(page.waits.contains("お知らせ") && page.silent && page.reconfirm.is_empty());
    assert_eq!(page.standings[0].state, tsunagari_people::ConsentState::GuardianNeeded);
    assert!(!page.standings[1].given);
}

#[test]
fn an_address_shown_in_part_says_why_and_one_shown_whole_does_not() {
    let t = Texts::of(tsunagari_i18n::Locale::Ja);
    let at = Moment::end_of(chrono::NaiveDate::from_ymd_opt(2026, 3, 16).unwrap());
    let mut points = record(Timestamp::start_of(at.date)).contact_points;
    points.retain(|point| point.kind == ContactKind::Phone);
    let addresses = [Address {
        person: PersonId(Uuid::nil()),
        contact: points[0].id,
        kind: ContactKind::Phone,
        clear: "+819012345678".to_owned().into(),
    }];
    let shown = |points: &[ContactPoint]| {
        let way = ways(t, points, &addresses, &ReachPolicy::default(), &at).remove(0);
        (way.address, way.masked)
    };
    assert_eq!(shown(&points), ("090-1234-5678".to_owned(), String::new()));
    points[0].verified_at = None;
    let (address, why) = shown(&points);
    assert!(
        address.starts_with("•••") && why.contains("まだ確かめていない") && why.contains("窓口"),
        "{address} {why}"
    );
}
