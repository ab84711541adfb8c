//! A round with its applications as a work list: by where they stand, fifty a page, in the order in which they came; what is
//! picked is decided or recorded together. Leaves doing that to `bulk` and one application to `application`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_kernel::{ApplicationId, RoundId, Timestamp};
use tsunagari_programmes::{Came, How, Outcome, Places, Stage};
use tsunagari_storage::application_list::{ApplicationFilter, ApplicationLine};
use tsunagari_storage::programme_round::KeptRound;

use super::words::{self, application_href, programme_href, round_href};
use super::{bulk, crumbs, decision, doors, draw, framed, parcels, payments, said};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Crumbs, Empty, Facts, Link, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, page};

/// Lines of a page.
const LINES: i64 = 50;

/// The views: word of the address, and where the applications of it stand.
const VIEWS: &[(&str, &[&str])] = &[
    ("all", &[]),
    ("asked", &["asked"]),
    ("sent-back", &["sent_back"]),
    ("held", &["held", "chosen"]),
    ("offered", &["offered"]),
    ("waiting", &["waiting"]),
    ("over", &["withdrawn", "declined", "lapsed", "cancelled", "not_chosen"]),
];

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/office/programmes/rounds/{round}", Needs::Permission(Code::ViewProgrammes), show)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    not: String,
}

struct Line {
    id: String,
    href: String,
    receipt: String,
    name: String,
    kana: String,
    applied: String,
    place: Chip,
    came: String,
    for_staff: bool,
    class: String,
    venue: String,
}

#[derive(Template)]
#[template(path = "office/programmes/work_list.html")]
struct RoundPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    stage: Chip,
    facts: Facts,
    steps: Vec<Link>,
    enter: Option<Link>,
    tabs: Tabs,
    view: String,
    lines: Vec<Line>,
    classes: bool,
    venues: bool,
    action: String,
    /// Code, words.
    buttons: Vec<(&'static str, String)>,
    first: Option<Link>,
    next: Option<Link>,
    empty: Empty,
}

/// What is read of a round.
struct Known {
    it: KeptRound,
    /// What the programme is called here.
    programme: String,
    places: Places,
    running: std::sync::Arc<Running>,
    counts: Vec<(String, i64)>,
    lines: Vec<ApplicationLine>,
    more: bool,
    now: Timestamp,
}

/// What its reader may do.
#[derive(Clone, Copy)]
struct May {
    manage: bool,
    handle: bool,
    names: bool,
}

async fn read(desk: &Desk, round: &str, asked: &Asked) -> Result<Known, AppError> {
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let it = reader.round(id).await.map_err(unreadable)?;
    let (places, _) = reader.places_of(&it.round, None).await.map_err(unreadable)?;
    let running = running(&desk.house, &mut reader, it.round.programme, it.round.version_no).await;
    let running = running.map_err(|error| desk.problem(error))?;
    let programme = reader.programme(it.round.programme).await.map_err(unreadable)?.title;
    let counts = reader.applications_by_place(id).await.map_err(unreadable)?;
    let places_asked = VIEWS.iter().find(|(name, _)| *name == asked.view).map_or(&[][..], |(_, places)| places);
    let filter = ApplicationFilter {
        places: places_asked.iter().map(|it| (*it).to_owned()).collect(),
        ..ApplicationFilter::default()
    };
    let after: Option<ApplicationId> = asked.after.parse().ok();
    let mut lines = reader.application_lines(id, &filter, after, LINES + 1).await.map_err(unreadable)?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = lines.len() > shown;
    lines.truncate(shown);
    Ok(Known { it, programme, places, running, counts, lines, more, now: desk.house.now() })
}

fn line(shell: &Shell, known: &Known, it: &ApplicationLine, may: May) -> Line {
    let t = shell.t;
    let application = &it.application;
    let standing = &application.standing;
    let came = match (standing.completed, standing.came) {
        (true, _) => t.get("application-completed"),
        (false, Some(Came::Yes)) => t.get("application-came"),
        (false, Some(Came::No)) => t.get("application-absent"),
        (false, None) => String::new(),
    };
    let venue = application.venue.and_then(|no| known.it.round.venue(no));
    let class = application.class.as_deref().map(|code| words::class(&known.running.blueprint, code).to_owned());
    let named = if may.names { (it.name.clone(), it.kana.clone()) } else { Default::default() };
    Line {
        id: application.id.to_string(),
        href: application_href(application.id),
        receipt: application.receipt.clone(),
        name: if may.names && application.applicant.is_none() { t.get("application-erased") } else { named.0 },
        kana: named.1,
        applied: t.date_time_short(application.applied_at),
        place: words::place_chip(t, standing.place.code()),
        came,
        for_staff: application.judged == Outcome::ForStaff && standing.place == tsunagari_programmes::Place::Asked,
        class: class.unwrap_or_default(),
        venue: venue.map(|it| it.name.clone()).unwrap_or_default(),
    }
}

fn steps(shell: &Shell, it: &KeptRound, may: May) -> Vec<Link> {
    if !may.manage {
        return Vec::new();
    }
    let here = round_href(it.round.id);
    let link = |word: &str, key: &str| Link::to(format!("{here}/{word}"), shell.t.get(key));
    match it.round.stage {
        Stage::Draft => vec![
            link("announce", "round-step-announce"),
            link("edit", "round-edit"),
            link("call-off", "round-step-call-off"),
        ],
        Stage::Announced => vec![
            link("edit", "round-edit"),
            link("finish", "round-step-finish"),
            link("call-off", "round-step-call-off"),
        ],
        Stage::Finished | Stage::CalledOff => Vec::new(),
    }
}

fn facts(shell: &Shell, known: &Known) -> Facts {
    let t = shell.t;
    let round = &known.it.round;
    let edition = round.edition.map(|n| t.count("round-edition-n", u32::from(n)));
    let year = [Some(t.fiscal_year(round.year)), edition].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut facts = Facts::default()
        .row(t.get("round-year"), year)
        .row(t.get("round-when"), words::period(t, round))
        .row(t.get("round-places"), words::taken(t, &known.places));
    for venue in words::venues(t, round) {
        facts = facts.row(t.get("round-venues"), venue);
    }
    if let Some(yen) = round.budget {
        facts = facts.row(t.get("round-budget"), t.yen(yen.0));
    }
    if round.note.is_empty() { facts } else { facts.row(t.get("round-note"), round.note.clone()) }
}

fn tabs(shell: &Shell, here: &str, view: &str, counts: &[(String, i64)]) -> Tabs {
    let t = shell.t;
    let tab = |(name, places): &(&str, &[&str])| {
        let of = |(place, _): &&(String, i64)| places.is_empty() || places.contains(&place.as_str());
        let n: i64 = counts.iter().filter(of).map(|(_, n)| n).sum();
        let label = t.get(format!("application-view-{name}"));
        let item = NavItem::to(&format!("{here}?view={name}"), label, "people", "");
        NavItem { current: *name == view, count: u64::try_from(n).ok().filter(|n| *n > 0), ..item }
    };
    Tabs::of(t.get("application-views"), VIEWS.iter().map(tab).collect())
}

/// What can be done with those of a view.
fn buttons(shell: &Shell, known: &Known, view: &str) -> Vec<(&'static str, String)> {
    let there = |places: &[&str]| known.counts.iter().any(|(place, n)| *n > 0 && places.contains(&place.as_str()));
    let mut codes = Vec::new();
    if matches!(view, "all" | "asked") && there(&["asked"]) {
        codes.extend(decision::decisions(&known.running.policy.choosing));
    }
    if matches!(view, "all" | "held") && there(&["held"]) {
        codes.extend(decision::RECORDS);
    }
    codes.into_iter().map(|code| (code, shell.t.get(format!("application-do-{code}")))).collect()
}

impl RoundPage {
    fn of(shell: Shell, known: &Known, asked: &Asked, may: May) -> Self {
        let t = shell.t;
        let round = &known.it.round;
        let here = round_href(round.id);
        let view = VIEWS.iter().find(|(name, _)| *name == asked.view).map_or("all", |(name, _)| *name);
        let href = |after: &str| format!("{here}?view={view}&after={after}");
        let last = known.lines.last().filter(|_| known.more).map(|it| it.application.id.to_string());
        let drawn = known.running.policy.choosing.how == How::Draw;
        let enter = (may.handle && may.names && round.takes(known.now).is_ok())
            .then(|| Link::to(format!("{here}/enter"), t.get("application-enter")));
        let empty = Empty::of("people", t.get("application-none"), t.get("application-none.text"));
        Self {
            crumbs: crumbs(t, vec![Link::to(programme_href(round.programme), known.programme.clone())]),
            title: round.title.clone(),
            stage: words::stage_chip(t, round, known.now),
            facts: facts(&shell, known),
            steps: drawn
                .then(|| draw::link(t, round))
                .into_iter()
                .chain((may.handle && may.names).then(|| said::link(t, round)))
                .chain(doors::link(t, round))
                .chain(parcels::link(t, &known.running, round))
                .chain(payments::link(t, &known.running, round))
                .chain(steps(&shell, &known.it, may))
                .collect(),
            enter,
            tabs: tabs(&shell, &here, view, &known.counts),
            lines: known.lines.iter().map(|it| line(&shell, known, it, may)).collect(),
            classes: !known.running.blueprint.who.classes.is_empty(),
            venues: round.venues.len() > 1,
            action: format!("{here}/moves"),
            buttons: if may.handle { buttons(&shell, known, view) } else { Vec::new() },
            view: view.to_owned(),
            first: (!asked.after.is_empty()).then(|| Link::to(href(""), t.get("shell-pager-first"))),
            next: last.map(|after| Link::to(href(&after), t.get("shell-pager-next"))),
            empty,
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let known = read(&desk, &round, &asked).await?;
    let may = May {
        manage: desk.may(Code::ManageProgrammes),
        handle: desk.may(Code::HandleApplications),
        names: desk.may(Code::ViewPeople),
    };
    let mut shell = framed(&desk, &asked.done);
    shell.flash.extend(bulk::told(desk.t, &asked.n, &asked.not, "application-bulk-nothing"));
    Ok(page(&RoundPage::of(shell, &known, &asked, may)))
}

impl Sample for RoundPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let places = |round: &tsunagari_programmes::Round| Places {
            capacity: round.capacity,
            waiting_list: round.waiting_list,
            taken: 3,
            waiting: 2,
            last_order: 2,
        };
        let face = |it: &tsunagari_blueprints::Blueprint, stage: Stage| {
            let values = tsunagari_blueprints::Values::of(&it.parameters);
            let mut kept = super::round_form::sample_round();
            kept.round.stage = stage;
            kept.round.budget = Some(tsunagari_kernel::Yen(100_000));
            (kept.round.edition, kept.round.note) = (Some(2), "昼食が出ます".into());
            let known = Known {
                places: places(&kept.round),
                programme: "帰省の集い".into(),
                running: std::sync::Arc::new(Running::of(it.clone(), values).ok()?),
                counts: vec![("asked".into(), 2), ("held".into(), 1)],
                lines: super::application::sample_lines(),
                more: true,
                now: kept.round.opens,
                it: kept,
            };
            let asked = Asked { after: "x".into(), ..Asked::default() };
            let may = May { manage: true, handle: true, names: true };
            Some(Self::of(shell.clone(), &known, &asked, may))
        };
        let all = super::gallery::shipped();
        all.iter().zip(Stage::ALL.into_iter().cycle()).filter_map(|(it, stage)| face(it, stage)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::RoundPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
