//! A round as the fields of a form, and what was typed into them. One more venue's row comes with a button of the form, without
//! scripts. Leaves what fits together to the domain and the act.

use tsunagari_blueprints::VenuePlaces;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, ProgrammeId, RoundId, Timestamp, Yen};
use tsunagari_programmes::{Capacity, Policy, Round, Stage, Venue, WaitingList};
use tsunagari_storage::programme_round::KeptRound;

use super::parameter_form::{Typed, first};
use crate::office::messages::form::{field_of as time_field, instant};
use crate::office::settings::{Wrong, number, some};
use crate::shell::components::{Choices, Field, FieldKind};

/// The most venues of a round.
const VENUES: usize = 40;
/// More places than any round has.
const MOST_PLACES: i64 = 1_000_000;
/// More yen than any round costs.
const MOST_YEN: i64 = 1_000_000_000_000;

/// The fields of a venue's row.
pub(super) struct VenueRow {
    pub(super) legend: String,
    pub(super) no: (String, String),
    pub(super) fields: Vec<Field>,
}

/// The fields of a round.
pub(super) struct RoundFields {
    pub(super) about: Vec<Field>,
    pub(super) year: Choices,
    pub(super) period: Vec<Field>,
    pub(super) places: Vec<Field>,
    pub(super) list: Choices,
    pub(super) list_most: Field,
    pub(super) rows: usize,
    pub(super) venues: Vec<VenueRow>,
    pub(super) venues_error: Option<String>,
}

/// What the form of a new round shows: the programme's places and list, its venues, a period from tomorrow on.
pub(super) fn begun(title: &str, policy: &Policy, venues: &[VenuePlaces], now: Timestamp) -> Typed {
    let mut typed = Typed::new();
    let mut put = |name: &str, value: String| drop(typed.insert(name.to_owned(), vec![value]));
    put("title", title.to_owned());
    put("year", FiscalYear::of(now.jst_date()).0.to_string());
    let tomorrow = now.jst_date().succ_opt().unwrap_or(now.jst_date());
    put("opens", format!("{tomorrow}T09:00"));
    if let Capacity::Places(n) = policy.choosing.capacity {
        put("places", n.to_string());
    }
    put_list(&mut put, policy.choosing.waiting_list);
    for (n, it) in venues.iter().enumerate() {
        put(&format!("v{n}-name"), it.name.clone());
    }
    put("rows", venues.len().max(1).to_string());
    typed
}

fn put_list(put: &mut impl FnMut(&str, String), list: WaitingList) {
    let (code, most) = match list {
        WaitingList::None => ("none", String::new()),
        WaitingList::Endless => ("endless", String::new()),
        WaitingList::UpTo(n) => ("up-to", n.to_string()),
    };
    put("list", code.to_owned());
    put("list-most", most);
}

/// What the form of a round that is on record shows.
pub(super) fn shown(it: &KeptRound) -> Typed {
    let mut typed = Typed::new();
    let mut put = |name: &str, value: String| drop(typed.insert(name.to_owned(), vec![value]));
    let round = &it.round;
    let time = |at: Option<Timestamp>| at.map(time_field).unwrap_or_default();
    put("title", round.title.clone());
    put("year", round.year.0.to_string());
    put("edition", round.edition.map(|n| n.to_string()).unwrap_or_default());
    put("opens", time(Some(round.opens)));
    put("closes", time(round.closes));
    if let Capacity::Places(n) = round.capacity {
        put("places", n.to_string());
    }
    put_list(&mut put, round.waiting_list);
    put("budget", round.budget.map(|yen| yen.0.to_string()).unwrap_or_default());
    put("note", round.note.clone());
    for (n, venue) in round.venues.iter().enumerate() {
        put(&format!("v{n}-no"), venue.no.to_string());
        put(&format!("v{n}-name"), venue.name.clone());
        put(&format!("v{n}-address"), venue.address.clone());
        put(&format!("v{n}-online"), venue.online.clone());
        put(&format!("v{n}-starts"), time(venue.starts));
        put(&format!("v{n}-ends"), time(venue.ends));
        put(&format!("v{n}-places"), venue.places.map(|n| n.to_string()).unwrap_or_default());
    }
    put("rows", round.venues.len().max(1).to_string());
    put("seen", it.version.to_string());
    typed
}

/// How many rows of venues there are.
pub(super) fn rows(typed: &Typed) -> usize {
    first(typed, "rows").parse::<usize>().unwrap_or(1).clamp(1, VENUES)
}

impl RoundFields {
    /// The fields with what is typed in them.
    pub(super) fn of(t: Texts, typed: &Typed, wrong: &Wrong, now: Timestamp) -> Self {
        let field = |kind, name: &str, key: &str| {
            Field::of(kind, t, name, t.get(key)).value(first(typed, name)).error(wrong.at(name))
        };
        let this = FiscalYear::of(now.jst_date());
        let mut year = Choices::select(t, "year", t.get("round-year"));
        for one in (-1..=2).map(|n| this.plus(n)) {
            year = year.option(one.0.to_string(), t.fiscal_year(one));
        }
        let known = first(typed, "year").parse().map(FiscalYear).ok();
        if let Some(other) = known.filter(|it| !(-1..=2).contains(&(it.0 - this.0))) {
            year = year.option(other.0.to_string(), t.fiscal_year(other));
        }
        let list = Choices::radio(t, "list", t.get("round-list"))
            .option("none", t.get("round-list-none"))
            .option("up-to", t.get("round-list-up-to"))
            .option("endless", t.get("round-list-endless"));
        let edition = field(FieldKind::Number, "edition", "round-edition").hint(t.get("round-edition.hint"));
        let note = field(FieldKind::Area, "note", "round-note").hint(t.get("round-note.hint")).rows(4);
        Self {
            about: vec![field(FieldKind::Text, "title", "round-title").required(), edition, note],
            year: year.chosen(first(typed, "year")).error(wrong.at("year")),
            period: vec![
                field(FieldKind::DateTime, "opens", "round-opens").required(),
                field(FieldKind::DateTime, "closes", "round-closes").hint(t.get("round-closes.hint")),
            ],
            places: vec![
                field(FieldKind::Number, "places", "round-places").hint(t.get("round-places.hint")),
                field(FieldKind::Number, "budget", "round-budget").hint(t.get("round-budget.hint")),
            ],
            list: list.chosen(match first(typed, "list") {
                "" => "none",
                code => code,
            }),
            list_most: field(FieldKind::Number, "list-most", "round-list-most"),
            rows: rows(typed),
            venues: (0..rows(typed)).map(|n| venue_row(t, n, typed, wrong)).collect(),
            venues_error: wrong.at("venues"),
        }
    }
}

fn venue_row(t: Texts, n: usize, typed: &Typed, wrong: &Wrong) -> VenueRow {
    let field = |kind, part: &str, key: &str| {
        let name = format!("v{n}-{part}");
        Field::of(kind, t, &name, t.get(key)).value(first(typed, &name)).error(wrong.at(&name))
    };
    let no = format!("v{n}-no");
    VenueRow {
        legend: t.count("round-venue", n + 1),
        fields: vec![
            field(FieldKind::Text, "name", "round-venue-name"),
            field(FieldKind::Text, "address", "round-venue-address"),
            field(FieldKind::Url, "online", "round-venue-online"),
            field(FieldKind::DateTime, "starts", "round-venue-starts"),
            field(FieldKind::DateTime, "ends", "round-venue-ends"),
            field(FieldKind::Number, "places", "round-venue-places").hint(t.get("round-venue-places.hint")),
        ],
        no: (no.clone(), first(typed, &no).to_owned()),
    }
}

/// Reads fields one by one and says at each what cannot be read.
struct Reading<'r> {
    t: Texts,
    typed: &'r Typed,
    wrong: &'r mut Wrong,
}

impl Reading<'_> {
    fn time(&mut self, field: &str) -> Option<Timestamp> {
        let text = some(first(self.typed, field))?;
        let read = instant(&text);
        if read.is_none() {
            self.wrong.unread(self.t, field, "round-time-unread");
        }
        read
    }

    fn number(&mut self, field: &str, most: i64) -> Option<i64> {
        let text = some(first(self.typed, field))?;
        let read = number(&text).filter(|n| (0..=most).contains(n));
        if read.is_none() {
            self.wrong.unread(self.t, field, "round-number-unread");
        }
        read
    }

    fn small(&mut self, field: &str) -> Option<u32> {
        self.number(field, MOST_PLACES).and_then(|n| u32::try_from(n).ok())
    }

    fn list(&mut self) -> WaitingList {
        match first(self.typed, "list") {
            "endless" => WaitingList::Endless,
            "up-to" => match self.small("list-most") {
                Some(0) => WaitingList::None,
                Some(n) => WaitingList::UpTo(n),
                None => {
                    if self.wrong.at("list-most").is_none() {
                        self.wrong.unread(self.t, "list-most", "round-number-unread");
                    }
                    WaitingList::None
                }
            },
            _ => WaitingList::None,
        }
    }

    /// The venues whose row has anything; those on record keep their number, others get the next one.
    fn venues(&mut self) -> Vec<Venue> {
        let known = |typed: &Typed, n: usize| first(typed, &format!("v{n}-no")).parse::<u16>().ok();
        let mut last = (0..rows(self.typed)).filter_map(|n| known(self.typed, n)).max().unwrap_or_default();
        let mut venues: Vec<Venue> = Vec::new();
        for n in 0..rows(self.typed) {
            let at = |part: &str| format!("v{n}-{part}");
            let text = |part: &str| first(self.typed, &at(part)).trim().to_owned();
            let parts = ["name", "address", "online", "starts", "ends", "places"];
            if parts.iter().all(|part| text(part).is_empty()) {
                continue;
            }
            let (name, address, online) = (text("name"), text("address"), text("online"));
            if name.is_empty() {
                self.wrong.unread(self.t, &at("name"), "refused-field-empty");
            }
            let own = known(self.typed, n).filter(|no| venues.iter().all(|it| it.no != *no));
            let no = own.unwrap_or_else(|| {
                last = last.saturating_add(1);
                last
            });
            let (starts, ends) = (self.time(&at("starts")), self.time(&at("ends")));
            venues.push(Venue { no, name, address, online, starts, ends, places: self.small(&at("places")) });
        }
        venues
    }
}

/// The round that was typed, over what is not asked; nothing when something cannot be read, which is then said.
pub(super) fn read(t: Texts, typed: &Typed, over: &Round, wrong: &mut Wrong) -> Option<Round> {
    let mut it = Reading { t, typed, wrong };
    let year = first(typed, "year").parse().map(FiscalYear).unwrap_or(over.year);
    let edition = it.number("edition", 9_999).and_then(|n| u16::try_from(n).ok());
    let opens = it.time("opens");
    if opens.is_none() && it.wrong.at("opens").is_none() {
        it.wrong.unread(t, "opens", "round-time-unread");
    }
    let closes = it.time("closes");
    let capacity = it.small("places").map_or(Capacity::Open, Capacity::Places);
    let waiting_list = it.list();
    let budget = it.number("budget", MOST_YEN).map(Yen);
    let venues = it.venues();
    if !wrong.none() {
        return None;
    }
    Some(Round {
        title: first(typed, "title").trim().to_owned(),
        year,
        edition,
        opens: opens?,
        closes,
        capacity,
        waiting_list,
        budget,
        note: first(typed, "note").replace("\r\n", "\n"),
        venues,
        ..over.clone()
    })
}

/// A round of a programme of which nothing is said yet.
pub(super) fn blank(programme: ProgrammeId, now: Timestamp) -> Round {
    Round {
        id: RoundId(uuid::Uuid::nil()),
        programme,
        version_no: 1,
        title: String::new(),
        year: FiscalYear::of(now.jst_date()),
        edition: None,
        stage: Stage::Draft,
        opens: now,
        closes: None,
        capacity: Capacity::Open,
        waiting_list: WaitingList::None,
        budget: None,
        also: String::new(),
        note: String::new(),
        venues: Vec::new(),
    }
}

/// An invented round.
pub(super) fn sample_round() -> KeptRound {
    let now = Timestamp::from_micros(1_773_600_000_000_000);
    let venue = Venue {
        no: 1,
        name: "公民館".into(),
        address: "駅前1-1".into(),
        online: String::new(),
        starts: Some(now),
        ends: None,
        places: Some(10),
    };
    let round = Round {
        title: "春の回".into(),
        stage: Stage::Announced,
        closes: Some(now.plus(chrono::TimeDelta::days(20))),
        capacity: Capacity::Places(30),
        waiting_list: WaitingList::UpTo(5),
        venues: vec![venue],
        ..blank(ProgrammeId(uuid::Uuid::nil()), now)
    };
    KeptRound { round, created_by: tsunagari_kernel::UserId(uuid::Uuid::nil()), updated_at: now, version: 1 }
}
