//! What leaves the dashboard as a file: the figures of every year, the people behind a number, the frozen list of a
//! published figure. Recording, blanking and neutral cells are the act's.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_acts::read_dashboard::read_dashboard;
use tsunagari_acts::recount_figures::Recounts;
use tsunagari_documents::{Cell, Column};
use tsunagari_i18n::Texts;
use tsunagari_people::Purpose;
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::figure::{KeptFigure, ListLine};
use tsunagari_storage::figure_seal::FileLine;
use tsunagari_storage::people_sheet::KanaOrder;
use tsunagari_storage::person_list::{Naming, PeopleFilter};

use super::dashboard::day_of;
use super::figure::figure_id;
use super::figures_sheet::{FigureRow, sheet};
use super::panel::reason_text;
use super::people::{Asked, Asking};
use crate::office::desk::Desk;
use crate::office::export::{download_as_of, kind_of};
use crate::office::people::words::{PeopleWords, coded};
use crate::office::standing;
use crate::routes::{Needs, Posted, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::AppError;

/// Lines read in one turn.
const PAGE: u32 = 2_000;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ExportLists);
    routes
        .post("/office/reach/export", needs, figures)
        .post("/office/reach/{indicator}/people/export", needs, people)
        .post("/office/reach/figures/{figure}/export", needs, frozen)
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    format: String,
}

async fn figures(Extension(desk): Extension<Desk>, Posted(wanted): Posted<Wanted>) -> Result<Response, AppError> {
    let (kind, day) = (kind_of(&wanted.format)?, day_of(&desk, &wanted.as_of)?);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicators = reader.indicators().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    drop(reader);
    let said = |rule: &str| Rule::<Checked>::read(rule, &catalogue).ok().map(|rule| rule.phrase().render(&words));
    let mut rows = Vec::new();
    for indicator in &indicators {
        let it = read_dashboard(&desk.house, desk.org.id, indicator, day, Recounts::Fresh)
            .await
            .map_err(|error| desk.problem(error))?;
        let row = |year, target, published: Option<KeptFigure>, computed, denominators| FigureRow {
            body: (desk.org.code.clone(), desk.org.name.clone()),
            indicator: indicator.definition.name.clone(),
            year,
            target,
            withdrawal: published.as_ref().and_then(|kept| kept.withdrawal.clone()),
            published: published
                .map(|kept| (kept.published.figure().clone(), kept.published.at(), kept.seal, kept.note)),
            computed,
            denominators,
        };
        let lines = it.years.into_iter();
        rows.extend(lines.map(|it| row(it.year, it.target, it.published, it.computed, it.denominators)));
        rows.extend(it.withdrawn.into_iter().map(|kept| {
            let (year, target) = (kept.published.figure().fiscal_year, kept.published.figure().target);
            let denominators = indicator.definition.denominators_of(year, Some(kept.published.figure()));
            row(year, target, Some(kept), None, denominators)
        }));
    }
    let list = sheet(desk.t, &said, serde_json::json!({ "as_of": day }), &rows);
    download_as_of(&desk, list, kind, "figures", day.unwrap_or_else(|| desk.house.clock.today())).await
}

#[derive(Deserialize)]
struct WantedPeople {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    format: String,
}

fn columns(t: Texts, more: &[(&str, u8)]) -> Vec<(Column, Tells)> {
    let titles = [("name", 20), ("kana", 24), ("school", 24), ("graduation-year", 14)];
    let first = titles.into_iter().map(|(part, width)| Column::titled(t.get(format!("import-part-{part}")), width));
    let rest = more.iter().map(|(key, width)| Column::titled(t.get(*key), *width));
    first.chain(rest).map(|column| (column, Tells::Plain)).collect()
}

fn pair(a: &str, b: &str) -> Cell {
    Cell::from(format!("{a} {b}").trim())
}

fn words_of(t: Texts, reasons: impl Iterator<Item = String>) -> Cell {
    let words: Vec<String> = reasons.map(|code| reason_text(t, &code)).collect();
    if words.is_empty() { Cell::Empty } else { Cell::from(words.join("、")) }
}

async fn people(
    Extension(desk): Extension<Desk>,
    Path(indicator): Path<String>,
    Posted(wanted): Posted<WantedPeople>,
) -> Result<Response, AppError> {
    let (kind, t) = (kind_of(&wanted.format)?, desk.t);
    let asking = Asking::read(&desk, &indicator, &wanted.asked).await?;
    let purpose = Purpose::of(&asking.indicator.purpose);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let policy = reader.policy_at(asking.at.instant).await.map_err(unreadable)?;
    let audience = Audience::of_rule(&asking.rule, &asking.at, &policy);
    let narrowed = reader.narrowed(audience).await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, t).await.map_err(unreadable)?;
    let (filter, mut rows, mut after) =
        (PeopleFilter { naming: Naming::Open, ..PeopleFilter::default() }, Vec::new(), None);
    loop {
        let page = reader
            .sheet_page(&filter, Some(&narrowed), KanaOrder::Rising, after.as_ref(), PAGE)
            .await
            .map_err(unreadable)?;
        let Some(last) = page.last().map(|line| line.key.clone()) else { break };
        let ids: Vec<_> = page.iter().map(|line| line.id).collect();
        let records = reader.person_records(&ids).await.map_err(unreadable)?;
        for (line, record) in page.iter().zip(&records) {
            let mut cells = vec![
                pair(&line.family, &line.given),
                pair(&line.family_kana, &line.given_kana),
                Cell::from(words.school(line.school)),
                line.cohort.map_or(Cell::Empty, |year| Cell::from(t.fiscal_year(year))),
            ];
            cells.extend(standing::cells(t, record, &purpose, &asking.at, &policy));
            rows.push(ExportRow { person: Some(line.id), cells });
        }
        after = Some(last);
    }
    drop(reader);
    let query = serde_json::json!({
        "indicator": asking.indicator.id.to_string(), "rule": asking.rule.to_string(), "as_of": asking.at.date,
    });
    let columns = columns(t, &[]).into_iter().chain(standing::columns(t)).collect();
    let list = ExportList { kind: "figure_members", query, sheet: t.get("export-sheet"), columns, rows };
    download_as_of(&desk, list, kind, "figure-people", asking.at.date).await
}

#[derive(Deserialize)]
struct WantedFrozen {
    #[serde(default)]
    format: String,
}

async fn frozen(
    Extension(desk): Extension<Desk>,
    Path(figure): Path<String>,
    Posted(wanted): Posted<WantedFrozen>,
) -> Result<Response, AppError> {
    let (kind, t, id) = (kind_of(&wanted.format)?, desk.t, figure_id(&figure)?);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let day = reader.figure(id).await.map_err(unreadable)?.published.figure().as_of.date;
    let words = PeopleWords::read(&mut reader, t).await.map_err(unreadable)?;
    let (mut rows, mut after) = (Vec::new(), 0);
    loop {
        let page = reader.figure_file(id, after, i64::from(PAGE)).await.map_err(unreadable)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        rows.extend(page.iter().map(|line| frozen_row(t, &words, line)));
    }
    drop(reader);
    let query = serde_json::json!({ "figure": id.to_string() });
    let columns = frozen_columns(t);
    let list = ExportList { kind: "figure_members", query, sheet: t.get("export-sheet"), columns, rows };
    download_as_of(&desk, list, kind, "published-figure-people", day).await
}

/// The first three make an entry's line of the seal and stay for everybody; the last two are what its mark is made of.
fn frozen_columns(t: Texts) -> Vec<(Column, Tells)> {
    let sealed = [("reach-col-number", 8), ("reach-col-mark", 12), ("reach-col-in-number", 8)];
    let sealed = sealed.map(|(key, width)| (Column::titled(t.get(key), width), Tells::Nobody));
    let rest = [("reach-counted", 16), ("people-reach-why", 40), ("reach-col-person", 12), ("reach-col-salt", 12)];
    sealed.into_iter().chain(columns(t, &rest)).collect()
}

fn frozen_row(t: Texts, words: &PeopleWords, it: &FileLine) -> ExportRow {
    let (line, number) = (&it.line, u32::try_from(it.number).unwrap_or(u32::MAX));
    let person = line.member.person.filter(|_| !it.protected);
    let mut cells = vec![
        Cell::Number(f64::from(number)),
        Cell::from(it.mark.as_str()),
        Cell::Number(f64::from(u8::from(line.member.counted))),
    ];
    if it.protected {
        cells.push(Cell::from(t.get("people-protected-mark")));
        cells.extend(std::iter::repeat_n(Cell::Empty, 7));
    } else {
        cells.extend(told_cells(t, words, line));
        cells.push(person.map_or(Cell::Empty, |person| Cell::from(person.to_string())));
        cells.push(it.salt.as_ref().map_or(Cell::Empty, |salt| Cell::from(salt.as_str())));
    }
    ExportRow { person, cells }
}

fn told_cells(t: Texts, words: &PeopleWords, line: &ListLine) -> Vec<Cell> {
    let counted = if line.member.counted { "people-figure-counted" } else { "people-figure-not-counted" };
    let why = if line.member.counted {
        let via: Vec<String> = line.member.via.split_whitespace().map(|kind| coded(t, "contact-kind", kind)).collect();
        Cell::from(via.join("、"))
    } else {
        words_of(t, line.member.reasons.iter().cloned())
    };
    let name = if line.member.person.is_none() { t.get("reach-erased") } else { line.name.clone() };
    vec![
        Cell::from(name),
        Cell::from(line.kana.as_str()),
        Cell::from(words.school(line.school)),
        line.cohort.map_or(Cell::Empty, |year| Cell::from(t.fiscal_year(year))),
        Cell::from(t.get(counted)),
        why,
    ]
}
