//! The line of news on top of my page after a change: exactly what was done, what ends and what goes on. The address
//! carries only a code; what is said is read from where the person stands now, so that an old address tells no untruth.

use serde::Deserialize;
use tsunagari_i18n::Texts;
use tsunagari_people::ConsentState;

use super::standing::{Standing, those};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct News {
    #[serde(default)]
    news: String,
    #[serde(default)]
    purpose: String,
}

impl News {
    #[cfg(test)]
    fn of(news: &str, purpose: &str) -> Self {
        Self { news: news.to_owned(), purpose: purpose.to_owned() }
    }

    /// The news in words; none when there is none, or it is not so (any more).
    pub fn told(&self, t: Texts, standings: &[Standing]) -> Option<String> {
        let about = standings.iter().find(|it| it.promise.code == self.purpose);
        let one =
            |key: &str, it: &Standing| t.one(key, "purpose", t.one("portal-quoted", "name", it.promise.label.as_str()));
        match (self.news.as_str(), about) {
            ("saved", _) => Some(t.get("portal-me-saved")),
            ("dropped", _) => Some(t.get("portal-me-dropped")),
            ("withdrawn", Some(it)) if !it.given => {
                Some(both(t, one("portal-me-withdrawn", it), goes_on(t, standings)))
            }
            ("stopped", _) => Some(both(t, t.get("portal-me-stopped"), goes_on(t, standings))),
            ("went-on", _) => Some(t.get("portal-me-went-on")),
            ("given", Some(it)) => match it.state {
                ConsentState::InForce => Some(one("portal-me-given", it)),
                ConsentState::GuardianNeeded => Some(one("portal-me-given-waits", it)),
                ConsentState::Withdrawn | ConsentState::Never => None,
            },
            _ => None,
        }
    }
}

fn both(t: Texts, one: String, two: String) -> String {
    t.two("portal-sentences", "one", one, "two", two)
}

/// What is still sent, what still waits; that nothing is left when nothing is.
fn goes_on(t: Texts, standings: &[Standing]) -> String {
    let said = [("portal-me-goes-on", ConsentState::InForce), ("portal-me-still-waits", ConsentState::GuardianNeeded)]
        .map(|(key, state)| (key, those(t, standings, state)));
    let told =
        said.into_iter().filter(|(_, names)| !names.is_empty()).map(|(key, names)| t.one(key, "purposes", names));
    told.reduce(|one, two| both(t, one, two)).unwrap_or_else(|| t.get("portal-me-nothing-left"))
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;
    use crate::portal::agree::sample_promises;
    use crate::shell::Tone;

    fn standings(t: Texts, states: [ConsentState; 2]) -> Vec<Standing> {
        let standing = |(promise, state)| Standing {
            promise,
            state,
            mark: String::new(),
            tone: Tone::Info,
            words: String::new(),
            given: matches!(state, ConsentState::InForce | ConsentState::GuardianNeeded),
            before: String::new(),
            earlier: Vec::new(),
        };
        sample_promises(t).into_iter().zip(states).map(standing).collect()
    }

    #[test]
    fn a_withdrawal_tells_what_ends_and_what_goes_on() {
        let t = Texts::of(Locale::Ja);
        let told = |states| News::of("withdrawn", "info").told(t, &standings(t, states));
        let one = told([ConsentState::Withdrawn, ConsentState::InForce]).unwrap();
        assert_eq!(
            one,
            "「まちからのお知らせ」の同意をやめました。もう届けません。「仕事と就職のお知らせ」は、これまでどおり届けます。"
        );
        let waits = told([ConsentState::Withdrawn, ConsentState::GuardianNeeded]).unwrap();
        assert!(waits.ends_with("「仕事と就職のお知らせ」は、保護者の同意がそろうまで届きません。"), "{waits}");
        let none = told([ConsentState::Withdrawn, ConsentState::Never]).unwrap();
        assert!(none.contains("何も届きません"), "{none}");
        assert_eq!(told([ConsentState::InForce, ConsentState::Never]), None, "an old address tells no untruth");
    }

    #[test]
    fn every_piece_of_news_has_its_words_in_every_language() {
        for locale in Locale::ALL {
            let t = Texts::of(locale);
            let both = standings(t, [ConsentState::InForce, ConsentState::GuardianNeeded]);
            for news in ["saved", "dropped", "stopped", "went-on"] {
                assert!(News::of(news, "").told(t, &both).is_some());
            }
            let given = ["info", "jobs"].map(|purpose| News::of("given", purpose).told(t, &both).unwrap());
            assert!(given[0] != given[1] && !given.concat().contains('⟦'), "{given:?}");
            let left = standings(t, [ConsentState::Withdrawn, ConsentState::InForce]);
            assert!(!News::of("withdrawn", "info").told(t, &left).unwrap().contains('⟦'));
            assert_eq!(News::of("<b>", "info").told(t, &both), None);
        }
    }
}
