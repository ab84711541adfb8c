//! What is on in a town: the rounds one can apply to now, those to come and those just over, by day; narrowed by the sort of programme
//! or by a place. Everybody may look. Leaves a round's page to `round`.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Deserialize;
use tsunagari_acts::running_programme::running;
use tsunagari_blueprints::Kind;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_programmes::Round;

use super::words::{chosen, mark, period, place, when};
use crate::portal::town::Town;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Choices, Empty};
use crate::shell::{AppError, Sample, Shell, page};

/// What was over longer ago is not shown.
const BACK: TimeDelta = TimeDelta::days(14);
/// The most rounds of one page.
const MOST: i64 = 200;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/programmes", Needs::Nothing, show)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    kind: String,
    place: String,
}

/// A round of the list.
struct Line {
    href: String,
    title: String,
    overview: String,
    mark: Chip,
    /// When and where, a line each.
    venues: Vec<String>,
    period: String,
    chosen: String,
}

#[derive(Template)]
#[template(path = "portal/offered/on.html")]
struct OnPage {
    shell: Shell,
    title: String,
    narrowed: bool,
    kinds: Choices,
    places: Choices,
    lines: Vec<Line>,
    empty: Empty,
    all: String,
}

/// A round with what its line says.
struct Known {
    round: Round,
    kind: Kind,
    overview: String,
    chosen: String,
}

impl OnPage {
    fn of(shell: Shell, base: &str, known: Vec<Known>, asked: &Asked, now: Timestamp) -> Self {
        let t = shell.t;
        let mut kinds: Vec<Kind> = known.iter().map(|it| it.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut places: Vec<String> = known.iter().flat_map(|it| &it.round.venues).map(|it| it.name.clone()).collect();
        places.sort_unstable();
        places.dedup();
        let any = |name: &str, label: &str| Choices::select(t, name, t.get(label)).option("", t.get("offered-any"));
        let kinds = kinds.into_iter().fold(any("kind", "offered-kind"), |all, it| {
            all.option(it.code(), t.get(format!("offered-kind-{}", it.code())))
        });
        let places = places.iter().fold(any("place", "offered-where"), |all, it| all.option(it, it));
        let wanted = |it: &Known| {
            let kind = asked.kind.is_empty() || it.kind.code() == asked.kind;
            kind && (asked.place.is_empty() || it.round.venues.iter().any(|venue| venue.name == asked.place))
        };
        let lines = known.into_iter().filter(wanted).map(|it| line(t, base, it, now)).collect();
        Self {
            title: t.one("offered-title", "town", shell.org.name.as_str()),
            narrowed: !asked.kind.is_empty() || !asked.place.is_empty(),
            kinds: kinds.chosen(&asked.kind),
            places: places.chosen(&asked.place),
            lines,
            empty: Empty::of("today", t.get("offered-empty"), t.get("offered-empty.text")),
            all: format!("{base}/programmes"),
            shell,
        }
    }
}

fn line(t: Texts, base: &str, it: Known, now: Timestamp) -> Line {
    let venue = |venue: &tsunagari_programmes::Venue| match when(t, venue) {
        when if when.is_empty() => place(t, venue),
        when => t.two("offered-when-where", "when", when, "where", place(t, venue)),
    };
    Line {
        href: format!("{base}/programmes/{}", it.round.id),
        title: it.round.title.clone(),
        overview: it.overview,
        mark: mark(t, &it.round, now),
        venues: it.round.venues.iter().map(venue).collect(),
        period: t.one("offered-period-line", "period", period(t, &it.round)),
        chosen: it.chosen,
    }
}

async fn show(town: Town, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let now = town.house.now();
    let mut reader = town.here().read_by_key().await.map_err(unreadable)?;
    let rounds = reader.rounds_on(now.minus(BACK), MOST).await.map_err(unreadable)?;
    let mut known = Vec::with_capacity(rounds.len());
    for it in rounds {
        let round = it.round;
        let running = running(&town.house, &mut reader, round.programme, round.version_no).await;
        let running = running.map_err(|error| town.problem(error))?;
        known.push(Known {
            kind: running.blueprint.kind,
            overview: running.blueprint.sheet.overview.clone(),
            chosen: chosen(town.t, &running, &round),
            round,
        });
    }
    drop(reader);
    Ok(page(&OnPage::of(town.shell(), &town.at(""), known, &asked, now)))
}

impl Sample for OnPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (round, now) = super::round::sample();
        let known = |kind| Known { round: round.clone(), kind, overview: "話す会".into(), chosen: "先着".into() };
        let all = [
            Kind::Membership,
            Kind::Parcel,
            Kind::Subsidy,
            Kind::Event,
            Kind::Quest,
            Kind::Community,
            Kind::Display,
            Kind::Placement,
            Kind::Desk,
            Kind::Challenge,
            Kind::Survey,
        ];
        let nothing = Asked { kind: "parcel".into(), place: String::new() };
        vec![
            Self::of(shell.clone(), "/p/322041", all.map(known).into(), &Asked::default(), now),
            Self::of(shell.clone(), "/p/322041", vec![known(Kind::Event)], &nothing, now),
            Self::of(shell, "/p/322041", Vec::new(), &Asked::default(), now),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<OnPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
