//! The rehearsal of a programme with the values it has now: what it is, a button, and then what each case came to beside what the
//! blueprint says, and the season in numbers. Nothing is changed by it. Leaves playing to `rehearse_programme`.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::ViewProgrammes;
use tsunagari_acts::ActError;
use tsunagari_acts::rehearse::{Played, Rehearsal};
use tsunagari_acts::rehearse_programme::rehearse_programme;
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_blueprints::CaseVerdict;
use tsunagari_i18n::Texts;
use tsunagari_kernel::ProgrammeId;

use super::crumbs;
use super::words::programme_href;
use crate::office::desk::Desk;
use crate::office::people::words::coded;
use crate::office::settings::Wrong;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Banner, Chip, Crumbs, ErrorSummary, Facts, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let view = Needs::Permission(Code::ViewProgrammes);
    routes.get("/office/programmes/{programme}/rehearsal", view, show).post(
        "/office/programmes/{programme}/rehearsal",
        view,
        play,
    )
}

/// A case, as the source says it and as it came to here.
struct Line {
    name: String,
    said: String,
    came: Chip,
    because: String,
    differs: bool,
}

#[derive(Template)]
#[template(path = "office/programmes/rehearsal.html")]
struct RehearsalPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    errors: ErrorSummary,
    action: String,
    result: Option<Banner>,
    season: Facts,
    refused: Facts,
    lines: Vec<Line>,
}

/// A reason in words: a condition's own, or what sort it is.
fn reason(t: Texts, running: &Running, code: &str) -> String {
    if running.policy.conditions.iter().any(|it| it.code == code) {
        return running.words_of(code).to_owned();
    }
    let sort = match code {
        code if code.starts_with("cap_") => "cap",
        "round_full" => "full",
        "answer_missing" | "named_without_birth" => "unsaid",
        _ => "other",
    };
    t.get(format!("rehearsal-reason-{sort}"))
}

fn line(t: Texts, running: &Running, it: &Played) -> Line {
    let verdict = |it: CaseVerdict| coded(t, "verdict", it.code());
    let differs = it.differs.is_some();
    let came = it.came.map_or_else(|| t.get("rehearsal-not-played"), verdict);
    Line {
        name: it.name.clone(),
        said: verdict(it.said),
        came: if differs { Chip::of(Tone::Warning, came) } else { Chip::of(Tone::Success, came) },
        because: it
            .because
            .iter()
            .map(|code| reason(t, running, code))
            .collect::<Vec<_>>()
            .join(&t.get("programmes-and")),
        differs,
    }
}

fn season(t: Texts, it: &Rehearsal) -> Facts {
    let numbers = [
        ("people", it.people),
        ("applications", it.applications),
        ("for-staff", it.for_staff),
        ("waited", it.waited),
        ("chosen", it.chosen),
        ("came", it.came),
        ("absent", it.absent),
        ("fulfilled", it.fulfilled),
        ("notices", it.notices),
    ];
    let number = |n: u64| t.number(i64::try_from(n).unwrap_or(i64::MAX));
    numbers
        .into_iter()
        .fold(Facts::default(), |facts, (word, n)| facts.row(t.get(format!("rehearsal-{word}")), number(n)))
}

/// How many were refused, by reason; reasons of one sort together.
fn refused(t: Texts, running: &Running, it: &Rehearsal) -> Facts {
    let mut by_words = std::collections::BTreeMap::<String, u64>::new();
    for (code, n) in &it.refused {
        *by_words.entry(reason(t, running, code)).or_default() += n;
    }
    by_words
        .into_iter()
        .fold(Facts::default(), |facts, (words, n)| facts.row(words, t.number(i64::try_from(n).unwrap_or(i64::MAX))))
}

/// What it came to, in a sentence. What another town's values change is no fault; what the ledgers do not agree on is.
fn result(t: Texts, it: &Rehearsal) -> Banner {
    let differing = it.played.iter().filter(|it| it.differs.is_some()).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if it.wrong.len() > differing {
        return Banner::of(Tone::Error, t.get("rehearsal-wrong")).text(t.get("rehearsal-wrong-text"));
    }
    if differing > 0 {
        let title = t.count("rehearsal-differs", count(differing));
        return Banner::of(Tone::Warning, title).text(t.get("rehearsal-differs-text"));
    }
    Banner::of(Tone::Success, t.count("rehearsal-ok", count(it.played.len()))).text(t.get("rehearsal-ok-text"))
}

/// What is read of a programme.
struct Known {
    id: ProgrammeId,
    title: String,
    running: std::sync::Arc<Running>,
}

async fn read(desk: &Desk, programme: &str) -> Result<Known, AppError> {
    let id: ProgrammeId = programme.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let it = reader.programme(id).await.map_err(unreadable)?;
    let running = running(&desk.house, &mut reader, id, it.version_no).await;
    Ok(Known { id, title: it.title, running: running.map_err(|error| desk.problem(error))? })
}

impl RehearsalPage {
    fn of(shell: Shell, known: &Known, told: Option<&Rehearsal>, wrong: &Wrong) -> Self {
        let t = shell.t;
        let here = programme_href(known.id);
        Self {
            crumbs: crumbs(t, vec![Link::to(here.clone(), known.title.clone())]),
            title: t.one("rehearsal-title", "programme", known.title.clone()),
            errors: wrong.summary(t),
            action: format!("{here}/rehearsal"),
            result: told.map(|it| result(t, it)),
            season: told.map(|it| season(t, it)).unwrap_or_default(),
            refused: told.map(|it| refused(t, &known.running, it)).unwrap_or_default(),
            lines: told.map(|it| it.played.iter().map(|it| line(t, &known.running, it)).collect()).unwrap_or_default(),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Path(programme): Path<String>) -> Result<Response, AppError> {
    let known = read(&desk, &programme).await?;
    let shown = RehearsalPage::of(desk.shell(), &known, None, &Wrong::default());
    Ok(page_with_status(StatusCode::OK, &shown))
}

async fn play(Extension(desk): Extension<Desk>, Path(programme): Path<String>) -> Result<Response, AppError> {
    let by = desk.grant::<ViewProgrammes>()?;
    let known = read(&desk, &programme).await?;
    match rehearse_programme(&desk.house, &by, known.id).await {
        Ok(told) => {
            let shown = RehearsalPage::of(desk.shell(), &known, Some(&told), &Wrong::default());
            Ok(page_with_status(StatusCode::OK, &shown))
        }
        Err(ActError::Refused(reasons)) => {
            let shown = RehearsalPage::of(desk.shell(), &known, None, &Wrong(sentences(desk.t, &reasons)));
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(desk.problem(other)),
    }
}

impl Sample for RehearsalPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let verdicts = [
            CaseVerdict::Yes,
            CaseVerdict::No,
            CaseVerdict::Asks,
            CaseVerdict::Staff,
            CaseVerdict::Waits,
            CaseVerdict::Full,
        ];
        let codes = ["cap_household_year", "round_full", "answer_missing", "x"];
        let case = |n: usize, said: CaseVerdict, differs: bool| Played {
            name: format!("19\u{6b73} {n}"),
            said,
            came: (n != 5).then_some(said),
            because: codes.iter().map(|it| (*it).to_owned()).collect(),
            differs: differs.then(String::new),
        };
        let told = |differs: bool, wrong: usize| Rehearsal {
            people: 25,
            played: verdicts.into_iter().enumerate().map(|(n, it)| case(n, it, differs && n > 3)).collect(),
            refused: codes.iter().map(|it| ((*it).to_owned(), 2)).collect(),
            wrong: vec![String::new(); wrong],
            ..Rehearsal::default()
        };
        let known = |it: &tsunagari_blueprints::Blueprint| {
            let values = tsunagari_blueprints::Values::of(&it.parameters);
            let running = std::sync::Arc::new(Running::of(it.clone(), values).ok()?);
            Some(Known { id: ProgrammeId(uuid::Uuid::nil()), title: it.title.clone(), running })
        };
        let Some(known) = super::gallery::shipped().iter().find_map(known) else { return Vec::new() };
        let wrong = Wrong(vec![(String::new(), "✕".into())]);
        vec![
            Self::of(shell.clone(), &known, None, &wrong),
            Self::of(shell.clone(), &known, Some(&told(false, 0)), &Wrong::default()),
            Self::of(shell.clone(), &known, Some(&told(true, 2)), &Wrong::default()),
            Self::of(shell, &known, Some(&told(true, 3)), &Wrong::default()),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::RehearsalPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
