//! Leaving ends at LINE what LINE Login allowed; a request to be erased is followed on the page until the page is gone.

use tsunagari_access::Role;
use tsunagari_kernel::{PersonId, Span, TieId};
use tsunagari_people::{ContactKind, Tie, TieKind};
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;
use crate::joining::{answer, begin, by_line};
use crate::protected::{commit, office};

const P: &str = "/p/322041";

async fn joined(town: &Town, user: &str) -> Browser {
    let mut phone = Browser::at(&town.origin);
    begin(town, &mut phone, "spring").await;
    by_line(&mut phone, user).await.leads_to(&format!("{P}/join/name"));
    answer(&mut phone, "2007").await;
    phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
    phone
}

async fn person(town: &Town, user: &str) -> PersonId {
    let user_id = town.line.sim.user_id("p1", user).unwrap();
    let mut reader = town.house.org(town.org).read().await.unwrap();
    reader.person_by_contact(ContactKind::Line, &user_id, Some(town.provider)).await.unwrap().unwrap().person
}

/// Gives somebody a second tie.
async fn also_related(town: &Town, person: PersonId) {
    let span = Span::since(town.house.now().jst_date());
    let tie = Tie { id: TieId::born(&town.house.chance, town.house.now()), kind: TieKind::Related, span, ended: None };
    let mut tx = town.house.org(town.org).write().await.unwrap();
    tx.begin_tie(person, &tie).await.unwrap();
    commit(town, tx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_ends_what_line_login_allowed() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = joined(&town, "hana").await;
        town.work().await;
        let allowed = || town.line.sim.world().login.access.len();
        assert!(allowed() > 0, "LINE has given access");
        also_related(&town, person(&town, "hana").await).await;
        phone.fill("/me/leave", &[]).await;
        town.work().await;
        assert_eq!(allowed(), 0, "{kind:?}: ended at LINE");
        let id = person(&town, "hana").await;
        let here = town.house.org(town.org);
        let keys = here.person_keys(&[id]).await.unwrap();
        let kept = here.read().await.unwrap().line_access(id, &keys, town.house.real_clock.now()).await.unwrap();
        assert!(kept.is_empty(), "and forgotten here");
        let past = here.read().await.unwrap().person_changes(id, 9).await.unwrap();
        let ended = past.iter().find(|it| it.what == "tie").unwrap();
        assert!(ended.before.is_some(), "{ended:?}");
        assert_eq!(ended.after.as_deref().unwrap().matches("left").count(), 2, "{kind:?}: both ties: {ended:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_be_erased_is_followed_until_nothing_is_left() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = joined(&town, "hana").await;
        let id = person(&town, "hana").await;
        phone.get("/me/data").await.shows(200, "保存しているすべてのデータ").shows(200, "石見");
        phone.get("/me/data").await.shows(200, "番号だけでできた記録です");
        phone.fill("/me/erase", &[]).await.leads_to("/me");
        phone.get("/me").await.shows(200, "データの消去を");
        let path = format!("/office/people/{id}/erasure");
        let mut one = office(&town, Role::Editor).await;
        let mut two = office(&town, Role::Approver).await;
        one.get("/office/work").await.shows(200, &path);
        one.fill(&path, &[("ground", "")]).await.shows(422, "消去する理由を選んでください");
        one.fill(&path, &[("ground", "asked")]).await.leads_to(&format!("{path}?done=proposed"));
        phone.get("/me").await.shows(200, "もう一人で確かめています");
        let shown = two.get(&path).await.shows(200, "消去する");
        let parts = shown.body.split("/office/erasures/");
        let case = parts.filter_map(|rest| rest.split('/').next()).find(|it| it.len() == 36).unwrap().to_owned();
        let csrf = shown.csrf();
        two.post(&format!("/office/erasures/{case}/erase"), &[("csrf", &csrf)])
            .await
            .leads_to("/office/erasures?done=erased");
        two.get("/office/erasures").await.shows(200, "（消去済み）");
        assert_eq!(two.get(&path).await.status, 404);
        phone.get("/me").await.leads_to("/sign-in");
        assert_eq!(town.line.sim.world().login.access.len(), 0, "{kind:?}: ended at LINE too");
        assert_eq!(town.house.org(town.org).read().await.unwrap().left_of_erased().await.unwrap(), vec![]);
    }
}
