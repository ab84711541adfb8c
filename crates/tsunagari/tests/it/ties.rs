//! The end of a tie at the office's door: the last one asks first, an end given by mistake is taken back, and a form saved
//! as it was leaves no line in the history.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::markup::forms;
use tsunagari_testkit::{Kind, Town};

use crate::reach::filled;

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_last_tie_asks_before_it_ends_and_its_end_is_taken_back(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let person = reader.people_page(&Default::default(), None, 1).await.unwrap()[0].id;
    let tie = reader.person_record(person).await.unwrap().ties[0].id;
    drop(reader);
    let ties = async || town.house.org(town.here.org).read().await.unwrap().person_record(person).await.unwrap().ties;
    let mut editor = town.signed_in(&town.here, "editor").await;
    let card = format!("/office/people/{person}");
    let (end, go_on) = (format!("{card}/ties/{tie}/end"), format!("{card}/ties/{tie}/go-on"));
    let form = editor.get(&end).await;
    let token = form.form_token().expect("the form that ends a tie");
    let told = [("csrf", token.as_str()), ("why", "ended_by_office"), ("on", "")];

    let to_come = [("csrf", token.as_str()), ("why", "as_asked"), ("on", "2199-03-31")];
    let refused = editor.post(&end, &to_come).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a day to come is refused before the question");
    assert!(!refused.text.contains("終えますか"), "{}", refused.text);
    let asked = editor.post(&end, &told).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    for said in ["つながりを終えますか", "担当者が終了", "これだけです", "届かなくなり"] {
        assert!(asked.text.contains(said), "{said}: {}", asked.text);
    }
    assert!(ties().await[0].span.until.is_none(), "nothing happened yet");
    let sure: Vec<(&str, &str)> = told.iter().copied().chain([("sure", "yes")]).collect();
    assert_eq!(editor.post(&end, &sure).await.status, StatusCode::SEE_OTHER);
    assert!(ties().await[0].span.until.is_some());

    assert!(editor.get(&card).await.text.contains(&go_on), "the card offers to take the end back");
    assert!(editor.get(&go_on).await.text.contains("終わりは誤りなので取り消す"));
    assert_eq!(editor.post(&go_on, &[("csrf", token.as_str())]).await.status, StatusCode::SEE_OTHER);
    let it = ties().await.remove(0);
    assert_eq!((it.span.until, it.ended), (None, None), "as if it had not ended");
    let again = editor.post(&go_on, &[("csrf", token.as_str())]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "there is no end to take back");
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    assert_eq!(viewer.post(&go_on, &[]).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_form_saved_as_it_was_leaves_no_line(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let person = reader.people_page(&Default::default(), None, 1).await.unwrap()[0].id;
    let stay = reader.person_record(person).await.unwrap().enrolments[0].id;
    drop(reader);
    let lines =
        async || town.house.org(town.here.org).read().await.unwrap().person_history(person).await.unwrap().len();
    let before = lines().await;
    let mut editor = town.signed_in(&town.here, "editor").await;
    for form in [format!("/office/people/{person}/edit"), format!("/office/people/{person}/enrolments/{stay}")] {
        let page = editor.get(&form).await;
        assert_eq!(page.status, StatusCode::OK, "{form}");
        let mut found = forms(&page.text, &form).into_iter();
        let it = found.find(|it| it.posted && it.fields.iter().any(|(name, _)| name == "family" || name == "years"));
        let kept = editor.submit(&it.expect("the form of the page"), &[]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{form}: {}", kept.text);
        assert_eq!(lines().await, before, "{form} saved as it was");
    }
}
