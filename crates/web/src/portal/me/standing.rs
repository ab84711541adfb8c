//! Where somebody stands with each purpose: what is in force, what waits for a guardian, what is not agreed to, each in
//! words of its own and all in one sentence. Leaves what follows from consents to people, changing them to `change`.

use tsunagari_i18n::Texts;
use tsunagari_kernel::Moment;
use tsunagari_people::consent::OwnConsent;
use tsunagari_people::{Consent, ConsentState, GivenBy, PersonRecord, Purpose, ReachPolicy};
use tsunagari_storage::purpose::{Labelled, Wording};

use crate::portal::agree::{Promise, promises};
use crate::shell::Tone;

/// A purpose with where the person stands.
pub struct Standing {
    /// The purpose and its wording.
    pub promise: Promise,
    /// Where they stand.
    pub state: ConsentState,
    /// That in a word.
    pub mark: String,
    /// The mark's tone.
    pub tone: Tone,
    /// When and by whom it was given.
    pub words: String,
    /// Whether there is something to withdraw.
    pub given: bool,
    /// What somebody too young should know before withdrawing: giving it back takes a guardian again. Else empty.
    pub before: String,
    /// What was given and ended.
    pub earlier: Vec<String>,
}

/// The purposes with a wording, with where somebody stands.
pub fn standings(
    t: Texts,
    record: &PersonRecord,
    policy: &ReachPolicy,
    at: &Moment,
    purposes: &[Labelled],
    wordings: &[Wording],
) -> Vec<Standing> {
    let own = policy.own_consent(record.person.birth_date, at);
    let standing = |promise: Promise| {
        let purpose = Purpose::of(promise.code.as_str());
        let all: Vec<&Consent> = record.consents.iter().filter(|consent| consent.purpose == purpose).collect();
        let open = all
            .iter()
            .filter(|consent| consent.span.contains(at.instant))
            .max_by_key(|consent| consent.given_by != GivenBy::Myself);
        let state = ConsentState::of(&record.consents, &purpose, at.instant, own);
        let (mark, tone) = match state {
            ConsentState::InForce => ("portal-me-mark-on", Tone::Success),
            ConsentState::GuardianNeeded => ("portal-me-mark-waits", Tone::Warning),
            ConsentState::Withdrawn | ConsentState::Never => ("portal-me-mark-off", Tone::Info),
        };
        let ended = all
            .iter()
            .filter_map(|consent| Some((consent.span.from, consent.span.until.filter(|until| *until <= at.instant)?)));
        let earlier = ended.map(|(from, until)| {
            t.two("portal-me-consent-ended", "from", t.date_time(from), "until", t.date_time(until))
        });
        let hard_to_undo = own == OwnConsent::NeedsGuardian && state == ConsentState::InForce;
        Standing {
            state,
            before: if hard_to_undo { t.get("portal-me-consent-before") } else { String::new() },
            mark: t.get(mark),
            tone,
            words: open.map_or_else(|| t.get("portal-me-consent-none"), |consent| given(t, consent)),
            given: open.is_some(),
            earlier: earlier.collect(),
            promise,
        }
    };
    promises(t, purposes, wordings, &[]).into_iter().map(standing).collect()
}

fn given(t: Texts, consent: &Consent) -> String {
    let key = match consent.given_by {
        GivenBy::Myself => "portal-me-consent-given",
        GivenBy::Guardian(_) => "portal-me-consent-guardian",
    };
    t.two(key, "date", t.day(consent.span.from.jst_date()), "version", i64::from(consent.wording_version))
}

/// Names of purposes in one phrase; empty when there is none.
pub fn named<'n>(t: Texts, names: impl Iterator<Item = &'n str>) -> String {
    let quoted = names.map(|name| t.one("portal-quoted", "name", name));
    quoted.reduce(|one, two| t.two("portal-names", "one", one, "two", two)).unwrap_or_default()
}

/// The purposes in a state, in one phrase; empty when there is none.
pub fn those(t: Texts, standings: &[Standing], state: ConsentState) -> String {
    named(t, standings.iter().filter(|it| it.state == state).map(|it| it.promise.label.as_str()))
}

/// What waits for a guardian and what does not; empty when nothing waits.
pub fn waiting(t: Texts, standings: &[Standing]) -> String {
    let (waits, on) = (those(t, standings, ConsentState::GuardianNeeded), those(t, standings, ConsentState::InForce));
    match (waits.is_empty(), on.is_empty()) {
        (true, _) => String::new(),
        (false, true) => t.one("portal-me-waits-all", "waits", waits),
        (false, false) => t.two("portal-me-waits-some", "waits", waits, "on", on),
    }
}
