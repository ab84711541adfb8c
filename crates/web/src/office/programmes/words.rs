//! The words of programmes' codes: kinds, stages, where an application stands, places, days. Leaves sentences of whole pages to
//! the pages.

use serde::Serialize;
use tsunagari_blueprints::{Blueprint, ParameterValue};
use tsunagari_i18n::Texts;
use tsunagari_kernel::municipality::{self, MunicipalityCode};
use tsunagari_kernel::{ApplicationId, ProgrammeId, RoundId, Timestamp};
use tsunagari_programmes::{Capacity, Places, Round, Stage};

use crate::office::people::words::coded;
use crate::shell::Tone;
use crate::shell::components::Chip;

/// The page of a programme.
pub(super) fn programme_href(id: ProgrammeId) -> String {
    format!("{}/{id}", super::HERE)
}

/// The page of a round: its work list.
pub(super) fn round_href(id: RoundId) -> String {
    format!("{}/rounds/{id}", super::HERE)
}

/// The page of an application.
pub(super) fn application_href(id: ApplicationId) -> String {
    format!("{}/applications/{id}", super::HERE)
}

/// The page of a blueprint.
pub(super) fn blueprint_href(slug: &str) -> String {
    format!("{}/gallery/{slug}", super::HERE)
}

/// The code of an enum as files write it.
pub(super) fn code_of(it: impl Serialize) -> String {
    match serde_json::to_value(it) {
        Ok(serde_json::Value::String(code)) => code,
        Ok(_) | Err(_) => String::new(),
    }
}

/// A kind of programme, by its code.
pub(super) fn kind(t: Texts, code: &str) -> String {
    coded(t, "programme-kind", code)
}

/// A round's stage; an announced one says where its period stands.
pub(super) fn stage_chip(t: Texts, round: &Round, now: Timestamp) -> Chip {
    match round.stage {
        Stage::Draft => Chip::of(Tone::Warning, coded(t, "stage", round.stage.code())),
        Stage::Announced if now < round.opens => Chip::of(Tone::Info, t.get("round-not-open-yet")),
        Stage::Announced if round.closes.is_some_and(|end| end <= now) => {
            Chip::of(Tone::Info, t.get("round-closed-now"))
        }
        Stage::Announced => Chip::of(Tone::Success, t.get("round-open-now")),
        Stage::Finished => Chip::of(Tone::Info, coded(t, "stage", round.stage.code())),
        Stage::CalledOff => Chip::of(Tone::Error, coded(t, "stage", round.stage.code())),
    }
}

/// Where an application stands, by the code of its place.
pub(super) fn place_chip(t: Texts, code: &str) -> Chip {
    let tone = match code {
        "asked" | "sent_back" | "offered" => Tone::Warning,
        "held" | "chosen" => Tone::Success,
        _ => Tone::Info,
    };
    Chip::of(tone, coded(t, "place", code))
}

/// From when to when one can apply.
pub(super) fn period(t: Texts, round: &Round) -> String {
    let opens = t.date_time(round.opens);
    match round.closes {
        Some(closes) => t.two("round-period", "opens", opens, "closes", t.date_time(closes)),
        None => t.one("round-period-open", "opens", opens),
    }
}

/// How many places are taken.
pub(super) fn taken(t: Texts, places: &Places) -> String {
    let taken = i64::from(places.taken);
    let all = match places.capacity {
        Capacity::Open => t.count("round-taken-open", taken),
        Capacity::Places(of) => t.two("round-taken", "n", taken, "of", i64::from(of)),
    };
    match places.waiting {
        0 => all,
        n => format!("{all} {}", t.count("round-waiting", i64::from(n))),
    }
}

/// When and where a round is held, venue by venue.
pub(super) fn venues(t: Texts, round: &Round) -> Vec<String> {
    let one = |it: &tsunagari_programmes::Venue| {
        let day = it.starts.map(|at| t.date_time(at)).unwrap_or_default();
        let parts = [it.name.clone(), day, it.address.clone(), it.online.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    round.venues.iter().map(one).collect()
}

/// A code that stands for a place or a kind of school, in words; another as it is.
pub(super) fn code_words(t: Texts, code: &str) -> String {
    if let Ok(place) = MunicipalityCode::known(code) {
        return place.full_name();
    }
    t.find(format!("school-kind-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned())
}

/// What was typed for a place: its code, where it is the name of exactly one.
pub(super) fn place_code(typed: &str) -> String {
    match municipality::named(typed).as_slice() {
        [only] => only.code.to_string(),
        _ => typed.trim().to_owned(),
    }
}

/// A value in words.
pub(super) fn value(t: Texts, it: &ParameterValue) -> String {
    match it {
        ParameterValue::Number(n) => t.number(*n),
        ParameterValue::Flag(true) => t.get("programmes-yes"),
        ParameterValue::Flag(false) => t.get("programmes-no"),
        ParameterValue::Code(code) => code_words(t, code),
        ParameterValue::Codes(codes) => {
            codes.iter().map(|code| code_words(t, code)).collect::<Vec<_>>().join(&t.get("programmes-and"))
        }
        ParameterValue::Day(day) => t.date(day),
    }
}

/// The words of a class, by its code.
pub(super) fn class<'b>(blueprint: &'b Blueprint, code: &'b str) -> &'b str {
    blueprint.who.classes.iter().find(|it| it.code == code).map_or(code, |it| it.words.as_str())
}
