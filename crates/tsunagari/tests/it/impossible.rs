//! What cannot be is refused where an officer types it: a guardian under age, a birth or a stay
//! outside every life, a country that is none.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_kernel::PersonId;
use tsunagari_people::PersonRecord;
use tsunagari_testkit::{Kind, Lived, Officer};

/// Furnished with the words of a purpose, and an editor at work.
async fn office(kind: Kind) -> (Lived, Officer) {
    let lived = Lived::connected(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let labels = [("code", "info"), ("ja", "お知らせ"), ("easy", "お知らせ"), ("en", "News")];
    admin.done("/office/settings/wordings/purpose", &labels).await;
    let texts = [("sender", "架空市"), ("text_ja", "送ります"), ("text_easy", "おくります"), ("text_en", "We send")];
    admin.done("/office/settings/wordings/info", &texts).await;
    let editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    (lived, editor)
}

async fn record(lived: &Lived, id: PersonId) -> PersonRecord {
    lived.town.house.org(lived.town.here.org).read().await.unwrap().person_record(id).await.unwrap()
}

/// Posts, and expects these sentences of the refusal.
async fn refused(editor: &mut Officer, path: &str, fields: &[(&str, &str)], sentences: &[&str]) {
    let answer = editor.post(path, fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}: {}", answer.text);
    for sentence in sentences {
        assert!(answer.text.contains(sentence), "{path} {fields:?}: no “{sentence}” in {}", answer.text);
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn nobody_under_age_stands_for_another(#[case] kind: Kind) {
    let (lived, mut editor) = office(kind).await;
    let ward = editor.person("山根", "花", &[("birth", "2008-09-01")]).await;
    let child = editor.person("山根", "三", &[("birth", "R1-06-01")]).await;
    let parent = editor.person("山根", "母", &[]).await;
    let add = format!("/office/people/{ward}/guardians/add");
    let told = "保護者は18歳以上の人です";
    refused(&mut editor, &add, &[("guardian", &child.to_string()), ("evidence", "紙")], &[told, "value=\"紙\""]).await;
    assert!(record(&lived, ward).await.guardianships.is_empty());
    editor.done(&add, &[("guardian", &parent.to_string()), ("evidence", "紙")]).await;

    // Known to be a child only after they were made the guardian.
    let edit = format!("/office/people/{parent}/edit");
    let answer = editor.fill(&edit, &edit, &[("birth", "R1-06-01")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let consents = format!("/office/people/{ward}/consents/add");
    let paper = parent.to_string();
    let paper = [("wording", "info/1"), ("signed", paper.as_str()), ("on", "")];
    refused(&mut editor, &consents, &paper, &[told]).await;
    assert!(record(&lived, ward).await.consents.is_empty());
    let answer = editor.fill(&edit, &edit, &[("birth", "1980-06-01")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    editor.done(&consents, &paper).await;
    assert_eq!(record(&lived, ward).await.consents.len(), 1, "a grown-up's signature counts");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_lies_outside_every_life_is_refused(#[case] kind: Kind) {
    let (lived, mut editor) = office(kind).await;
    let add = "/office/people/add";
    let who = |birth: &'static str, cohort: &'static str| {
        [
            ("family", "山根"),
            ("given", "一"),
            ("birth", birth),
            ("cohort", cohort),
            ("tie", "origin"),
            ("looked", "yes"),
        ]
    };
    for (birth, cohort, told) in [
        ("1850-01-01", "", "120年より前です"),
        ("1900-01-01", "R7", "120年より前です"),
        ("令和元年5月1日", "R7", "早すぎます"),
        ("2007-06-01", "R30", "10年より先の年度"),
        ("", "1800", "120年より前です"),
    ] {
        let typed = format!("value=\"{birth}\"");
        refused(&mut editor, add, &who(birth, cohort), &[told, &typed]).await;
    }
    let one = editor.person("山根", "一", &[("birth", "2007-06-01"), ("cohort", "R7")]).await;
    let at = |what: &str| format!("/office/people/{one}/{what}");

    let school = |start: &'static str| {
        [("school", ""), ("school_name", "架空大学"), ("kind", "university"), ("start", start), ("years", "4")]
    };
    for (start, told) in [("1800", "120年より前です"), ("R30", "10年より先"), ("2015", "早すぎます")] {
        refused(&mut editor, &at("enrolments/add"), &school(start), &[told]).await;
    }
    for (kind, from, told) in [
        ("related", "2099/1/1", "まだ来ていない日"),
        ("enrolled", "1850/1/1", "生まれる前の日"),
        ("enrolled", "2007/5/31", "生まれる前の日"),
    ] {
        refused(&mut editor, &at("ties/add"), &[("kind", kind), ("from", from)], &[told]).await;
    }
    let nobody_knows = editor.person("山根", "十", &[]).await;
    let ties = format!("/office/people/{nobody_knows}/ties/add");
    refused(&mut editor, &ties, &[("kind", "enrolled"), ("from", "1850/1/1")], &["120年より前です"]).await;
    for country in ["XX", "JP", "Korea"] {
        let there = [("place", ""), ("country", country), ("from", "2026-01-01")];
        refused(&mut editor, &at("residences/add"), &there, &["2文字の英字コード"]).await;
    }
    let before = [("place", ""), ("country", "kr"), ("from", "2001-01-01")];
    refused(&mut editor, &at("residences/add"), &before, &["生まれる前の日"]).await;
    let works = [("kind", "working"), ("from", "2001-01-01")];
    refused(&mut editor, &at("occupations/add"), &works, &["生まれる前の日"]).await;
    let it = record(&lived, one).await;
    assert_eq!((it.ties.len(), it.enrolments.len(), it.residences.len(), it.occupations.len()), (1, 1, 0, 0));

    // A birth date that is put right fits what is kept, too.
    let edit = at("edit");
    let young = editor.fill(&edit, &edit, &[("birth", "令和元年5月1日")]).await;
    assert_eq!(young.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        young.text.contains("学校やつながりなど") && young.text.contains("value=\"令和元年5月1日\""),
        "{}",
        young.text
    );
    assert_eq!(editor.fill(&edit, &edit, &[("birth", "2007-07-01")]).await.status, StatusCode::SEE_OTHER);
    editor.done(&at("enrolments/add"), &school("R8")).await;
    editor.done(&at("residences/add"), &[("place", ""), ("country", "kr"), ("from", "2026-01-01")]).await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn nobody_lives_in_two_places_or_leaves_before_coming(#[case] kind: Kind) {
    let (lived, mut editor) = office(kind).await;
    let one = editor.person("山根", "一", &[("birth", "2007-06-01")]).await;
    let add = format!("/office/people/{one}/residences/add");
    let both = [("place", "大阪府"), ("country", "KR"), ("from", "2026-01-01")];
    refused(&mut editor, &add, &both, &["場所と国の両方", "value=\"大阪府\"", "value=\"KR\""]).await;
    let wrong = [("place", "どこか"), ("country", ""), ("from", "きのう")];
    refused(&mut editor, &add, &wrong, &["この場所は見つかりません", "日付として読めません"]).await;
    let stay = |place: &'static str, country: &'static str, from: &'static str| {
        [("place", place), ("country", country), ("from", from)]
    };
    for (place, country) in [("大阪府", ""), ("", "KR"), ("京都府", "jp")] {
        editor.done(&add, &stay(place, country, "2026-03-16")).await;
    }
    let it = record(&lived, one).await.residences;
    assert_eq!(it.len(), 1, "what began the same day makes way: {it:?}");
    assert_eq!(it[0].place.prefecture().map(|code| code.to_string()).as_deref(), Some("260002"));
    // One that began before a stay already known ends where that one begins.
    editor.done(&add, &stay("大阪市", "", "2025-04-01")).await;
    let it = record(&lived, one).await.residences;
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let spans: Vec<_> = it.iter().map(|it| (it.span.from, it.span.until)).collect();
    assert_eq!(spans, [(day("2025-04-01"), Some(day("2026-03-16"))), (day("2026-03-16"), None)], "{kind:?}");

    // So does one beside a stay the person has told of before: the first of April after graduation.
    let mut tx = lived.town.house.org(lived.town.here.org).write().await.unwrap();
    let town = tsunagari_people::Residence {
        id: tsunagari_kernel::ResidenceId::born(&lived.town.house.chance, lived.town.house.now()),
        place: tsunagari_people::residence::Place::Municipality("322016".parse().unwrap()),
        span: tsunagari_kernel::Span::since(day("2026-04-01")),
    };
    tx.move_to(one, &town).await.unwrap();
    let by = tsunagari_access::Machine::working(lived.town.here.org, "test").actor();
    tx.commit(&tsunagari_access::Act::named("test", by, lived.town.house.operation())).await.unwrap();
    editor.done(&add, &stay("", "KR", "2026-03-16")).await;
    let it = record(&lived, one).await.residences;
    let ends: Vec<_> = it.iter().map(|it| it.span.until).collect();
    assert_eq!(ends, [Some(day("2026-03-16")), Some(day("2026-04-01")), None], "{kind:?}");

    let school = [("school_name", ""), ("kind", "university"), ("place", "どこか"), ("start", "x"), ("years", "0")];
    let all = ["この場所は見つかりません", "年度として読めません", "1から9までの数", "f-school_name-error"];
    refused(&mut editor, &format!("/office/people/{one}/enrolments/add"), &school, &all).await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_entered_twice_at_once(#[case] kind: Kind) {
    let (lived, _) = office(kind).await;
    for round in 1..=5 {
        let given = format!("双葉{round}");
        let mut officers = Vec::new();
        for _ in 0..4 {
            officers.push(Officer::of(&lived.town, &lived.town.here, "editor").await);
        }
        let entering = officers.into_iter().map(|mut officer| {
            let given = given.clone();
            tokio::spawn(async move {
                let who = [("family", "架空"), ("given", given.as_str()), ("birth", "2007-06-01"), ("tie", "origin")];
                officer.post("/office/people/add", &who).await.status
            })
        });
        let mut entered = Vec::new();
        for answer in entering.collect::<Vec<_>>() {
            entered.push(answer.await.unwrap());
        }
        assert_eq!(entered.iter().filter(|it| **it == StatusCode::SEE_OTHER).count(), 1, "{kind:?}: {entered:?}");
        let asked = entered.iter().filter(|it| **it == StatusCode::UNPROCESSABLE_ENTITY).count();
        assert_eq!(asked, 3, "{kind:?}: the others are asked whether it is the same person");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_day_outside_its_era_is_taken_and_told(#[case] kind: Kind) {
    let (_lived, mut editor) = office(kind).await;
    let told = "書かれた元号の期間の外の日付を";
    let add = [("family", "山根"), ("given", "一"), ("birth", "平成元年1月7日"), ("tie", "origin"), ("looked", "yes")];
    let to = editor.done("/office/people/add", &add).await;
    let card = editor.browser.get(&to).await.text;
    assert!(card.contains(told) && card.contains("昭和64年1月7日"), "{card}");
    let card = to.split('?').next().expect("the card").to_owned();
    let edit = format!("{card}/edit");
    let kept = editor.fill(&edit, &edit, &[("birth", "H31.5.1"), ("family", "山根")]).await;
    let there = kept.location.expect("the card");
    assert!(editor.browser.get(&there).await.text.contains(told), "{there}");
    assert!(!there.contains("31"), "no address holds a day of birth: {there}");
    let place = [("place", "大阪市"), ("from", "H31.5.2")];
    let to = editor.done(&format!("{card}/residences/add"), &place).await;
    assert!(to.ends_with("#residences"), "{to}");
    assert!(editor.browser.get(&to).await.text.contains(told), "{to}");
    let plain = editor.fill(&edit, &edit, &[("birth", "R1.5.1")]).await.location.expect("the card");
    assert!(!editor.browser.get(&plain).await.text.contains(told));
}
