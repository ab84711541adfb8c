//! One programme: its sheet, its rounds, its values to be set anew (the next version), the versions there were. Leaves rounds to
//! `round_edit` and applications to `work_list`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::ManageProgrammes;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_programme::{Away, ProgrammeGiven, keep_programme, put_programme_away};
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_kernel::{ProgrammeId, Timestamp};
use tsunagari_programmes::Places;
use tsunagari_storage::programme::{KeptProgramme, ProgrammeVersion};
use tsunagari_storage::programme_round::KeptRound;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::team::Team;

use super::parameter_form::{self as form, Input, Typed};
use super::sheet::{SheetView, Told, told};
use super::words::{self, programme_href, round_href};
use super::{News, crumbs, framed};
use crate::office::desk::Desk;
use crate::office::settings::{Wrong, some};
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::{sentence, unreadable};
use crate::shell::components::{Chip, Choices, ConfirmForm, Crumbs, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let (view, manage) = (Needs::Permission(Code::ViewProgrammes), Needs::Permission(Code::ManageProgrammes));
    routes
        .get("/office/programmes/{programme}", view, show)
        .post("/office/programmes/{programme}", manage, keep)
        .post("/office/programmes/{programme}/put-away", manage, put_away)
        .post("/office/programmes/{programme}/take-out", manage, take_out)
}

struct RoundLine {
    href: String,
    title: String,
    stage: Chip,
    period: String,
    taken: String,
}

struct VersionLine {
    no: u32,
    when: String,
    who: String,
}

#[derive(Template)]
#[template(path = "office/programmes/show.html")]
struct ShowPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    title: String,
    kind: String,
    away: bool,
    here: String,
    rounds: Vec<RoundLine>,
    may: bool,
    name: Field,
    team: Choices,
    settings: Vec<Input>,
    values: Vec<Told>,
    seen: u32,
    sheet: SheetView,
    versions: Vec<VersionLine>,
    move_away: Option<ConfirmForm>,
}

/// What is read of a programme.
struct Known {
    programme: KeptProgramme,
    running: std::sync::Arc<Running>,
    versions: Vec<ProgrammeVersion>,
    rounds: Vec<(KeptRound, Places)>,
    teams: Vec<Team>,
    staff: Vec<Staff>,
    now: Timestamp,
}

async fn read(desk: &Desk, programme: &str) -> Result<Known, AppError> {
    let id: ProgrammeId = programme.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let programme = reader.programme(id).await.map_err(unreadable)?;
    let running = running(&desk.house, &mut reader, id, programme.version_no).await;
    let running = running.map_err(|error| desk.problem(error))?;
    let versions = reader.programme_versions(id).await.map_err(unreadable)?;
    let mut rounds = Vec::new();
    for it in reader.rounds_of(id).await.map_err(unreadable)? {
        let (places, _) = reader.places_of(&it.round, None).await.map_err(unreadable)?;
        rounds.push((it, places));
    }
    let teams = reader.teams().await.map_err(unreadable)?;
    let staff = reader.staff().await.map_err(unreadable)?;
    Ok(Known { programme, running, versions, rounds, teams, staff, now: desk.house.now() })
}

/// What the form shows before anybody typed.
fn shown(shell: &Shell, known: &Known) -> Typed {
    let mut typed = form::shown(shell.t, &known.running.values);
    typed.insert("title".into(), vec![known.programme.title.clone()]);
    typed.insert("team".into(), vec![known.programme.team.map(|id| id.to_string()).unwrap_or_default()]);
    typed
}

fn round_line(shell: &Shell, now: Timestamp, (it, places): &(KeptRound, Places)) -> RoundLine {
    let t = shell.t;
    RoundLine {
        href: round_href(it.round.id),
        title: it.round.title.clone(),
        stage: words::stage_chip(t, &it.round, now),
        period: words::period(t, &it.round),
        taken: words::taken(t, places),
    }
}

impl ShowPage {
    fn of(shell: Shell, known: &Known, may: bool, typed: &Typed, wrong: &Wrong) -> Self {
        let t = shell.t;
        let it = &known.programme;
        let here = programme_href(it.id);
        let away = it.archived_at.is_some();
        let blueprint = &known.running.blueprint;
        let mut team = Choices::select(t, "team", t.get("people-team")).option("", t.get("people-team-none"));
        for one in &known.teams {
            team = team.option(one.id.to_string(), one.name.clone());
        }
        let name_of = |id| known.staff.iter().find(|it| it.id == id).map(|it| it.name.clone()).unwrap_or_default();
        let version = |it: &ProgrammeVersion| VersionLine {
            no: it.no,
            when: t.date_time_short(it.made_at),
            who: name_of(it.made_by),
        };
        let (to, label) = if away { ("take-out", "programmes-take-out") } else { ("put-away", "programmes-put-away") };
        let mut move_away = ConfirmForm::of(&shell, format!("{here}/{to}"), t.get(label));
        if !away {
            move_away = move_away.ask(t.get("programmes-put-away.ask"));
        }
        let (title, chosen) = (form::first(typed, "title"), form::first(typed, "team"));
        Self {
            crumbs: crumbs(t, Vec::new()),
            errors: wrong.summary(t),
            title: it.title.clone(),
            kind: words::kind(t, &it.kind),
            away,
            rounds: known.rounds.iter().map(|it| round_line(&shell, known.now, it)).collect(),
            may,
            name: Field::text(t, "title", t.get("programmes-name")).value(title).error(wrong.at("title")).required(),
            team: team.chosen(chosen).error(wrong.at("team")),
            settings: form::settings(t, &blueprint.parameters, &known.running.values, typed, wrong),
            values: told(t, &blueprint.parameters, &known.running.values),
            seen: it.version_no,
            sheet: SheetView::of(t, blueprint, &known.running.values),
            versions: known.versions.iter().map(version).collect(),
            move_away: may.then_some(move_away),
            here,
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(programme): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let known = read(&desk, &programme).await?;
    let shell = framed(&desk, &news.done);
    let typed = shown(&shell, &known);
    Ok(page(&ShowPage::of(shell, &known, desk.may(Code::ManageProgrammes), &typed, &Wrong::default())))
}

/// The refusals of keeping, at the fields of their parameters.
fn refused(desk: &Desk, known: &Known, reasons: &[tsunagari_acts::Reason]) -> Wrong {
    let one = |it: &tsunagari_acts::Reason| {
        let name = it.values.iter().find(|(name, _)| *name == "name").map(|(_, value)| value.as_str());
        let parameter = known.running.blueprint.parameters.iter().find(|it| Some(it.name.as_str()) == name);
        match parameter {
            Some(it) => (form::field_of(&it.name), desk.t.one("programmes-value-wrong", "label", it.label.clone())),
            None if it.code == "programme_value" => (String::new(), desk.t.get("programmes-values-wrong")),
            None => (it.field.unwrap_or_default().to_owned(), sentence(desk.t, it)),
        }
    };
    Wrong(reasons.iter().map(one).collect())
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(programme): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<ManageProgrammes>()?;
    let known = read(&desk, &programme).await?;
    let typed = form::typed(pairs);
    let mut wrong = Wrong::default();
    let values = form::read(desk.t, &known.running.values, &typed, &mut wrong);
    let team = some(form::first(&typed, "team"));
    let team = team.map(|id| id.parse()).transpose().unwrap_or_else(|_| {
        wrong.unread(desk.t, "team", "refused-choose-one");
        None
    });
    if team.is_some_and(|id| known.teams.iter().all(|it| it.id != id)) {
        wrong.unread(desk.t, "team", "refused-choose-one");
    }
    let seen = form::first(&typed, "seen").parse().unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if wrong.none() {
        let given = ProgrammeGiven { title: form::first(&typed, "title").to_owned(), team, values };
        match keep_programme(&desk.house, &by, known.programme.id, seen, &given).await {
            Ok(_) => {
                let to = format!("{}?done=kept", programme_href(known.programme.id));
                return Ok(Redirect::to(&to).into_response());
            }
            Err(ActError::Refused(reasons)) => wrong = refused(&desk, &known, &reasons),
            Err(ActError::Conflict) => {
                status = StatusCode::CONFLICT;
                wrong.unread(desk.t, "", "programmes-conflict");
            }
            Err(other) => return Err(desk.problem(other)),
        }
    }
    Ok(page_with_status(status, &ShowPage::of(desk.shell(), &known, true, &typed, &wrong)))
}

async fn moved(desk: &Desk, programme: &str, away: Away) -> Result<Response, AppError> {
    let id: ProgrammeId = programme.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<ManageProgrammes>()?;
    put_programme_away(&desk.house, &by, id, away).await.map_err(|error| desk.problem(error))?;
    let done = match away {
        Away::Put => "put-away",
        Away::TakenOut => "taken-out",
    };
    Ok(Redirect::to(&format!("{}?done={done}", programme_href(id))).into_response())
}

async fn put_away(
    Extension(desk): Extension<Desk>,
    Path(programme): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    moved(&desk, &programme, Away::Put).await
}

async fn take_out(
    Extension(desk): Extension<Desk>,
    Path(programme): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    moved(&desk, &programme, Away::TakenOut).await
}

impl Sample for ShowPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let programme = super::list::sample_programme();
        let version = ProgrammeVersion {
            programme: programme.id,
            no: 1,
            blueprint: String::new(),
            chosen: String::new(),
            made_by: programme.created_by,
            made_at: programme.updated_at,
        };
        let stages = tsunagari_programmes::Stage::ALL;
        let places = |round: &tsunagari_programmes::Round| Places {
            capacity: round.capacity,
            waiting_list: round.waiting_list,
            taken: 3,
            waiting: 2,
            last_order: 2,
        };
        let round = |stage| {
            let it = KeptRound {
                round: tsunagari_programmes::Round { stage, ..super::round_form::sample_round().round },
                ..super::round_form::sample_round()
            };
            let places = places(&it.round);
            (it, places)
        };
        let known = |away: bool, it: &tsunagari_blueprints::Blueprint| {
            let values = tsunagari_blueprints::Values::of(&it.parameters);
            let archived_at = away.then_some(programme.updated_at);
            Some(Known {
                programme: KeptProgramme { archived_at, ..programme.clone() },
                running: std::sync::Arc::new(Running::of(it.clone(), values).ok()?),
                versions: vec![version.clone()],
                rounds: stages.map(round).into(),
                teams: Vec::new(),
                staff: Vec::new(),
                now: programme.updated_at,
            })
        };
        let faces = |it| {
            let known = known(false, it)?;
            let typed = shown(&shell, &known);
            Some(Self::of(shell.clone(), &known, true, &typed, &Wrong(vec![("title".into(), "✕".into())])))
        };
        let reader = super::gallery::shipped().first().and_then(|it| known(true, it));
        let reader = reader.map(|it| Self::of(shell.clone(), &it, false, &Typed::new(), &Wrong::default()));
        super::gallery::shipped().iter().filter_map(faces).chain(reader).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ShowPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
