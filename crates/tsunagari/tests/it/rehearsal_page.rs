//! A programme rehearsed in the office before a round opens: with the source's values, moved into this town, every example comes to
//! what it comes to there; a value set otherwise shows which examples it changes. Nothing stays in the office's own data.

use rstest::rstest;
use tsunagari_testkit::markup::forms;
use tsunagari_testkit::{Kind, Officer, Town};

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_value_changes_is_seen_before_a_round_opens(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let to = officer.done("/office/programmes/gallery/catalogue/itoigawa-wakachi", &[]).await;
    let programme = to.split('?').next().unwrap().to_owned();
    let rehearsal = format!("{programme}/rehearsal");
    assert!(officer.browser.get(&programme).await.text.contains(&rehearsal));
    let before = officer.browser.get(&rehearsal).await.text;
    assert!(before.contains("予行を始める") && !before.contains("境目の例"), "{before}");

    let page = officer.post(&rehearsal, &[]).await.text;
    assert!(page.contains("すべてが、元の事業と同じ結果になりました"), "{page}");
    for said in ["5人のうち3人では足りない", "構成員の5分の4以上が49歳以下であること", "架空の人", "断った理由"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }

    let form = officer.browser.get(&programme).await.text;
    let form = forms(&form, &programme).into_iter().find(|it| it.action == programme && it.posted).unwrap();
    officer.browser.submit(&form, &[("p-oldest", "45")]).await;
    let page = officer.post(&rehearsal, &[]).await.text;
    assert!(page.contains("元の事業とちがう結果になりました") && page.contains("元とちがう"), "{page}");
    let people = town.house.org(town.here.org).read().await.unwrap().people_page(&Default::default(), None, 9).await;
    assert!(people.unwrap().is_empty(), "nobody was invented in the office itself");
}
