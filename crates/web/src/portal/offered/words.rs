//! Rounds and programmes in words: when, where, how many, how they are chosen, what one gets. Shared by the list, the page of a round
//! and the pages of applying. Leaves where an application stands to `portal::me::applications`.

use tsunagari_acts::running_programme::Running;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_programmes::{Capacity, How, Places, Round, Stage, Venue};

use crate::shell::Tone;
use crate::shell::components::Chip;

/// When one can apply.
pub fn period(t: Texts, round: &Round) -> String {
    match round.closes {
        Some(end) => t.two("offered-period", "from", t.date_time(round.opens), "until", t.date_time(end)),
        None => t.one("offered-period-open", "from", t.date_time(round.opens)),
    }
}

/// Whether one can apply now, as a mark.
pub fn mark(t: Texts, round: &Round, now: Timestamp) -> Chip {
    match (round.stage, round.takes(now)) {
        (Stage::CalledOff, _) => Chip::of(Tone::Error, t.get("offered-called-off")),
        (_, Ok(())) => Chip::of(Tone::Success, t.get("offered-open")),
        (Stage::Announced, Err(_)) if now < round.opens => Chip::of(Tone::Info, t.get("offered-soon")),
        (Stage::Draft | Stage::Announced | Stage::Finished, Err(_)) => Chip::plain(t.get("offered-over")),
    }
}

/// When something at a venue takes place; empty while that is not known.
pub fn when(t: Texts, venue: &Venue) -> String {
    match (venue.starts, venue.ends) {
        (None, _) => String::new(),
        (Some(from), None) => t.one("offered-from", "from", t.date_time(from)),
        (Some(from), Some(until)) if from.jst_date() == until.jst_date() => t.with(
            "offered-day",
            &[("day", t.day(from.jst_date()).into()), ("from", t.time(from).into()), ("until", t.time(until).into())],
        ),
        (Some(from), Some(until)) => t.two("offered-days", "from", t.date_time(from), "until", t.date_time(until)),
    }
}

/// Where it is: name, then address or "online".
pub fn place(t: Texts, venue: &Venue) -> String {
    let name = venue.name.as_str();
    if !venue.address.is_empty() {
        t.two("offered-place", "name", name, "address", venue.address.as_str())
    } else if !venue.online.is_empty() {
        t.one("offered-online", "name", name)
    } else {
        name.to_owned()
    }
}

/// How they are chosen, and how many.
pub fn chosen(t: Texts, running: &Running, round: &Round) -> String {
    let how = match running.policy.choosing.how {
        How::Open => "offered-how-open",
        How::FirstCome => "offered-how-first",
        How::Draw => "offered-how-draw",
        How::Review => "offered-how-review",
    };
    match round.capacity {
        Capacity::Open => t.get(how),
        Capacity::Places(n) => t.two("offered-how-many", "how", t.get(how), "n", i64::from(n)),
    }
}

/// How many places are left, where they go to whoever comes first; empty elsewhere.
pub fn left(t: Texts, running: &Running, places: &Places) -> String {
    let first = matches!(running.policy.choosing.how, How::Open | How::FirstCome);
    match places.free() {
        Some(free) if first && free > places.waiting => t.count("offered-left", i64::from(free - places.waiting)),
        Some(_) if first => t.get("offered-full"),
        Some(_) | None => String::new(),
    }
}

/// What one gets, with what it is worth and for whom.
pub fn gets(t: Texts, running: &Running) -> Vec<String> {
    let classes = &running.blueprint.who.classes;
    let word = |code: &String| classes.iter().find(|it| it.code == *code).map_or(code.clone(), |it| it.words.clone());
    let line = |it: &tsunagari_blueprints::Benefit| {
        let whom: Vec<String> = it.only_for.iter().map(word).collect();
        if whom.is_empty() {
            it.name.clone()
        } else {
            t.two("offered-gets-for", "what", it.name.as_str(), "whom", whom.join("／"))
        }
    };
    running.blueprint.gets.iter().map(line).collect()
}
