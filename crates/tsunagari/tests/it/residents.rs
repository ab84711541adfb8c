//! Residents cannot meet: every page and form of one resident, with everything of another's one could put into it, tells and
//! changes nothing of the other. A guardian's link opens the child who asked for it, in that child's town, once, and until
//! the child is of age.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_kernel::{Clock, PersonId, Timestamp};
use tsunagari_storage::testing::TextRow;
use tsunagari_testkit::{Answer, Browser, Joining, Kind, Lived, Officer};
use tsunagari_web::routes::Needs;

/// A resident, and by what they are known.
struct One {
    browser: Browser,
    id: PersonId,
    name: String,
    email: String,
}

impl One {
    async fn joined(lived: &Lived, given: &str, born: &str) -> Self {
        let email = format!("{}@people.example", given.len() * 7 + usize::from(given.as_bytes()[2]));
        let joining = Joining { born: born.into(), ..Joining::of("石見", given, &email) };
        let browser = lived.joined(&lived.town.here, &joining).await;
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        let all = reader.people_page(&Default::default(), None, 99).await.unwrap();
        let id = all.iter().find(|line| line.given == given).unwrap().id;
        Self { browser, id, name: format!("石見 {given}"), email }
    }

    fn is_told_of(&self, answer: &Answer) -> bool {
        let id = self.id.to_string();
        let location = answer.location.clone().unwrap_or_default();
        [&self.name, &self.email, &id].into_iter().any(|it| answer.text.contains(it) || location.contains(it))
    }
}

/// What the town's rows say of a person, but for what looking itself leaves behind.
async fn rows_of(lived: &Lived, person: PersonId) -> Vec<TextRow> {
    let hex = person.0.as_simple().to_string();
    let names = [hex.to_uppercase(), hex, person.to_string()];
    let all = lived.town.db.everything(Some(lived.town.here.org)).await;
    let looked = ["audit", "session", "throttle"];
    all.into_iter()
        .filter(|row| {
            !looked.contains(&row.table.as_str()) && names.iter().any(|name| row.text.contains(name.as_str()))
        })
        .collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_one_resident_answers_to_another(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let (one, other) = (One::joined(&lived, "一葉", "2004").await, One::joined(&lived, "双葉", "2004").await);
    let before = rows_of(&lived, other.id).await;
    assert!(before.len() > 3, "there is something of the other: {before:?}");
    let table = tsunagari_web::table(lived.town.state.clone());
    let id = other.id.to_string();
    let (mut tried, mut wrong, mut own) = (0, Vec::new(), 0);
    let mut rows: Vec<_> = table.table().iter().filter(|row| row.needs == Needs::Resident).collect();
    // Looking first, then changing, leaving last: it ends the session.
    rows.sort_by_key(|row| (row.method == axum::http::Method::POST, row.path.ends_with("/leave")));
    for row in rows {
        let mut visitor = one.browser.clone();
        let csrf = visitor.get("/me").await.form_token().unwrap_or_default();
        let path = row.path.split('/').map(|part| if part.starts_with('{') { id.as_str() } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let answer = if row.method == axum::http::Method::POST {
            // Leaving and erasing are of whoever is signed in; the other's ids in the form change nothing.
            let given = [("csrf", csrf.as_str()), ("person", &id), ("person_id", &id), ("id", &id), ("ward", &id)];
            visitor.post(&path, &given).await
        } else {
            visitor.get(&format!("{path}?person={id}&id={id}&ward={id}")).await
        };
        tried += 1;
        own += usize::from(one.is_told_of(&answer));
        let told = answer.text.replace(&id, "");
        if told.contains(&other.name) || told.contains(&other.email) || answer.status.is_server_error() {
            wrong.push(format!("{} {}: {}", row.method, row.path, answer.status));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(tried > 10 && own > 0, "the table has residents' rows, and one's own page tells of oneself");
    assert_eq!(rows_of(&lived, other.id).await, before, "{kind:?}: nothing of the other changed");

    // A form of the other's session is nobody else's, and neither is a session of another town.
    let mut visitor = One::joined(&lived, "三葉", "2004").await.browser;
    let mut others = other.browser.clone();
    let foreign = others.get("/me").await.form_token().unwrap();
    assert_eq!(visitor.post("/me/leave", &[("csrf", &foreign)]).await.status, StatusCode::FORBIDDEN);
    // The control: the other's own browser is told of the other, by the same look.
    assert!(other.is_told_of(&others.get("/me").await));
}

/// The path of a guardian's link that the minor hands over.
async fn link_of(minor: &mut One) -> String {
    let csrf = minor.browser.get("/me/guardian").await.form_token().unwrap();
    let page = minor.browser.post("/me/guardian/link", &[("csrf", &csrf)]).await;
    let (_, rest) = page.text.split_once("/guardian/").unwrap_or_else(|| panic!("no link: {}", page.text));
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("/p/322041/guardian/{token}")
}

async fn consents_of(lived: &Lived, person: PersonId) -> usize {
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    let record = reader.person_record(person).await.unwrap();
    record.guardianships.len()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_guardians_link_opens_one_child_until_they_are_of_age(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    // Born on 3 May 2008: of age in seven weeks.
    let mut one = One::joined(&lived, "一葉", "2008").await;
    let mut other = One::joined(&lived, "双葉", "2008").await;
    // The link works by real time and the birthday is the calendar's; both are asked for on the day before.
    let midnight = Timestamp::start_of("2026-05-03".parse().unwrap());
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.set(midnight.minus(TimeDelta::hours(12)));
    }
    for it in [&mut one, &mut other] {
        it.browser = signed_in(&lived, &it.email).await;
    }
    let (first, second) = (link_of(&mut one).await, link_of(&mut other).await);
    let mut guardian = lived.town.browser();
    let page = guardian.get(&first).await;
    assert!(page.status == StatusCode::OK && one.is_told_of(&page) && !other.is_told_of(&page), "{}", page.text);
    let page = guardian.get(&second).await;
    assert!(other.is_told_of(&page) && !one.is_told_of(&page));

    // In another town the token is unknown.
    let elsewhere = |path: &str| path.replace("/p/322041/", "/p/322016/");
    let nobodys = format!("/p/322016/guardian/{}", "A".repeat(43));
    let (unknown, foreign) = (guardian.get(&nobodys).await, guardian.get(&elsewhere(&first)).await);
    assert_eq!(foreign.status, unknown.status);
    assert_eq!(foreign.text.replace(&elsewhere(&first), "LINK"), unknown.text.replace(&nobodys, "LINK"));

    // Consenting for the one, with the other's id in every field: only the one has a guardian then, and the link is spent.
    let id = other.id.to_string();
    let answer = [
        ("family", "石見"),
        ("given", "母"),
        ("relation", "mother"),
        ("agreed", "info"),
        ("ward", &id),
        ("person", &id),
        ("child", &id),
    ];
    assert_eq!(guardian.post(&first, &answer).await.status, StatusCode::OK);
    assert_eq!([consents_of(&lived, one.id).await, consents_of(&lived, other.id).await], [1, 0]);
    let spent = guardian.get(&first).await;
    assert!(spent.status == StatusCode::UNPROCESSABLE_ENTITY && !one.is_told_of(&spent));

    // The last moment before the birthday, and the birthday.
    lived.town.calendar.set(midnight.minus(TimeDelta::microseconds(1)));
    assert!(other.is_told_of(&guardian.get(&second).await), "the control: the day before it opens");
    lived.town.calendar.set(midnight);
    assert_eq!(lived.town.calendar.now(), midnight);
    let page = guardian.get(&second).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && !other.is_told_of(&page), "{}", page.text);
    let late = guardian.post(&second, &answer).await;
    assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && !other.is_told_of(&late));
    assert_eq!(consents_of(&lived, other.id).await, 0, "{kind:?}");
}

/// A child asks a guardian: not at the child's own address, and the link ends when the child leaves.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_is_asked_elsewhere_and_not_after_the_child_has_left(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let mut minor = One::joined(&lived, "四葉", "2009").await;
    let link = link_of(&mut minor).await;
    let csrf = minor.browser.get("/me/guardian").await.form_token().unwrap();
    let email = minor.email.clone();
    let mut ask = async |to: &str| minor.browser.post("/me/guardian", &[("csrf", &csrf), ("email", to)]).await;
    let own = ask(&email).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text.contains("あなた自身のアドレス") && own.text.contains(&email), "said, and what was typed stays");
    assert_eq!(ask("haha@people.example").await.status, StatusCode::OK, "the control: another address is written to");
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    admin.done("/office/settings/mail/stop", &[]).await;
    let late = ask("haha@people.example").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "no letter is promised that cannot leave");
    assert!(late.text.contains("今はメールを送れません") && !late.text.contains("name=\"email\""), "{}", late.text);

    let mut guardian = lived.town.browser();
    assert!(minor.is_told_of(&guardian.get(&link).await), "the control: it opens while the child stays");
    assert_eq!(minor.browser.post("/me/leave", &[("csrf", &csrf)]).await.status, StatusCode::OK);
    let gone = guardian.get(&link).await;
    assert!(gone.status == StatusCode::UNPROCESSABLE_ENTITY && !minor.is_told_of(&gone), "{}", gone.text);
    let answer = [("family", "石見"), ("given", "母"), ("relation", "mother"), ("agreed", "info")];
    let late = guardian.post(&link, &answer).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
    assert_eq!(consents_of(&lived, minor.id).await, 0, "{kind:?}");
}

/// A second link of the same parent makes no second parent; another parent is one of their own.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_who_consents_again_is_the_same_guardian(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let mut minor = One::joined(&lived, "五葉", "2009").await;
    for (given, relation, guardians) in [("母", "mother", 1), ("母 ", "mother", 1), ("父", "father", 2)] {
        let link = link_of(&mut minor).await;
        let answer = [("family", "石見"), ("given", given), ("relation", relation), ("agreed", "info")];
        assert_eq!(lived.town.browser().post(&link, &answer).await.status, StatusCode::OK, "{kind:?} {given}");
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        let record = reader.person_record(minor.id).await.unwrap();
        let parents: std::collections::BTreeSet<_> = record.guardianships.iter().map(|it| it.guardian).collect();
        assert_eq!((record.guardianships.len(), parents.len()), (guardians, guardians), "{kind:?} {given}");
    }
}

/// Signed in by a mailed link.
async fn signed_in(lived: &Lived, email: &str) -> Browser {
    let mut browser = lived.town.browser();
    let csrf = browser.get("/p/322041/sign-in").await.form_token().unwrap_or_default();
    browser.post("/p/322041/sign-in", &[("csrf", &csrf), ("email", email)]).await;
    lived.work().await;
    let link = lived.mailed_path(email);
    let csrf = browser.get(&link).await.form_token().unwrap_or_default();
    let answer = browser.post(&link, &[("csrf", &csrf)]).await;
    assert_eq!(answer.location.as_deref(), Some("/me"), "{}", answer.text);
    browser
}
