//! The draw of a round as its officer runs it: three steps one below the other, what each did, and which is next; then the proof
//! everybody can read. Leaves the steps to `run_draw` and the public page to the portal.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::run_draw::{freeze_draw, prepare_draw, run_draw};
use tsunagari_acts::running_programme::running;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{RoundId, Timestamp};
use tsunagari_programmes::draw::read_numbers;
use tsunagari_programmes::round_draw::{RoundDraw, Source};
use tsunagari_programmes::{How, Round, Stage};

use super::words::{programme_href, round_href};
use super::{News, crumbs, framed};
use crate::draw_proof::{facts, order};
use crate::office::desk::Desk;
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Banner, Chip, Crumbs, ErrorSummary, Facts, Field, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// Receipt numbers shown here; the public page has all of them.
const SHOWN: usize = 100;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/rounds/{round}/draw", Needs::Permission(Code::ViewProgrammes), show)
        .post("/office/programmes/rounds/{round}/draw/prepare", handle, prepare)
        .post("/office/programmes/rounds/{round}/draw/freeze", handle, freeze)
        .post("/office/programmes/rounds/{round}/draw/run", handle, run)
}

/// Where the page of a round's draw lies.
pub(super) fn draw_href(round: RoundId) -> String {
    format!("{}/draw", round_href(round))
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Done,
    Now,
    Later,
    /// It can not be done any more.
    Missed,
}

/// A step, with its form where it is its turn and the reader may take it.
struct Step {
    title: String,
    text: String,
    chip: Chip,
    current: bool,
    form: Option<StepForm>,
}

struct StepForm {
    action: String,
    field: Option<Field>,
    button: String,
    /// Asked before it is sent; empty asks nothing.
    question: String,
}

#[derive(Template)]
#[template(path = "office/programmes/draw.html")]
struct DrawPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    errors: ErrorSummary,
    notice: Option<Banner>,
    steps: Vec<Step>,
    /// What was told; nothing before it was prepared.
    told: Option<Facts>,
    order: Vec<(String, bool)>,
    more: Option<String>,
    public: Option<Link>,
}

/// What is read of it.
struct Known {
    round: Round,
    programme: String,
    draw: Option<RoundDraw>,
    /// Applications about which nothing is decided.
    asked: i64,
    now: Timestamp,
    /// The organisation's code in public addresses.
    code: String,
}

impl Known {
    fn at(&self, step: usize) -> At {
        let open = self.round.closes.is_some_and(|end| end > self.now);
        let frozen = self.draw.as_ref().is_some_and(|it| it.frozen.is_some());
        let drawn = self.draw.as_ref().is_some_and(|it| it.drawn.is_some());
        let replaced = self.round.stage == Stage::Draft;
        match (step, &self.draw) {
            (0, None) => {
                if open {
                    At::Now
                } else {
                    At::Missed
                }
            }
            (0, Some(_)) => {
                if replaced && open {
                    At::Now
                } else {
                    At::Done
                }
            }
            (1, Some(_)) if frozen => At::Done,
            (1, Some(_)) if !replaced && self.round.closes.is_some_and(|end| end <= self.now) => At::Now,
            (2, Some(_)) if drawn => At::Done,
            (2, Some(_)) if frozen => At::Now,
            _ => At::Later,
        }
    }
}

async fn read(desk: &Desk, round: &str) -> Result<Known, AppError> {
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = reader.round(id).await.map_err(unreadable)?.round;
    let version = running(&desk.house, &mut reader, round.programme, round.version_no).await;
    if version.map_err(|error| desk.problem(error))?.policy.choosing.how != How::Draw {
        return Err(AppError::NotFound);
    }
    let programme = reader.programme(round.programme).await.map_err(unreadable)?.title;
    let draw = reader.round_draw(id).await.map_err(unreadable)?;
    let places = reader.applications_by_place(id).await.map_err(unreadable)?;
    let asked = places.iter().filter(|(place, _)| place == "asked").map(|(_, n)| n).sum();
    let code = reader.organisation().await.map_err(unreadable)?.code;
    Ok(Known { round, programme, draw, asked, now: desk.house.now(), code })
}

fn chip(t: Texts, at: At) -> Chip {
    match at {
        At::Done => Chip::of(Tone::Success, t.get("draw-step-done")),
        At::Now => Chip::of(Tone::Warning, t.get("draw-step-now")),
        At::Later => Chip::plain(t.get("draw-step-later")),
        At::Missed => Chip::of(Tone::Error, t.get("draw-step-missed")),
    }
}

/// The form of the step whose turn it is.
fn form(t: Texts, known: &Known, step: usize, typed: &Typed, wrong: &Wrong) -> Option<StepForm> {
    let public = matches!(known.draw.as_ref().map(|it| &it.source), Some(Source::Public { .. }));
    let (word, field) = match step {
        0 => {
            let named = match known.draw.as_ref().map(|it| &it.source) {
                Some(Source::Public { named }) if typed.named.is_empty() => named.clone(),
                _ => typed.named.clone(),
            };
            let field = Field::text(t, "named", t.get("draw-field-named")).value(named).error(wrong.at("named"));
            ("prepare", Some(field.hint(t.get("draw-field-named-hint"))))
        }
        1 => ("freeze", None),
        2 => {
            let field = Field::area(t, "numbers", t.get("draw-field-numbers")).value(typed.numbers.as_str());
            let field = field.hint(t.get("draw-field-numbers-hint")).error(wrong.at("numbers")).required();
            ("run", public.then_some(field))
        }
        _ => return None,
    };
    Some(StepForm {
        action: format!("{}/{word}", draw_href(known.round.id)),
        field,
        button: t.get(format!("draw-do-{word}")),
        question: if step == 0 { String::new() } else { t.get(format!("draw-do-{word}-ask")) },
    })
}

fn steps(t: Texts, known: &Known, (typed, wrong): (&Typed, &Wrong), may: bool) -> Vec<Step> {
    let closes = known.round.closes.map(|end| t.date_time(end)).unwrap_or_default();
    let texts = [
        t.get("draw-step-prepare-text"),
        t.two("draw-step-freeze-text", "closes", closes, "n", known.asked),
        t.get("draw-step-run-text"),
    ];
    let step = |(no, (text, word)): (usize, (String, &str))| {
        let at = known.at(no);
        Step {
            title: t.get(format!("draw-step-{word}")),
            text,
            chip: chip(t, at),
            current: at == At::Now,
            form: if may && at == At::Now { form(t, known, no, typed, wrong) } else { None },
        }
    };
    texts.into_iter().zip(["prepare", "freeze", "run"]).enumerate().map(step).collect()
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    named: String,
    #[serde(default)]
    numbers: String,
}

impl DrawPage {
    fn of(shell: Shell, known: &Known, (typed, wrong): (&Typed, &Wrong), may: bool) -> Self {
        let t = shell.t;
        let round = &known.round;
        let links = vec![
            Link::to(programme_href(round.programme), known.programme.clone()),
            Link::to(round_href(round.id), round.title.clone()),
        ];
        let mut drawn = known.draw.as_ref().map(order).unwrap_or_default();
        let all = drawn.len();
        drawn.truncate(SHOWN);
        let public = format!("/p/{}/programmes/{}/draw", known.code, round.id);
        let told = known.draw.is_some() && round.stage != Stage::Draft;
        Self {
            crumbs: crumbs(t, links),
            title: t.one("draw-office-title", "round", round.title.clone()),
            errors: wrong.summary(t),
            notice: (known.at(0) == At::Missed)
                .then(|| Banner::of(Tone::Error, t.get("draw-missed")).text(t.get("draw-missed-text"))),
            steps: steps(t, known, (typed, wrong), may),
            told: known.draw.as_ref().map(|it| facts(t, it)),
            more: (all > SHOWN).then(|| t.count("draw-order-more", i64::try_from(all - SHOWN).unwrap_or(i64::MAX))),
            order: drawn,
            public: told.then(|| Link::to(public, t.get("draw-public"))),
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let known = read(&desk, &round).await?;
    let may = desk.may(Code::HandleApplications);
    let shell = framed(&desk, &news.done);
    let shown = DrawPage::of(shell, &known, (&Typed::default(), &Wrong::default()), may);
    Ok(page_with_status(StatusCode::OK, &shown))
}

/// On with the news, or the page again with what was typed and why it is refused.
fn ended<T>(
    desk: &Desk,
    known: &Known,
    typed: &Typed,
    done: Result<T, ActError>,
    news: &str,
) -> Result<Response, AppError> {
    let wrong = match done {
        Ok(_) => return Ok(Redirect::to(&format!("{}?done={news}", draw_href(known.round.id))).into_response()),
        Err(ActError::Refused(reasons)) => Wrong(sentences(desk.t, &reasons)),
        Err(other) => return Err(desk.problem(other)),
    };
    let shown = DrawPage::of(desk.shell(), known, (typed, &wrong), true);
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

async fn prepare(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let known = read(&desk, &round).await?;
    let done = prepare_draw(&desk.house, &by, known.round.id, &typed.named).await;
    ended(&desk, &known, &typed, done, "draw-prepared")
}

async fn freeze(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let known = read(&desk, &round).await?;
    let done = freeze_draw(&desk.house, &by, known.round.id).await;
    ended(&desk, &known, &Typed::default(), done, "draw-frozen")
}

/// The numbers of the public draws, one a line.
fn numbers(typed: &str) -> Option<Vec<Vec<u64>>> {
    typed.lines().filter(|line| !line.trim().is_empty()).map(read_numbers).collect()
}

async fn run(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let known = read(&desk, &round).await?;
    let Some(numbers) = numbers(&typed.numbers) else {
        let mut wrong = Wrong::default();
        wrong.unread(desk.t, "numbers", "draw-numbers-unreadable");
        let shown = DrawPage::of(desk.shell(), &known, (&typed, &wrong), true);
        return Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    };
    let done = run_draw(&desk.house, &by, known.round.id, &numbers).await;
    ended(&desk, &known, &typed, done, "draw-drawn")
}

/// The link on the round's page.
pub(super) fn link(t: Texts, round: &Round) -> Link {
    Link::to(draw_href(round.id), t.get("draw-link"))
}

impl Sample for DrawPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let sample = super::round_form::sample_round().round;
        let draws = crate::draw_proof::samples(sample.id, sample.opens);
        let known = |draw: Option<RoundDraw>, stage: Stage, closed: bool| {
            let round = Round { stage, ..sample.clone() };
            let now = round.closes.filter(|_| closed).unwrap_or(round.opens);
            Known { round, programme: "帰省の集い".into(), draw, asked: 12, now, code: "322041".into() }
        };
        let mut all = vec![
            known(None, Stage::Draft, false),
            known(None, Stage::Announced, true),
            known(draws.first().cloned(), Stage::Draft, false),
            known(draws.first().cloned(), Stage::Announced, false),
            known(draws.first().cloned(), Stage::Announced, true),
        ];
        all.extend(draws.into_iter().map(|it| known(Some(it), Stage::Announced, true)));
        let wrong = Wrong(vec![("numbers".into(), "✕".into())]);
        let typed = Typed { named: "宝くじ 第1000回".into(), numbers: "9,319".into() };
        all.iter().map(|it| Self::of(shell.clone(), it, (&typed, &wrong), true)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<DrawPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }

    #[test]
    fn a_public_draw_stands_on_a_line() {
        assert_eq!(numbers("９３１９\n\n2, 5、12 8\n"), Some(vec![vec![9_319], vec![2, 5, 12, 8]]));
        assert_eq!(numbers("93x"), None);
        assert_eq!(numbers(""), Some(vec![]));
    }
}
