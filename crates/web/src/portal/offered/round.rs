//! A round's page, for everybody: what it is, what one gets, who may take part, when, where, how one is chosen, and the button that
//! leads to applying. Who is not signed in is led to the way in first, and on from there. Leaves the questions to `applying`.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use tsunagari_acts::ActError;
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{RoundId, Timestamp};
use tsunagari_programmes::{Cap, Per, Places, Round, Stage, Within};

use super::words::{chosen, gets, left, mark, period, place, when};
use crate::office::desk::read_cookie;
use crate::portal::toward::Toward;
use crate::portal::town::{Town, go};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Facts};
use crate::shell::{AppError, Sample, Shell, Surface, cookies, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/programmes/{round}", Needs::Nothing, show).get(
        "/p/{code}/programmes/{round}/apply",
        Needs::Nothing,
        apply,
    )
}

#[derive(Template)]
#[template(path = "portal/offered/round.html")]
struct RoundPage {
    shell: Shell,
    title: String,
    mark: Chip,
    overview: String,
    content: Vec<String>,
    note: String,
    gets: Vec<String>,
    who: Vec<String>,
    classes: Vec<String>,
    /// When and where, how one is chosen, how often.
    facts: Facts,
    /// The address that leads to applying; empty when one cannot now.
    apply: String,
    why_not: String,
    /// The address of the draw's proof; empty where none was prepared.
    proof: String,
    all: String,
}

/// What a page is made from.
struct Known<'k> {
    running: &'k Running,
    round: &'k Round,
    places: Places,
    has_draw: bool,
    now: Timestamp,
}

fn cap(t: Texts, cap: Cap) -> String {
    let who = match cap.per {
        Per::Applicant => "offered-cap-applicant",
        Per::Beneficiary => "offered-cap-beneficiary",
        Per::Household => "offered-cap-household",
        Per::Group => "offered-cap-group",
    };
    let within = match cap.within {
        Within::Round => "offered-cap-round",
        Within::FiscalYear => "offered-cap-year",
        Within::Lifetime => "offered-cap-ever",
    };
    let n = i64::from(cap.at_most);
    t.with("offered-cap", &[("who", t.get(who).into()), ("within", t.get(within).into()), ("n", n.into())])
}

fn facts(t: Texts, known: &Known<'_>) -> Facts {
    let (running, round) = (known.running, known.round);
    let mut facts = Facts::default();
    for venue in &round.venues {
        facts = facts.row(t.get("offered-where"), place(t, venue));
        if venue.starts.is_some() {
            facts = facts.row(t.get("offered-when"), when(t, venue));
        }
    }
    facts = facts.row(t.get("offered-apply-period"), period(t, round));
    facts = facts.row(t.get("offered-how"), chosen(t, running, round));
    let free = left(t, running, &known.places);
    if !free.is_empty() && round.takes(known.now).is_ok() {
        facts = facts.row(t.get("offered-places"), free);
    }
    let caps: Vec<String> = running.policy.caps.iter().map(|it| cap(t, *it)).collect();
    if !caps.is_empty() {
        facts = facts.row(t.get("offered-caps"), caps.join("\n"));
    }
    facts
}

impl RoundPage {
    fn of(shell: Shell, base: &str, known: &Known<'_>) -> Self {
        let t = shell.t;
        let (running, round) = (known.running, known.round);
        let takes = round.takes(known.now);
        let reason = |refusal: tsunagari_programmes::RoundRefusal| {
            crate::sentences::sentence(t, &tsunagari_acts::Reason::of(refusal.code()))
        };
        let judged = |code: &str| running.policy.conditions.iter().any(|it| it.code == code);
        Self {
            title: round.title.clone(),
            mark: mark(t, round, known.now),
            overview: running.blueprint.sheet.overview.clone(),
            content: running.blueprint.sheet.content.clone(),
            note: round.note.clone(),
            gets: gets(t, running),
            who: running
                .blueprint
                .who
                .conditions
                .iter()
                .filter(|it| judged(&it.code))
                .map(|it| it.words.clone())
                .collect(),
            classes: running.blueprint.who.classes.iter().map(|it| it.words.clone()).collect(),
            facts: facts(t, known),
            apply: if takes.is_ok() { format!("{base}/programmes/{}/apply", round.id) } else { String::new() },
            why_not: takes.err().map(reason).unwrap_or_default(),
            proof: if known.has_draw { format!("{base}/programmes/{}/draw", round.id) } else { String::new() },
            all: format!("{base}/programmes"),
            shell,
        }
    }
}

/// The round an address names.
fn seen(town: &Town, id: &str) -> Result<RoundId, AppError> {
    id.parse().map_err(|_| town.problem(ActError::NotFound))
}

async fn show(town: Town, Path((_, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let id = seen(&town, &id)?;
    let mut reader = town.here().read_by_key().await.map_err(unreadable)?;
    let round = reader.round(id).await.map_err(unreadable)?.round;
    if round.stage == Stage::Draft {
        return Err(AppError::NotFound);
    }
    let running = running(&town.house, &mut reader, round.programme, round.version_no).await;
    let running = running.map_err(|error| town.problem(error))?;
    let (places, _) = reader.places_of(&round, None).await.map_err(unreadable)?;
    let has_draw = reader.round_draw(id).await.map_err(unreadable)?.is_some();
    drop(reader);
    let known = Known { running: &running, round: &round, places, has_draw, now: town.house.now() };
    Ok(page(&RoundPage::of(town.shell(), &town.at(""), &known)))
}

/// To the questions; by way of signing in, for who is not.
async fn apply(town: Town, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Result<Response, AppError> {
    let id = seen(&town, &id)?;
    let named = cookies::read(&headers, cookies::session_name(Surface::Portal)).and_then(read_cookie);
    if let Some((org, hash)) = named
        && org == town.org.id
        && town.here().read_by_key().await.map_err(unreadable)?.session(&hash).await.map_err(unreadable)?.is_some()
    {
        return Ok(go(&format!("/me/apply/{id}")));
    }
    Toward::Apply(id).remember(go(&town.at("/sign-in")))
}

/// An invented round.
pub fn sample() -> (Round, Timestamp) {
    use chrono::TimeDelta;
    use tsunagari_kernel::{FiscalYear, ProgrammeId};
    use tsunagari_programmes::{Capacity, Venue, WaitingList};
    let now = Timestamp::from_micros(1_773_600_000_000_000);
    let starts = Some(now.plus(TimeDelta::days(30)));
    let venue = |no: u16, name: &str, address: &str, online: &str, ends| Venue {
        no,
        name: name.into(),
        address: address.into(),
        online: online.into(),
        starts,
        ends,
        places: None,
    };
    let round = Round {
        id: RoundId(uuid::Uuid::nil()),
        programme: ProgrammeId(uuid::Uuid::nil()),
        version_no: 1,
        title: "春のワールドカフェ".into(),
        year: FiscalYear(2026),
        edition: Some(2),
        stage: Stage::Announced,
        opens: now.minus(TimeDelta::days(1)),
        closes: Some(now.plus(TimeDelta::days(20))),
        capacity: Capacity::Places(30),
        waiting_list: WaitingList::UpTo(5),
        budget: None,
        also: String::new(),
        note: "お茶を用意して待っています。".into(),
        venues: vec![
            venue(1, "公民館", "本町1-1", "", starts.map(|at| at.plus(TimeDelta::hours(2)))),
            venue(2, "オンライン", "", "https://example.jp/", starts.map(|at| at.plus(TimeDelta::days(1)))),
            venue(3, "東京", "", "", None),
        ],
    };
    (round, now)
}

/// Every shipped blueprint as it would run.
pub fn samples_of_programmes() -> Vec<Running> {
    let all = tsunagari_blueprints::blueprints().unwrap_or_default().into_iter();
    all.filter_map(|it| {
        let values = tsunagari_blueprints::Values::of(&it.parameters);
        Running::of(it, values).ok()
    })
    .collect()
}

impl Sample for RoundPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (round, now) = sample();
        let stages = Stage::ALL.map(|stage| Round { stage, ..round.clone() });
        let places = |taken| Places {
            capacity: round.capacity,
            waiting_list: round.waiting_list,
            taken,
            waiting: 0,
            last_order: 0,
        };
        let page = |running: &Running, round: &Round, taken| {
            Self::of(
                shell.clone(),
                "/p/322041",
                &Known { running, round, places: places(taken), has_draw: taken > 0, now },
            )
        };
        let all = samples_of_programmes();
        all.iter().flat_map(|it| [page(it, &stages[1], 3), page(it, &stages[2], 30), page(it, &stages[3], 0)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<RoundPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
