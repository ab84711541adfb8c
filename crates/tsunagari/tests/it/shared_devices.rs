//! What is somebody's stays theirs on a device others use too, and where a name is known to others: a letter opened elsewhere,
//! a LINE Login left half-way, a name on a school's list.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::{Answer, Browser, Joining, Kind, Lived, Officer};

const HERE: &str = "/p/322041";

/// The questions' answers of somebody on the list, but for the way to stay in touch.
const QUESTIONS: [(&str, &[(&str, &str)]); 5] = [
    ("name", &[("family", "架空"), ("given", "名簿"), ("family_kana", "カクウ"), ("given_kana", "メイボ")]),
    ("birth", &[("year", "2007"), ("month", "6"), ("day", "1")]),
    ("school", &[("school", "other"), ("school_name", "架空高校"), ("graduation", "2025")]),
    ("now", &[("now", "university"), ("place", "270008")]),
    ("interests", &[]),
];

async fn post(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let csrf = browser.get(page).await.form_token().unwrap_or_default();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    browser.post(action, &all).await
}

/// Begins to join in a browser and asks for a letter; its link.
async fn letter(lived: &Lived, browser: &mut Browser, email: &str) -> String {
    browser.post(&format!("{HERE}/join"), &[]).await;
    let (page, action) = (format!("{HERE}/join/contact"), format!("{HERE}/join-by-mail"));
    let asked = post(browser, &page, &action, &[("email", email)]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    lived.work().await;
    lived.mailed_path(email)
}

/// Opens a link from a letter and presses its button.
async fn opened(browser: &mut Browser, link: &str) -> Answer {
    post(browser, link, link, &[]).await
}

/// Answers every question from the name on, agrees, and says where that led.
async fn answered(browser: &mut Browser) -> Answer {
    for (question, fields) in QUESTIONS {
        let page = format!("{HERE}/join/{question}");
        let answer = post(browser, &page, &page, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{question}: {}", answer.text);
    }
    let page = format!("{HERE}/agree");
    post(browser, &page, &page, &[("agreed", "info")]).await
}

/// Somebody whom the office has entered with what a school writes down; their id.
async fn listed(lived: &Lived) -> String {
    let mut officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let more = [
        ("family_kana", "カクウ"),
        ("given_kana", "メイボ"),
        ("birth", "2007-06-01"),
        ("email", "listed@school.example"),
        ("cohort", "R7"),
    ];
    officer.person("架空", "名簿", &more).await.to_string()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_opened_elsewhere_takes_the_answers_along(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let mut asker = lived.town.browser();
    let link = letter(&lived, &mut asker, "hana@people.example").await;
    let mut owner = lived.town.browser();
    assert_eq!(opened(&mut owner, &link).await.location.as_deref(), Some("/p/322041/join/name"));
    let page = format!("{HERE}/join/name");
    assert_eq!(post(&mut owner, &page, &page, QUESTIONS[0].1).await.status, StatusCode::SEE_OTHER);
    // Whoever asked for the letter goes on with nothing of what is answered there.
    let seen = asker.get(&page).await;
    assert!(seen.status == StatusCode::SEE_OTHER && !seen.text.contains("名簿"), "{kind:?}: {}", seen.text);
    let agreed = post(&mut asker, &page, &format!("{HERE}/agree"), &[("agreed", "info")]).await;
    assert!(agreed.location.as_deref() != Some("/me/welcome"), "{kind:?}: {:?}", agreed.location);
    assert!(answered(&mut owner).await.location.is_some_and(|to| to.starts_with("/me")), "{kind:?}");
    // In the browser that asked, the same draft goes on.
    let mut alone = lived.town.browser();
    let link = letter(&lived, &mut alone, "sora@people.example").await;
    opened(&mut alone, &link).await;
    assert_eq!(alone.get(&page).await.status, StatusCode::OK);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_added_only_where_its_page_is_signed_in(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let joining = Joining::of("石見", "一葉", "kazuha@people.example");
    let mut owner = lived.joined(&lived.town.here, &joining).await;
    post(&mut owner, "/me/email", "/me/email", &[("email", "mistyped@people.example")]).await;
    lived.work().await;
    let link = lived.mailed_path("mistyped@people.example");
    let mut stranger = lived.town.browser();
    let shown = stranger.get(&link).await;
    assert!(
        shown.text.contains("/p/322041/sign-in") && !shown.text.contains("method=\"post\" action"),
        "{}",
        shown.text
    );
    let pressed = stranger.post(&link, &[]).await;
    assert!(pressed.location.as_deref() != Some("/me"), "{kind:?}: {:?}", pressed.location);
    assert_eq!(stranger.get("/me").await.status, StatusCode::SEE_OTHER, "{kind:?}: nobody is signed in there");
    assert!(!owner.get("/me").await.text.contains("mistyped@"), "{kind:?}: nothing was added");
    // Where the page is signed in the same link still works.
    let added = opened(&mut owner, &link).await;
    assert!(added.location.is_some_and(|to| to.starts_with("/me/email/added")), "{kind:?}");
    assert!(owner.get("/me").await.text.contains("mistyped@"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_line_login_left_half_way_is_nobody_elses(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let joining = Joining::of("石見", "一葉", "kazuha@people.example");
    let mut device = lived.joined(&lived.town.here, &joining).await;
    let left = device.get("/me/line").await;
    let to = left.location.unwrap_or_default();
    let state = to.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default().to_owned();
    assert!(!state.is_empty(), "{kind:?}: on the way to LINE: {to}");
    post(&mut device, "/me", "/me/sign-out", &[]).await;
    assert_eq!(device.get("/me").await.status, StatusCode::SEE_OTHER, "the control: signed out");
    // The next one on the same device is offered nothing of it, and coming back from LINE leads to nobody's page.
    assert!(!device.get(HERE).await.text.contains("/join/contact"), "{kind:?}");
    assert_eq!(device.get(&format!("{HERE}/join/contact")).await.status, StatusCode::SEE_OTHER);
    let back = device.get(&format!("/line/callback?code=any&state={state}")).await;
    assert!(back.location.as_deref() != Some("/me") && back.status != StatusCode::OK, "{kind:?}: {}", back.text);
    assert_eq!(device.get("/me").await.status, StatusCode::SEE_OTHER, "{kind:?}");
    let again = device.get(&format!("/line/callback?code=any&state={state}")).await;
    assert_ne!(again.location.as_deref(), Some("/me"), "{kind:?}: the draft is gone");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_listed_name_shows_no_address(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    listed(&lived).await;
    let mut one = lived.town.browser();
    let link = letter(&lived, &mut one, "anybody@people.example").await;
    opened(&mut one, &link).await;
    answered(&mut one).await;
    let page = one.get("/me").await.text;
    assert!(page.contains("架空 名簿") && page.contains("l•••@school.example"), "matched, and only hinted at: {page}");
    for path in ["/me", "/me/data", "/me/data.json"] {
        let told = one.get(path).await.text;
        assert!(!told.contains("listed@school"), "{kind:?} {path}: {told}");
        assert!(told.contains("anybody@people.example"), "{kind:?} {path}: what they have proven is theirs: {told}");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_name_leads_to_nobody_who_hides(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let id = listed(&lived).await;
    let house = &lived.town.house;
    let here = house.org(lived.town.here.org);
    let mut tx = here.write().await.unwrap();
    let mut person = tx.person(id.parse().unwrap()).await.unwrap();
    person.address_protected = true;
    tx.keep_person(&person).await.unwrap();
    let by = tsunagari_access::Machine::working(lived.town.here.org, "test").actor();
    tx.commit(&tsunagari_access::Act::named("test", by, house.operation())).await.unwrap();
    let mut one = lived.town.browser();
    let link = letter(&lived, &mut one, "anybody@people.example").await;
    opened(&mut one, &link).await;
    assert!(answered(&mut one).await.location.is_some_and(|to| to.starts_with("/me")), "{kind:?}");
    // A new entry, and a question to the office; nothing of the protected one.
    let told = one.get("/me/data.json").await.text;
    assert!(told.contains("anybody@people.example") && !told.contains(&id), "{kind:?}: {told}");
    assert!(!told.contains("school.example"), "{kind:?}: {told}");
    let open = here.read().await.unwrap().open_work(None, 50).await.unwrap();
    assert!(open.iter().any(|it| it.kind == "doubtful_join"), "{kind:?}: {open:?}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn asking_to_sign_in_tells_nobody_who_is_known(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let joining = Joining::of("石見", "一葉", "kazuha@people.example");
    lived.joined(&lived.town.here, &joining).await;
    let mut browser = lived.town.browser();
    let page = format!("{HERE}/sign-in");
    let mut told = Vec::new();
    for email in ["kazuha@people.example", "nobody@people.example"] {
        let mut statuses = Vec::new();
        for _ in 0..7 {
            let answer = post(&mut browser, &page, &page, &[("email", email)]).await;
            statuses.push((answer.status, answer.text.replace(email, "ADDRESS").len()));
        }
        told.push(statuses);
    }
    // Joining has asked for one letter to the known address already.
    let limits: Vec<_> = told.iter().map(|all| all.iter().filter(|it| it.0 == StatusCode::OK).count()).collect();
    assert_eq!((limits[1], limits[0]), (5, 4), "{kind:?}: both come to an end: {told:?}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interest_nobody_offers_is_not_kept(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let offered = lived.town.house.org(lived.town.here.org).read().await.unwrap().interest_kinds().await.unwrap();
    let offered = offered.first().expect("something is offered").code.clone();
    let mut one = lived.town.browser();
    let link = letter(&lived, &mut one, "anybody@people.example").await;
    opened(&mut one, &link).await;
    let all = [("interests", offered.as_str()), ("interests", "offered_by_nobody")];
    for (question, fields) in QUESTIONS {
        let page = format!("{HERE}/join/{question}");
        post(&mut one, &page, &page, if question == "interests" { &all } else { fields }).await;
    }
    post(&mut one, &format!("{HERE}/agree"), &format!("{HERE}/agree"), &[("agreed", "info")]).await;
    let told = one.get("/me/data.json").await.text;
    assert!(told.contains(&offered) && !told.contains("offered_by_nobody"), "{kind:?}: {told}");
}
