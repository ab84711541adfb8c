//! A step's page: one question, with what was answered before; a wrong answer is shown again as typed. Leaves the group's page to `group`
//! and reading answers to programmes.

use std::fmt;

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::apply::faults_of_named;
use tsunagari_acts::fill_in::{Filling, filling, keep_filling};
use tsunagari_acts::tell_home::tell_home;
use tsunagari_acts::{ActError, Reason};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{RoundId, era};
use tsunagari_programmes::{Answer, Fault, Field as Asked, FieldCode, FieldKind, Named};

use super::answers::question;
use super::group;
use super::step::{Step, after, before, named, open, path, steps};
use crate::portal::draft::Given;
use crate::portal::offered::words::{place, when};
use crate::portal::toward::Toward;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::portal::wrong::{Wrong, at};
use crate::routes::{Needs, Routes};
use crate::sentences::{sentence, sentences};
use crate::shell::components::{Choices, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/apply/{round}", Needs::Resident, begin).get("/me/apply/{round}/{step}", Needs::Resident, show).post(
        "/me/apply/{round}/{step}",
        Needs::Resident,
        answer,
    )
}

/// A part of a step's form.
pub enum Part {
    /// A field.
    Field(Field),
    /// Something to choose.
    Choices(Choices),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => fmt::Display::fmt(field, f),
            Self::Choices(choices) => fmt::Display::fmt(choices, f),
        }
    }
}

impl askama::filters::HtmlSafe for Part {}

#[derive(Template)]
#[template(path = "portal/applying/question.html")]
struct StepPage {
    shell: Shell,
    round: String,
    progress: String,
    errors: ErrorSummary,
    title: String,
    lead: String,
    parts: Vec<Part>,
    /// Members already named, with the number by which one is taken out.
    members: Vec<(usize, String)>,
    /// Whether one more can be named.
    more: bool,
    back: String,
}

impl StepPage {
    /// The page of a step; `typed` is what was sent and found wrong.
    fn of(shell: Shell, base: &str, it: &Filling, step: &Step, (typed, wrong): (Option<&Given>, &Wrong)) -> Self {
        let t = shell.t;
        let all = steps(it);
        let n = all.iter().position(|each| each == step).map_or(1, |n| n + 1);
        let (title, lead) = titled(t, it, step);
        Self {
            round: it.round.title.clone(),
            progress: t.two("applying-progress", "n", n, "of", all.len()),
            errors: ErrorSummary::of(t, wrong.clone()),
            parts: parts(t, it, step, typed, wrong),
            members: if *step == Step::Group { group::members(t, it) } else { Vec::new() },
            more: *step == Step::Group && super::step::is_group(it),
            back: match before(it, step) {
                Some(step) => path(it, Some(&step)),
                None => format!("{base}/programmes/{}", it.round.id),
            },
            title,
            lead,
            shell,
        }
    }
}

fn titled(t: Texts, it: &Filling, step: &Step) -> (String, String) {
    let key = match step {
        Step::Venue => "venue",
        Step::Home => "home",
        Step::Whom => "whom",
        Step::Group => "group",
        Step::Field(code) => {
            let help = it.running.blueprint.form.iter().find(|each| each.code == code.0);
            return (question(&it.running, code).to_owned(), help.map(|each| each.help.clone()).unwrap_or_default());
        }
    };
    (t.get(format!("applying-{key}-title")), t.get(format!("applying-{key}-lead")))
}

fn parts(t: Texts, it: &Filling, step: &Step, typed: Option<&Given>, wrong: &Wrong) -> Vec<Part> {
    match step {
        Step::Venue => {
            let all = Choices::radio(t, "venue", t.get("applying-venue-title")).required();
            let all = it
                .round
                .venues
                .iter()
                .fold(all, |all, venue| all.option_with(venue.no.to_string(), place(t, venue), when(t, venue)));
            let chosen = it.draft.venue.map(|no| no.to_string()).unwrap_or_default();
            vec![Part::Choices(all.chosen(&chosen).error(at(wrong, "venue")))]
        }
        Step::Home => {
            let value = typed.map_or("", |form| form.get("place"));
            let field = Field::text(t, "place", t.get("applying-home-label")).hint(t.get("applying-place-hint"));
            vec![Part::Field(field.value(value).required().error(at(wrong, "place")))]
        }
        Step::Whom => whom(t, &it.draft.paper.named.clone().unwrap_or_default(), typed, wrong),
        Step::Group => group::parts(t, it, typed, wrong),
        Step::Field(code) => field(t, it, code, typed, wrong).into_iter().collect(),
    }
}

fn whom(t: Texts, known: &Named, typed: Option<&Given>, wrong: &Wrong) -> Vec<Part> {
    let birth = known.birth.map(|day| day.to_string()).unwrap_or_default();
    let text = |name: &str, known: &str| {
        let value = typed.map_or(known, |form| form.get(name)).to_owned();
        let field = Field::text(t, name, t.get(format!("applying-{}", name.replace('_', "-")))).value(value);
        field.error(at(wrong, name))
    };
    let day = typed.map_or(birth.as_str(), |form| form.get("birth"));
    let day = Field::date(t, "birth", t.get("applying-birth")).value(day).required().error(at(wrong, "birth"));
    vec![
        Part::Field(text("family", &known.family).required()),
        Part::Field(text("given", &known.given).required()),
        Part::Field(text("family_kana", &known.family_kana)),
        Part::Field(text("given_kana", &known.given_kana)),
        Part::Field(day),
    ]
}

/// The answer as it stands in its field.
fn standing(answer: Option<&Answer>) -> Vec<String> {
    match answer {
        None => Vec::new(),
        Some(Answer::Text(text)) => vec![text.clone()],
        Some(Answer::Number(n)) => vec![n.to_string()],
        Some(Answer::Day(day)) => vec![day.to_string()],
        Some(Answer::Yes(yes)) => vec![if *yes { "yes" } else { "no" }.to_owned()],
        Some(Answer::Codes(codes)) => codes.iter().cloned().collect(),
        Some(Answer::Place(code)) => vec![code.lookup().map_or_else(|| code.to_string(), |it| it.full_name())],
    }
}

fn asked<'f>(it: &'f Filling, code: &FieldCode) -> Option<&'f Asked> {
    it.running.policy.form.0.iter().find(|field| field.code == *code)
}

fn field(t: Texts, it: &Filling, code: &FieldCode, typed: Option<&Given>, wrong: &Wrong) -> Option<Part> {
    let asked = asked(it, code)?;
    let values = typed.map_or_else(|| standing(it.draft.paper.answers.get(code)), |form| form.all("answer"));
    let label = question(&it.running, code);
    let one = values.first().cloned().unwrap_or_default();
    let error = at(wrong, "answer");
    let must = |field: Field| if asked.required { field.required() } else { field };
    let choose = |all: Choices| {
        let all = if asked.required { all.required() } else { all };
        Part::Choices(values.iter().fold(all, |all, value| all.chosen(value)).error(error.clone()))
    };
    let options = it.running.blueprint.form.iter().find(|each| each.code == code.0).map(|each| each.options.as_slice());
    let each = |all: Choices| options.unwrap_or_default().iter().fold(all, |all, it| all.option(&it.code, &it.label));
    let text = |field: Field| Part::Field(must(field.value(one.as_str()).error(error.clone())));
    Some(match &asked.kind {
        FieldKind::Line { at_most } => text(Field::text(t, "answer", label).max(*at_most)),
        FieldKind::Lines { at_most } => text(Field::area(t, "answer", label).max(*at_most)),
        FieldKind::Number { .. } => text(Field::of(crate::shell::components::FieldKind::Number, t, "answer", label)),
        FieldKind::Day => text(Field::date(t, "answer", label)),
        FieldKind::YesNo => {
            let all = Choices::radio(t, "answer", label);
            choose(all.option("yes", t.get("applying-yes")).option("no", t.get("applying-no")))
        }
        FieldKind::One { .. } => choose(each(Choices::radio(t, "answer", label))),
        FieldKind::Many { .. } => choose(each(Choices::checkbox(t, "answer", label))),
        FieldKind::Place => text(Field::text(t, "answer", label).hint(t.get("applying-place-hint"))),
        FieldKind::Phone => text(Field::of(crate::shell::components::FieldKind::Tel, t, "answer", label)),
        FieldKind::PostalCode => text(Field::text(t, "answer", label)),
    })
}

/// What a resident has filled in, or the page that says why they cannot.
async fn filled(visitor: &Visitor, round: &str) -> Result<Filling, AppError> {
    let round: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    filling(&visitor.town.house, &visitor.resident, round).await.map_err(|error| visitor.town.problem(error))
}

async fn begin(Extension(visitor): Extension<Visitor>, Path(round): Path<String>) -> Result<Response, AppError> {
    let it = filled(&visitor, &round).await?;
    let mut response = go(&path(&it, open(&it).as_ref()));
    Toward::forget(&mut response)?;
    Ok(response)
}

async fn show(
    Extension(visitor): Extension<Visitor>,
    Path((round, code)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = filled(&visitor, &round).await?;
    if code == "check" {
        return super::check::show(&visitor, &it, Vec::new()).await;
    }
    // A step that is not asked any more leads to what is open.
    let Some(step) = named(&it, &code) else { return Ok(go(&path(&it, open(&it).as_ref()))) };
    let base = visitor.town.at("");
    Ok(page(&StepPage::of(visitor.shell(), &base, &it, &step, (None, &Wrong::new()))))
}

async fn answer(
    Extension(visitor): Extension<Visitor>,
    Path((round, code)): Path<(String, String)>,
    form: Given,
) -> Result<Response, AppError> {
    let mut it = filled(&visitor, &round).await?;
    if code == "check" {
        return super::check::hand_in(&visitor, &it).await;
    }
    let Some(step) = named(&it, &code) else { return Ok(go(&path(&it, open(&it).as_ref()))) };
    let next = after(&it, &step);
    let taken = take(&visitor, &mut it, &step, &form).await?;
    let to = match taken {
        Ok(Taken::Next) => match after(&it, &step) {
            // A home that was told is not asked any more: what followed it then follows now.
            _ if step == Step::Home => next,
            now => now,
        },
        Ok(Taken::Here) => path(&it, Some(&step)),
        Err(wrong) => {
            let base = visitor.town.at("");
            let view = StepPage::of(visitor.shell(), &base, &it, &step, (Some(&form), &wrong));
            return Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    keep_filling(&visitor.town.house, &visitor.resident, &it).await.map_err(|error| visitor.town.problem(error))?;
    Ok(go(&to))
}

/// Where it goes on.
pub enum Taken {
    /// To the next step.
    Next,
    /// The same step again.
    Here,
}

/// What was typed goes into the draft, or is told to be wrong.
async fn take(
    visitor: &Visitor,
    it: &mut Filling,
    step: &Step,
    form: &Given,
) -> Result<Result<Taken, Wrong>, AppError> {
    let t = visitor.town.t;
    let said = |field: &str, code: &'static str| vec![(field.to_owned(), sentence(t, &Reason::of(code)))];
    Ok(match step {
        Step::Venue => match form.get("venue").parse().ok().filter(|no| it.round.venue(*no).is_some()) {
            Some(no) => {
                it.draft.venue = Some(no);
                Ok(Taken::Next)
            }
            None => Err(said("venue", "venue_missing")),
        },
        Step::Home => match tell_home(&visitor.town.house, &visitor.resident, form.get("place")).await {
            Ok(()) => {
                it.asks_home = false;
                Ok(Taken::Next)
            }
            Err(ActError::Refused(reasons)) => Err(sentences(t, &reasons)),
            Err(other) => return Err(visitor.town.problem(other)),
        },
        Step::Whom => {
            let named = named_by(form, "");
            let faults: Wrong = faults_of_named(&named, visitor.town.house.now())
                .map(|code| {
                    (if code.contains("birth") { "birth" } else { "family" }.to_owned(), sentence(t, &Reason::of(code)))
                })
                .collect();
            if faults.is_empty() {
                it.draft.paper.named = Some(named);
                Ok(Taken::Next)
            } else {
                Err(faults)
            }
        }
        Step::Group => group::take(t, it, form, visitor.town.house.now()),
        Step::Field(code) => {
            match asked(it, code).map(|field| (field.kind.read(&form.all("answer")), field.required)) {
                Some((Ok(Some(answer)), _)) => {
                    it.draft.paper.answers.0.insert(code.clone(), answer);
                    Ok(Taken::Next)
                }
                Some((Ok(None), true)) => Err(said("answer", Fault::Missing.code())),
                Some((Err(fault), _)) => Err(said("answer", fault.code())),
                Some((Ok(None), false)) | None => {
                    it.draft.paper.answers.0.remove(code);
                    Ok(Taken::Next)
                }
            }
        }
    })
}

/// Somebody as a form names them; each field's name begins with `prefix`.
pub fn named_by(form: &Given, prefix: &str) -> Named {
    let text = |name: &str| form.get(&format!("{prefix}{name}")).trim().to_owned();
    Named {
        family: text("family"),
        given: text("given"),
        family_kana: text("family_kana"),
        given_kana: text("given_kana"),
        birth: era::eras().read(&text("birth")).ok().map(|it| it.day),
        ..Named::default()
    }
}

/// Every shipped programme as somebody fills it in, with one answer each.
pub fn samples_of_fillings() -> Vec<Filling> {
    let (round, now) = crate::portal::offered::round::sample();
    let person =
        Named { family: "益田".into(), given: "花".into(), birth: Some(now.jst_date()), ..Named::default() };
    let filling = |running: tsunagari_acts::running_programme::Running| {
        let mut paper = tsunagari_programmes::Paper { named: Some(person.clone()), ..Default::default() };
        paper.group = "若者の会".into();
        paper.members = vec![person.clone()];
        let fields = running.policy.form.0.iter();
        paper.answers.0.extend(fields.filter_map(|field| Some((field.code.clone(), field.kind.example()?))));
        let draft = tsunagari_storage::application_draft::ApplicationDraft {
            version_no: 1,
            paper,
            venue: Some(1),
            amends: None,
            begun_at: now,
        };
        Filling { running: running.into(), round: round.clone(), draft, lost: Vec::new(), asks_home: true }
    };
    crate::portal::offered::round::samples_of_programmes().into_iter().map(filling).collect()
}

impl Sample for StepPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("answer".to_owned(), shell.t.get("refused-answer-missing"))];
        let faces = |it: &Filling| {
            let steps = steps(it);
            let base = "/p/322041";
            let face = |step: &Step| {
                let plain = Self::of(shell.clone(), base, it, step, (None, &Wrong::new()));
                [plain, Self::of(shell.clone(), base, it, step, (Some(&Given::default()), &wrong))]
            };
            steps.iter().flat_map(face).collect::<Vec<_>>()
        };
        samples_of_fillings().iter().flat_map(faces).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<StepPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
