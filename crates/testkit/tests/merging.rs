//! Taking a merge back at the HTTP door, on both databases: one stays where the button was, and what is there again is named
//! with a link.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that cannot go on ends")]

use tsunagari_testkit::markup::forms;
use tsunagari_testkit::{BOTH, Officer, Town};

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_taken_back_leads_to_the_entry_that_stayed() {
    for kind in BOTH {
        let town = Town::founded(kind).await;
        let mut officer = Officer::of(&town, &town.here, "administrator").await;
        let kept = officer.person("架空", "残", &[]).await;
        let gone = officer.person("架空", "戻", &[]).await;
        let fields = [("kept", kept.to_string()), ("gone", gone.to_string())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        officer.done(&format!("/office/people/{kept}/merge"), &fields).await;
        let card = format!("/office/people/{kept}");
        let shown = officer.browser.get(&card).await.text;
        let undo = forms(&shown, &card).into_iter().find(|form| form.action.ends_with("/undo")).unwrap();
        let to = officer.done(&undo.action, &[]).await;
        assert_eq!(to, format!("{card}?apart={gone}"), "{kind:?}");
        let page = officer.browser.get(&to).await.text;
        assert!(page.contains("架空 戻さんの登録は、また別になりました"), "{kind:?}: {page}");
        assert!(page.contains(&format!("href=\"/office/people/{gone}\"")) && page.contains("その登録を開く"));
        // Nobody of another town, and nobody at all, is named.
        let mut elsewhere = Officer::of(&town, &town.there, "administrator").await;
        let foreign = elsewhere.person("他町", "他人", &[]).await;
        for other in [foreign.to_string(), "x".to_owned()] {
            let page = officer.browser.get(&format!("{card}?apart={other}")).await.text;
            assert!(!page.contains("また別になりました") && !page.contains("他町"), "{kind:?}");
        }
    }
}
