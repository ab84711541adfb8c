//! The questions on the way to joining, one a screen. Going back is always possible; a wrong answer is shown again as
//! typed. Leaves checking to `acts::answer_question`, the contact question's page to `contact`, consent to `agree`.

use std::fmt;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::answer_question::{self, NOW, Question};
use tsunagari_acts::begin_join::JoinDraft;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, MunicipalityCode, era, municipality};
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::Reader;
use tsunagari_storage::purpose::Labelled;

use crate::portal::contact::ContactPage;
use crate::portal::draft::{Draft, Given, Look};
use crate::portal::town::{Town, go};
use crate::portal::wrong::{Wrong, at, wrong};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, ErrorSummary, Field, Steps};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/join/{question}", Needs::Nothing, show).post(
        "/p/{code}/join/{question}",
        Needs::Nothing,
        answer,
    )
}

/// A part of a question's form.
enum Part {
    Field(Field),
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
#[template(path = "portal/question.html")]
struct QuestionPage {
    shell: Shell,
    steps: Steps,
    errors: ErrorSummary,
    title: String,
    lead: String,
    parts: Vec<Part>,
    side_by_side: bool,
    back: String,
}

/// The lists questions choose from.
#[derive(Default)]
pub struct Lists {
    schools: Vec<School>,
    interests: Vec<Labelled>,
    /// The town's own code; none of a network.
    home: Option<MunicipalityCode>,
    today: chrono::NaiveDate,
    guardian_age: i64,
}

/// The steps of the way with the present one.
pub fn steps(t: Texts, question: Question) -> Steps {
    let labels = Question::ALL.into_iter().map(|each| t.get(format!("portal-step-{}", each.code()))).collect();
    Steps::of(t, labels, question.position())
}

/// The fields of a question in the page's order, with their labels.
fn fields(t: Texts, question: Question) -> Vec<(&'static str, String)> {
    let all: &[(&'static str, &str)] = match question {
        Question::Contact => &[("email", "portal-contact-email")],
        Question::Name => &[
            ("family", "portal-name-family"),
            ("given", "portal-name-given"),
            ("family_kana", "portal-name-family-kana"),
            ("given_kana", "portal-name-given-kana"),
        ],
        Question::Birth => {
            &[("year", "portal-birth-year"), ("month", "portal-birth-month"), ("day", "portal-birth-day")]
        }
        Question::School => &[
            ("school", "portal-school-which"),
            ("school_name", "portal-school-name"),
            ("graduation", "portal-school-graduation"),
        ],
        Question::Now => &[("now", "portal-now-what"), ("place", "portal-now-place")],
        Question::Interests => &[("interests", "portal-interests-what")],
    };
    all.iter().map(|(name, label)| (*name, t.get(label))).collect()
}

impl QuestionPage {
    fn of(shell: Shell, question: Question, draft: &JoinDraft, lists: &Lists, wrong: Wrong, base: &str) -> Self {
        let t = shell.t;
        let key = |part: &str| format!("portal-{}-{part}", question.code());
        let lead = match question {
            Question::Birth => t.one(key("lead"), "age", lists.guardian_age),
            Question::Contact | Question::Name | Question::School | Question::Now | Question::Interests => {
                t.get(key("lead"))
            }
        };
        let before = Question::ALL.get(question.position().saturating_sub(1)).copied().unwrap_or(Question::Contact);
        Self {
            steps: steps(t, question),
            errors: ErrorSummary::of(t, wrong.clone()),
            title: t.get(key("title")),
            lead,
            parts: parts(t, question, draft, lists, &wrong),
            side_by_side: question == Question::Birth,
            back: format!("{base}/join/{}", before.code()),
            shell,
        }
    }
}

fn parts(t: Texts, question: Question, draft: &JoinDraft, lists: &Lists, wrong: &Wrong) -> Vec<Part> {
    match question {
        Question::Contact => Vec::new(),
        Question::Name => {
            let field = |name: &str, value: &str, token: &'static str| {
                let label = t.get(format!("portal-name-{}", name.replace('_', "-")));
                let field = Field::text(t, name, label).value(value).required().autocomplete(token);
                let field = if name.ends_with("_kana") { field.hint(t.get("portal-name-kana-hint")) } else { field };
                Part::Field(field.error(at(wrong, name)))
            };
            vec![
                field("family", &draft.family, "family-name"),
                field("given", &draft.given, "given-name"),
                field("family_kana", &draft.family_kana, ""),
                field("given_kana", &draft.given_kana, ""),
            ]
        }
        Question::Birth => birth_parts(t, draft, lists, wrong),
        Question::School => school_parts(t, draft, lists, wrong),
        Question::Now => now_parts(t, draft, lists, wrong),
        Question::Interests => {
            let locale = t.locale().code();
            let choices = Choices::checkbox(t, "interests", t.get("portal-interests-what"));
            let choices =
                lists.interests.iter().fold(choices, |all, it| all.option(it.code.as_str(), it.label(locale)));
            let chosen = draft.interests.iter().flatten().fold(choices, |all, code| all.chosen(code));
            vec![Part::Choices(chosen.error(at(wrong, "interests")))]
        }
    }
}

fn select(
    t: Texts,
    name: &str,
    key: &str,
    options: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
    wrong: &Wrong,
) -> Part {
    let empty = Choices::select(t, name, t.get(key)).required().option("", t.get("portal-choose"));
    let all = options.into_iter().fold(empty, |all, (value, label)| all.option(value, label));
    Part::Choices(all.chosen(chosen).error(at(wrong, name)))
}

fn birth_parts(t: Texts, draft: &JoinDraft, lists: &Lists, wrong: &Wrong) -> Vec<Part> {
    let year = |year: i32| (year.to_string(), t.two("portal-year", "year", year.to_string(), "era", era_words(year)));
    let years = answer_question::birth_years(lists.today).into_iter().map(year);
    let months = (1..=12).map(|n: i64| (n.to_string(), t.count("portal-month", n)));
    let days = (1..=31).map(|n: i64| (n.to_string(), t.count("portal-day", n)));
    vec![
        select(t, "year", "portal-birth-year", years, &draft.year, wrong),
        select(t, "month", "portal-birth-month", months, &draft.month, wrong),
        select(t, "day", "portal-birth-day", days, &draft.day, wrong),
    ]
}

/// The era years a western year has: 平成31・令和元.
fn era_words(year: i32) -> String {
    let of = |month, day| {
        let day = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
        let (era, n) = era::eras().of(day)?;
        // tidy: allow(japanese) how an era year is written is grammar, not a text
        Some(if n == 1 { format!("{}元", era.name) } else { format!("{}{n}", era.name) })
    };
    match (of(1, 1), of(12, 31)) {
        // tidy: allow(japanese) how an era year is written is grammar, not a text
        (Some(first), Some(last)) if first == last => format!("{first}年"),
        // tidy: allow(japanese) how an era year is written is grammar, not a text
        (Some(first), Some(last)) => format!("{first}・{last}年"),
        (one, other) => one.or(other).unwrap_or_default(),
    }
}

fn school_parts(t: Texts, draft: &JoinDraft, lists: &Lists, wrong: &Wrong) -> Vec<Part> {
    let schools = lists
        .schools
        .iter()
        .filter(|school| matches!(school.kind, SchoolKind::HighSchool | SchoolKind::TechnicalCollege));
    let schools = schools.map(|school| (school.id.to_string(), school.name.clone()));
    let other = std::iter::once(("other".to_owned(), t.get("portal-school-other")));
    let year = |year: FiscalYear| {
        (year.0.to_string(), t.two("portal-graduation", "year", (year.0 + 1).to_string(), "fy", t.fiscal_year(year)))
    };
    let years = answer_question::graduation_years(lists.today).into_iter().map(year);
    let name = Field::text(t, "school_name", t.get("portal-school-name")).value(&draft.school_name);
    vec![
        select(t, "school", "portal-school-which", schools.chain(other), &draft.school, wrong),
        Part::Field(name.error(at(wrong, "school_name"))),
        select(t, "graduation", "portal-school-graduation", years, &draft.graduation, wrong),
    ]
}

fn now_parts(t: Texts, draft: &JoinDraft, lists: &Lists, wrong: &Wrong) -> Vec<Part> {
    let what = Choices::radio(t, "now", t.get("portal-now-what")).required();
    let what = NOW
        .iter()
        .fold(what, |all, (code, _)| all.option(*code, t.get(format!("portal-now-{}", code.replace('_', "-")))));
    // Who stays in the town can say so: its prefecture alone would be less than is known.
    let here = lists.home.filter(|code| !code.is_prefecture()).and_then(MunicipalityCode::lookup);
    let here = here.map(|it| (it.code.to_string(), it.full_name()));
    let places = municipality::prefectures().map(|it| (it.code.to_string(), it.prefecture.to_owned()));
    let places = here.into_iter().chain(places);
    let abroad = std::iter::once(("abroad".to_owned(), t.get("portal-now-abroad")));
    vec![
        Part::Choices(what.chosen(&draft.now).error(at(wrong, "now"))),
        select(t, "place", "portal-now-place", places.chain(abroad), &draft.place, wrong),
    ]
}

impl Sample for QuestionPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default();
        let interest = Labelled {
            code: "home".into(),
            ja: "帰省のイベント".into(),
            easy: "帰るときの イベント".into(),
            en: "Events at home".into(),
        };
        let home = MunicipalityCode::parse("322041").ok();
        let lists = Lists { schools: Vec::new(), interests: vec![interest], home, today: day, guardian_age: 16 };
        let draft = JoinDraft::default();
        Question::ALL[1..]
            .iter()
            .flat_map(|question| {
                let reasons = answer_question::check(&draft, *question, day);
                [Vec::new(), wrong(shell.t, &reasons, &fields(shell.t, *question))]
                    .map(|wrong| Self::of(shell.clone(), *question, &draft, &lists, wrong, "/p/322041"))
            })
            .collect()
    }
}

/// What a question lets choose from.
async fn lists(town: &Town, reader: &mut Reader, question: Question) -> Result<Lists, AppError> {
    let (today, guardian_age) = (town.house.clock.today(), town.org.guardian_age);
    let home = MunicipalityCode::parse(&town.org.code).ok();
    let mut lists = Lists { schools: Vec::new(), interests: Vec::new(), home, today, guardian_age };
    match question {
        Question::School => lists.schools = reader.schools().await.map_err(unreadable)?,
        Question::Interests => lists.interests = reader.interest_kinds().await.map_err(unreadable)?,
        Question::Contact | Question::Name | Question::Birth | Question::Now => {}
    }
    Ok(lists)
}

async fn view(
    (draft, reader): (&Draft, &mut Reader),
    question: Question,
    wrong: Wrong,
    status: StatusCode,
) -> Result<Response, AppError> {
    let mut shell = draft.town.shell();
    shell.csrf.clone_from(&draft.csrf);
    if question == Question::Contact {
        return ContactPage::view((draft, reader), shell, "", wrong, status).await;
    }
    let lists = lists(&draft.town, reader, question).await?;
    Ok(page_with_status(status, &QuestionPage::of(shell, question, &draft.answers, &lists, wrong, &draft.town.at(""))))
}

#[derive(Deserialize)]
struct Back {
    /// `off`: from LINE, where they did not go on.
    #[serde(default)]
    line: String,
}

async fn show(
    Look { draft, mut reader }: Look,
    Path((_, question)): Path<(String, String)>,
    Query(back): Query<Back>,
) -> Result<Response, AppError> {
    let question = Question::parse(&question).ok_or(AppError::NotFound)?;
    // Who jumps ahead by address is led to what is still open.
    match answer_question::open_question(&draft.answers, draft.town.house.clock.today()) {
        Some(open) if open < question => Ok(go(&draft.town.at(&format!("/join/{}", open.code())))),
        Some(_) | None if question == Question::Contact && back.line == "off" => {
            let mut shell = draft.town.shell_with(Tone::Info, draft.town.t.get("portal-contact-line-off"));
            shell.csrf.clone_from(&draft.csrf);
            ContactPage::view((&draft, &mut reader), shell, "", Vec::new(), StatusCode::OK).await
        }
        Some(_) | None => view((&draft, &mut reader), question, Vec::new(), StatusCode::OK).await,
    }
}

/// What was typed goes into the draft, whatever it is.
fn take(answers: &mut JoinDraft, question: Question, form: &Given) {
    let text = |name: &str| form.get(name).trim().to_owned();
    match question {
        Question::Contact => {}
        Question::Name => {
            answers.family = text("family");
            answers.given = text("given");
            answers.family_kana = text("family_kana");
            answers.given_kana = text("given_kana");
        }
        Question::Birth => {
            answers.year = text("year");
            answers.month = text("month");
            answers.day = text("day");
        }
        Question::School => {
            answers.school = text("school");
            answers.school_name = text("school_name");
            answers.graduation = text("graduation");
        }
        Question::Now => {
            answers.now = text("now");
            answers.place = text("place");
        }
        Question::Interests => answers.interests = Some(form.all("interests")),
    }
}

async fn answer(
    mut draft: Draft,
    Path((_, question)): Path<(String, String)>,
    form: Given,
) -> Result<Response, AppError> {
    let question = Question::parse(&question).ok_or(AppError::NotFound)?;
    draft.check(&form)?;
    take(&mut draft.answers, question, &form);
    let reasons = answer_question::check(&draft.answers, question, draft.town.house.clock.today());
    if !reasons.is_empty() {
        let said = wrong(draft.town.t, &reasons, &fields(draft.town.t, question));
        let mut reader = draft.look().await?;
        return view((&draft, &mut reader), question, said, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    draft.keep().await?;
    let next =
        Question::ALL.get(question.position() + 1).map_or("/agree".to_owned(), |next| format!("/join/{}", next.code()));
    Ok(go(&draft.town.at(&next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<QuestionPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_year_of_two_eras_shows_both() {
        assert_eq!(era_words(2008), "平成20年");
        assert_eq!(era_words(2019), "平成31・令和元年");
    }
}
