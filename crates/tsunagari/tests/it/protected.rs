//! Protected addresses, wherever people stand in a list: what a rule let in (behind a figure, in an audience, of a message)
//! and the files of it name nobody who is protected, because the rule may tell where they are; lists that no rule made
//! name everybody. What tells whereabouts by itself is tested in `web` and `acts`.

use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_testkit::lived::DRAFT;
use tsunagari_testkit::{Kind, Lived, Officer, Town};

use crate::reach;

/// Who is protected in the end, and somebody who is not.
const HIDDEN: &str = "架空 一";
const OTHER: &str = "架空 二";

/// A page or file that lists people.
struct Surface<'s> {
    path: String,
    /// What is posted; asked for when there is nothing.
    fields: Vec<(&'static str, &'s str)>,
    /// Whether it says how many it does not name.
    counts: bool,
}

impl<'s> Surface<'s> {
    fn page(path: String) -> Self {
        Self { path, fields: Vec::new(), counts: true }
    }

    fn file(path: String) -> Self {
        Self { counts: false, ..Self::page(path) }
    }

    fn posted(path: String, fields: &[(&'static str, &'s str)]) -> Self {
        Self { path, fields: fields.to_vec(), counts: false }
    }

    async fn text(&self, officer: &mut Officer) -> String {
        let answer = match self.fields.as_slice() {
            [] => officer.browser.get(&self.path).await,
            fields => officer.post(&self.path, fields).await,
        };
        assert!(answer.status.is_success(), "{}: {} {}", self.path, answer.status, answer.text);
        answer.text
    }
}

/// An audience kept under a name; its id.
async fn audience(officer: &mut Officer) -> String {
    let kept = [
        ("view", "text"),
        ("rule", "age >= 10"),
        ("name", "みんな"),
        ("why", "試し"),
        ("purpose", "info"),
        ("do", "save"),
    ];
    officer.done("/office/audiences/new", &kept).await;
    let page = officer.browser.get("/office/audiences").await;
    let mut ids = page.text.split("/office/audiences/").filter_map(|rest| rest.get(..36));
    ids.find(|id| id.matches('-').count() == 4).unwrap().to_owned()
}

/// A message to everybody by mail that has left; its id.
async fn message(lived: &Lived, officer: &mut Officer) -> String {
    officer.post("/office/messages/new", DRAFT).await;
    let drafts = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.campaigns(&["draft"], 9, 0).await.unwrap()
    };
    let id = drafts[0].id;
    officer.done(&format!("/office/messages/{id}/submit"), &[]).await;
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    approver.approve(&format!("/office/messages/{id}"), &[]).await;
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(TimeDelta::minutes(15));
    }
    lived.work().await;
    id.to_string()
}

/// Somebody gets a protected address.
pub async fn protect(town: &Town) {
    let here = town.house.org(town.here.org);
    let mut tx = here.write().await.unwrap();
    let all = tx.people_page(&Default::default(), None, 9).await.unwrap();
    let id = all.iter().find(|line| line.given == "一").unwrap().id;
    let mut person = tx.person(id).await.unwrap();
    person.address_protected = true;
    tx.keep_person(&person).await.unwrap();
    let by = tsunagari_access::Machine::working(town.here.org, "test").actor();
    tx.commit(&tsunagari_access::Act::named("test", by, town.house.operation())).await.unwrap();
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn no_list_of_a_rule_names_a_protected_person(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let (town, mut officer) = (&lived.town, Officer::of(&lived.town, &lived.town.here, "administrator").await);
    reach::filled(town, &town.here, "shimane/masuda").await;
    reach::publish(town, &town.here, 2024).await;
    let indicator = reach::indicator(town).await;
    let figure = {
        let mut reader = town.house.org(town.here.org).read().await.unwrap();
        let id = indicator.parse().unwrap();
        reader.figures_of(id).await.unwrap()[0].published.figure().id
    };
    let segment = audience(&mut officer).await;
    let message = message(&lived, &mut officer).await;
    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let of_rules = [
        Surface::page(format!("/office/reach/{indicator}/people?group=reached")),
        Surface::page(format!("/office/reach/{indicator}/people?group=known&as_of=2025-03-31")),
        Surface::posted(format!("/office/reach/{indicator}/people/export"), &[("group", "reached"), ("format", "csv")]),
        Surface::page(format!("/office/reach/figures/{figure}?group=reached")),
        Surface::posted(format!("/office/reach/figures/{figure}/export"), &[("format", "csv")]),
        Surface::page(format!("/office/audiences/{segment}")),
        Surface::file(format!("/office/exports/audiences/{segment}?as=csv")),
        Surface::page(format!("/office/people?audience={segment}&who=everybody")),
        Surface::posted("/office/exports/people".to_owned(), &[("audience", segment.as_str()), ("format", "csv")]),
        Surface::file(format!("/office/messages/{message}/deliveries")),
        Surface::file(format!("/office/exports/messages/{message}?as=csv")),
    ];
    let by_hand = [
        Surface::page("/office/people".to_owned()),
        Surface::page("/office/people?stage=&reach=yes&purpose=info".to_owned()),
        Surface::posted("/office/exports/people".to_owned(), &[("format", "csv")]),
    ];
    for it in of_rules.iter().chain(&by_hand) {
        let text = it.text(&mut officer).await;
        assert!(text.contains(HIDDEN) && text.contains(OTHER), "{kind:?}: the control: {} names both", it.path);
    }
    protect(town).await;
    for it in &of_rules {
        let text = it.text(&mut officer).await;
        assert!(!text.contains(HIDDEN), "{kind:?}: {} names them", it.path);
        assert!(text.contains(OTHER), "{kind:?}: {} names the others", it.path);
        if it.counts {
            assert!(text.contains("住所が保護されている1人"), "{kind:?}: {} says how many it does not name", it.path);
        }
    }
    for it in &by_hand {
        assert!(it.text(&mut officer).await.contains(HIDDEN), "{kind:?}: {} is made by no rule", it.path);
    }
}
