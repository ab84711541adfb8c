//! The door of a round: a steward's phone by a link, a ticket that its camera opens, what was queued without a network settled once, and
//! nothing for whoever holds no door.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_programmes::{Came, WaitingList};
use tsunagari_testkit::{Browser, Joining, Kind, Lived, Officer};

use crate::applying::{led_to, posted};
use crate::seats::opened;

/// What stands in an attribute of a page.
fn attribute(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("{name}=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// A door that an officer opens; the path of its link.
async fn opened_door(officer: &mut Officer, doors: &str, origin: &str) -> String {
    let page = officer.post(doors, &[("name", "入口")]).await.text;
    let (_, rest) = page.split_once("<code class=\"code-line\">").unwrap_or_else(|| panic!("no link: {page}"));
    rest.split('<').next().unwrap_or_default().strip_prefix(origin).unwrap_or_default().to_owned()
}

async fn handed_in(browser: &mut Browser, round: &str) -> String {
    let handed = posted(browser, &format!("/me/apply/{round}/check"), &[]).await;
    led_to(&handed).split('?').next().unwrap_or_default().to_owned()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_steward_checks_people_in(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = opened(town, 9, WaitingList::None).await;
    let id = round.id.to_string();
    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mut taro = lived.joined(&town.here, &Joining::of("石見", "太郎", "taro@people.example")).await;
    let (mine, his) = (handed_in(&mut hana, &id).await, handed_in(&mut taro, &id).await);

    // Her ticket and her calendar.
    let page = hana.get(&mine).await.text;
    assert!(page.contains("参加票") && page.contains("<svg"), "{page}");
    let calendar = hana.get(&format!("{mine}/calendar.ics")).await;
    assert!(calendar.text.contains("BEGIN:VEVENT") && calendar.text.contains("SUMMARY:春の回"), "{}", calendar.text);
    assert_eq!(taro.get(&format!("{mine}/calendar.ics")).await.status, StatusCode::NOT_FOUND);
    let application = |path: &str| path.rsplit('/').next().unwrap_or_default().parse().unwrap();
    let token =
        tsunagari_acts::signed_token::ticket_token(&town.house, town.here.org, application(&mine)).await.unwrap();
    let ticket = format!("/ticket/{token}");

    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let doors = format!("/office/programmes/rounds/{id}/doors");
    assert_eq!(officer.post(&doors, &[("name", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let link = opened_door(&mut officer, &doors, &town.house.origin).await;
    assert!(!officer.browser.get(&doors).await.text.contains(&link), "shown once");

    // Without a door there is nothing to see: neither the list, nor whose ticket it is.
    let mut phone = town.browser();
    assert_eq!(phone.get("/door").await.status, StatusCode::NOT_FOUND);
    let shown = phone.get(&ticket).await.text;
    assert!(shown.contains("受付の人に見せてください") && !shown.contains("花子"), "{shown}");
    assert_eq!(phone.get(&format!("{link}x")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(led_to(&phone.get(&link).await), "/door");
    let list = phone.get("/door").await.text;
    assert!(list.contains("石見 花子") && list.contains("石見 太郎") && !list.contains("people.example"), "{list}");
    let csrf = attribute(&list, "data-csrf");

    // The camera opens her ticket: whose it is, and the button; twice counts once.
    let shown = phone.get(&ticket).await.text;
    assert!(shown.contains("花子") && shown.contains("有効です"), "{shown}");
    let (first, second) = (mine.rsplit('/').next().unwrap(), his.rsplit('/').next().unwrap());
    let pressed = |id, what| [("csrf", csrf.as_str()), ("application", id), ("do", what)];
    for _ in 0..2 {
        let done = phone.post("/door/check-in", &pressed(first, "in")).await;
        assert!(led_to(&done).starts_with("/door?done=in"), "{done:?}");
    }
    assert!(phone.get(&ticket).await.text.contains("もう受付済みです"));
    let foreign = phone.post("/door/check-in", &[("csrf", "x"), ("application", second), ("do", "in")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);

    // It was the wrong one: taken back, and checked in again.
    led_to(&phone.post("/door/check-in", &pressed(first, "back")).await);
    assert!(phone.get(&ticket).await.text.contains("有効です"));
    led_to(&phone.post("/door/check-in", &pressed(first, "in")).await);

    // Queued without a network: settled once, at the time it happened; what is nobody's here is told.
    town.calendar.set(town.house.now().plus(TimeDelta::minutes(30)));
    let entries = format!("{second} 600\n{second} 600\n{} 5\nnonsense\n", "019cf3f1-0000-7000-8000-000000000000");
    let settled = phone.post("/door/settle", &[("csrf", &csrf), ("entries", &entries)]).await;
    assert_eq!(settled.status, StatusCode::OK);
    let told: Vec<&str> = settled.text.lines().collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[..2], [format!("{second} in"), format!("{second} in")]);
    assert!(told[2].ends_with("この募集の人ではありません"), "{told:?}");
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let ledger = reader.ledger_of(application(&his)).await.unwrap();
    let came: Vec<_> = ledger.iter().filter(|it| it.entry.event.code() == "attended").collect();
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].entry.at, town.house.now().minus(TimeDelta::minutes(10)));
    assert_eq!(came[0].by_kind, "partner");
    assert_eq!(reader.application(application(&mine)).await.unwrap().standing.came, Some(Came::Yes));
    drop(reader);

    // What the round came to is counted from there.
    let figures = officer.browser.get(&format!("/office/programmes/{}/figures", round.programme)).await.text;
    for cell in ["<td data-label=\"申込\">2</td>", "<td data-label=\"席あり\">2</td>", "<td data-label=\"来た\">2</td>"]
    {
        assert!(figures.contains(cell), "{cell}: {figures}");
    }
    assert!(
        figures.contains("<td data-label=\"新しく届く人\">2</td>"),
        "both joined at the moment they applied: {figures}"
    );

    // The office shuts the door: the phone sees nothing any more.
    let page = officer.browser.get(&doors).await.text;
    let door = attribute(&page, "name=\"door\" value");
    officer.done(&format!("{doors}/shut"), &[("door", &door)]).await;
    assert_eq!(phone.get("/door").await.status, StatusCode::NOT_FOUND);
    assert_eq!(phone.post("/door/settle", &[("csrf", &csrf), ("entries", "")]).await.status, StatusCode::NOT_FOUND);

    // Another door is open until the day after it is held, and no longer.
    let link = opened_door(&mut officer, &doors, &town.house.origin).await;
    led_to(&phone.get(&link).await);
    town.calendar.set(round.venues[0].starts.unwrap().plus(TimeDelta::hours(23)));
    assert_eq!(phone.get("/door").await.status, StatusCode::OK);
    town.calendar.set(round.venues[0].starts.unwrap().plus(TimeDelta::hours(25)));
    assert_eq!(phone.get("/door").await.status, StatusCode::NOT_FOUND);
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    assert_eq!(reader.findings().await.unwrap(), vec![]);
}
