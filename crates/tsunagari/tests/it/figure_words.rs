//! What stands beside a figure wherever it stands: the publisher's note, how a target binds, whom the indicator counts, which day
//! was counted and how a total is made.

use std::path::Path;

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_access::Machine;
use tsunagari_acts::publish_figure::{Signed, publish_figure_at_setup};
use tsunagari_kernel::{FiscalYear, Timestamp};
use tsunagari_testkit::{Kind, Town};

use crate::installation;
use crate::reach::{day, filled, indicator, network};

const NOTE: &str = "速報です。確定値は6月に出します";

async fn noted(town: &Town) {
    filled(town, &town.here, "shimane/masuda").await;
    let by = Machine::working(town.here.org, "test");
    let id = indicator(town).await.parse().unwrap();
    let signer = town.here.who("approver").staff.id;
    let signed = Signed { by: signer, at: Timestamp::start_of(day(2025, 4, 20)), note: NOTE.into() };
    publish_figure_at_setup(&town.house, &by, id, FiscalYear(2024).last_day(), signed).await.unwrap();
}

/// What the command line prints, as text and as JSON.
fn printed(settings: &Path, more: &[&str]) -> (String, serde_json::Value) {
    let run = |json: &[&str]| {
        let ran = installation::tsunagari()
            .arg("figures")
            .args(json)
            .args(more)
            .arg("--config")
            .arg(settings)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    (run(&[]), serde_json::from_str(&run(&["--json"])).unwrap())
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_publishers_note_stands_wherever_the_figure_stands(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    noted(&town).await;
    let mut editor = town.signed_in(&town.here, "editor").await;
    let board = editor.get("/office/reach").await;
    let at = board.text.find(">※1</a>").expect("a mark at the published number");
    let told = board.text.rfind(&format!("※1 令和6年度の公表（2025/03/31時点）の添え書き：{NOTE}"));
    assert!(told.is_some_and(|told| told > at), "the note below: {}", board.text);
    let token = board.form_token().expect("the form that takes figures out");
    let sheet = editor.post("/office/reach/export", &[("csrf", &token), ("format", "csv")]).await.text;
    let rows: Vec<&str> = sheet.lines().filter(|line| line.contains(NOTE)).collect();
    assert!(sheet.lines().next().is_some_and(|heads| heads.ends_with("公表の添え書き,数え方（ことば）")), "{sheet}");
    assert!(rows.len() == 1 && rows[0].contains(",2024,"), "{sheet}");
    // The rule stands there as a text and, for who does not read rules, in words.
    let said = rows[0].split_once(NOTE).unwrap().1;
    assert!(said.contains("出身のつながりがある") && !said.contains("cohort_age"), "{said}");

    // Whom the number is reported to reads it too.
    let office = network(&town, &[(town.here.org, day(2022, 4, 1))]).await;
    let mut secretariat = town.signed_in(&office, "editor").await;
    let page = secretariat.get("/office/network").await;
    assert!(page.text.contains("3 ※1</td>"), "{}", page.text);
    assert!(
        page.text.contains(&format!("益田市の令和6年度の公表（2025/03/31時点）の添え書き：{NOTE}")),
        "{}",
        page.text
    );
    let token = page.form_token().expect("the form that takes it out");
    let sheet = secretariat.post("/office/network/export", &[("csrf", &token), ("format", "csv")]).await.text;
    let of_town = sheet.lines().find(|line| line.contains("益田市") && line.contains(",2024,")).expect("a row");
    assert!(of_town.ends_with(NOTE), "{sheet}");
    let total = sheet.lines().find(|line| line.contains("延べ") && line.contains(",2024,")).expect("a total");
    assert!(total.contains("一つの団体の中では一人を一度だけ数え") && total.contains("割合は足しません"), "{total}");

    let settings = installation::settings(&town);
    let (text, json) = printed(&settings, &["--as-of", "2026-03-16"]);
    assert!(text.contains(&format!("note of the publisher: {NOTE}")), "{text}");
    let years = json["figures"].as_array().unwrap();
    let of = |year: i32| years.iter().find(|line| line["fiscal_year"] == year && !line["target"].is_null()).unwrap();
    assert_eq!((&of(2024)["note"], &of(2025)["note"]), (&NOTE.into(), &serde_json::Value::Null));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_target_binds_in_the_same_words_everywhere(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let id = indicator(&town).await;
    let here = format!("/office/settings/indicators/{id}");
    let form = admin.get(&here).await;
    // A year without a target begins with 以上; one that has a target keeps how it binds.
    let chosen = |year: i32| {
        let from = form.text.find(&format!("name=\"bound-{year}\"")).expect("the year's kind");
        let select = form.text[from..].split("</select>").next().unwrap();
        let option = select.split("<option").find(|option| option.contains("selected")).unwrap_or(select);
        option.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!((chosen(2022).as_str(), chosen(2025).as_str()), ("at-least", "exactly"), "{}", form.text);
    let token = form.form_token().expect("the form of targets");
    let given = [("csrf", token.as_str()), ("target-2025", "１，５００人"), ("bound-2025", "at-least")];
    assert_eq!(admin.post(&here, &given).await.status, StatusCode::SEE_OTHER);
    for page in ["/office", "/office/reach"] {
        let shown = admin.get(page).await.text;
        assert!(shown.contains("目標 1,500人以上"), "{page}: {shown}");
    }
    let (text, json) = printed(&installation::settings(&town), &["--as-of", "2026-03-16"]);
    assert!(text.contains("target 1500 or more"), "{text}");
    assert_eq!((&json["now"][0]["target"], &json["now"][0]["target_bound"]), (&1500.into(), &"at_least".into()));
    let office = network(&town, &[(town.here.org, day(2022, 4, 1))]).await;
    let mut secretariat = town.signed_in(&office, "editor").await;
    let page = secretariat.get("/office/network").await.text;
    assert!(page.contains("1,500以上"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn whom_an_indicator_counts_stands_under_its_name(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let page = viewer.get("/office/reach?as_of=2025-03-31").await.text;
    let under =
        |name: &str| page.split(&format!("<h2>{name}</h2>")).nth(1).expect("the heading").trim_start().to_owned();
    let first = under("就活期に情報を届けられる学生数");
    assert!(first.starts_with("<p>数えているのは、令和3年度から令和6年度までに高校を卒業する学年の人"), "{first}");
    assert!(first.split("</p>").next().unwrap().contains("就活期がまだの人も"), "{first}");
    let second = under("現在就活期にあり情報を届けられる学生数");
    assert!(second.split("</p>").next().unwrap().contains("に就活期にいる人のうち"), "{second}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_day_that_is_counted_is_the_demonstrations_own_and_is_told(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    noted(&town).await;
    let settings = installation::settings(&town);
    let (text, json) = printed(&settings, &["--as-of", "2026-03-16"]);
    assert!(text.starts_with("counted as of 2026-03-16 (the day asked for)"), "{text}");
    assert_eq!(json["counted"]["as_of"], "2026-03-16");
    let (text, json) = printed(&settings, &[]);
    assert!(text.lines().next().is_some_and(|line| line.ends_with("(today)")), "{text}");
    assert_eq!(json["counted"]["calendar"], "machine");
    // A demonstration keeps how far its calendar stands from the machine's.
    let away = Timestamp::start_of(day(2025, 6, 1)).micros() - chrono::Utc::now().timestamp_micros();
    std::fs::write(town.db.dir.path().join("calendar"), (away + 3_600_000_000).to_string()).unwrap();
    let (text, json) = printed(&settings, &[]);
    assert!(text.starts_with("counted as of 2025-06-01 (today on the demonstration's calendar)"), "{text}");
    assert_eq!(
        (&json["now"][0]["as_of"], &json["counted"]["calendar"]),
        (&"2025-06-01".into(), &"demonstration".into())
    );
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_total_says_how_it_is_made_and_whom_it_adds(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    noted(&town).await;
    filled(&town, &town.there, "shimane/matsue").await;
    network(&town, &[(town.here.org, day(2022, 4, 1)), (town.there.org, day(2022, 4, 1))]).await;
    let (text, json) = printed(&installation::settings(&town), &["--as-of", "2026-03-16"]);
    assert!(text.contains("Rates are never added") && text.contains("each of its people once"), "{text}");
    assert!(json["rollup_means"].as_str().unwrap().contains("never added"));
    let lines = json["rollup"].as_array().unwrap();
    let line = |network: Option<&str>| {
        let of = |it: &&serde_json::Value| it["network"].as_str() == network && it["fiscal_year"] == 2024;
        lines.iter().find(|it| of(it) && it["indicator"] == "reachable-students").expect("a total").clone()
    };
    // Masuda has published three; Matsue nothing: in the total of all it is counted, in the network's it is blank.
    let (all, members) = (line(None), line(Some("test-network")));
    assert_eq!(
        (&all["adds"], &all["bodies"]),
        (&"published_else_computed".into(), &serde_json::json!(["322016", "322041"]))
    );
    assert_eq!((&members["adds"], &members["bodies"]), (&"published".into(), &serde_json::json!(["322041"])));
    assert_eq!(members["people"]["people"], 3);
    assert_eq!(members["people"]["blank"], serde_json::json!(["322016"]));
}
