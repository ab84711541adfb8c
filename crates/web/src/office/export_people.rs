//! People as a file: those picked of the sheet, everybody the sheet's own filters let through, or everybody of an audience;
//! with addresses where the officer may open them and asks for it. Leaves the filters' form to the sheet of people,
//! recording and blanking to the act.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_documents::{Cell, Column};
use tsunagari_i18n::Texts;
use tsunagari_kernel::contact::national;
use tsunagari_kernel::{Moment, PersonId, SegmentId};
use tsunagari_people::{ContactKind, Purpose, School};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::people_sheet::KanaOrder;
use tsunagari_storage::person_list::{Naming, PeopleFilter, PersonLine};
use tsunagari_storage::{Reader, StorageError};

use crate::office::desk::Desk;
use crate::office::export::{download, kind_of};
use crate::office::people::narrowing::Narrowing;
use crate::office::standing;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::AppError;

/// Lines read in one turn.
const PAGE: u32 = 2_000;

/// The kinds of address that stand in a file; a LINE user id is of no use to a reader.
const ADDRESSES: [ContactKind; 3] = [ContactKind::Email, ContactKind::Phone, ContactKind::Postal];

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let export = Needs::Permission(Code::ExportLists);
    routes.post("/office/exports/people", export, people).get("/office/exports/audiences/{segment}", export, audience)
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    person: Vec<PersonId>,
    #[serde(default)]
    format: String,
    #[serde(default)]
    contacts: String,
    #[serde(flatten)]
    narrowing: Narrowing,
}

/// Every line of the sheet that the filter and the audience let through.
async fn lines(
    reader: &mut Reader,
    filter: &PeopleFilter,
    audience: Option<&Audience<'_>>,
) -> Result<Vec<PersonLine>, StorageError> {
    let narrowed = match audience {
        Some(audience) => Some(reader.narrowed(*audience).await?),
        None => None,
    };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = reader.sheet_page(filter, narrowed.as_ref(), KanaOrder::Rising, after.as_ref(), PAGE).await?;
        let Some(last) = page.last().map(|line| line.key.clone()) else { return Ok(all) };
        all.extend(page);
        after = Some(last);
    }
}

async fn people(Extension(desk): Extension<Desk>, Posted(wanted): Posted<Wanted>) -> Result<Response, AppError> {
    let kind = kind_of(&wanted.format)?;
    let contacts = match wanted.contacts.as_str() {
        "yes" => {
            // Opening addresses is a permission of its own.
            desk.grant::<EditPeople>()?;
            Contacts::Told
        }
        _ => Contacts::Left,
    };
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let purpose = purposes.iter().find(|it| it.code == wanted.narrowing.purpose).or_else(|| purposes.first());
    let purpose = purpose.map(|it| it.code.clone()).unwrap_or_default();
    let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
    // A rule that cannot be read never widens the list to everybody.
    let rule = wanted.narrowing.rule(&mut reader, desk.t, &purpose).await?;
    let audience = rule.as_ref().map(|rule| Audience::of_rule(rule, &at, &policy));
    let filter = wanted.narrowing.filter();
    let mut found = lines(&mut reader, &filter, audience.as_ref()).await.map_err(unreadable)?;
    found.retain(|line| wanted.person.is_empty() || wanted.person.contains(&line.id));
    let query = serde_json::json!({
        "school": filter.school, "cohort": filter.cohort.map(|year| year.0), "rule": rule.as_ref().map(ToString::to_string), "searched": filter.text.is_some(),
        "picked": wanted.person.len(), "contacts": contacts == Contacts::Told,
    });
    let shown = Shown { contacts, reached_for: Some(Purpose::of(purpose.as_str())) };
    let list = list(&desk, &mut reader, ("people", query), &found, shown).await?;
    drop(reader);
    download(&desk, list, kind, "people").await
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default, rename = "as")]
    kind: String,
    #[serde(default)]
    purpose: String,
}

/// Everybody of a named audience who is reached for a purpose; with no purpose, everybody the rule lets in.
async fn audience(
    Extension(desk): Extension<Desk>,
    Path(segment): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let kind = kind_of(&asked.kind)?;
    let id: SegmentId = segment.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let segment = reader.segment(id).await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let rule = Rule::<Checked>::read(&segment.rule, &catalogue)
        .map_err(|_| AppError::Refused(vec![desk.t.get("refused-rule-unfinished")]))?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let purpose = purposes.iter().find(|it| it.code == asked.purpose).map(|it| Purpose::of(it.code.as_str()));
    let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
    let audience = Audience { rule: &rule, purpose: purpose.as_ref(), through: &[], at: &at, policy: &policy };
    let filter = PeopleFilter { naming: Naming::Open, ..PeopleFilter::default() };
    let found = lines(&mut reader, &filter, Some(&audience)).await.map_err(unreadable)?;
    let query = serde_json::json!({ "segment": id, "rule": segment.rule, "purpose": purpose });
    let shown = Shown { contacts: Contacts::Left, reached_for: None };
    let list = list(&desk, &mut reader, ("audience", query), &found, shown).await?;
    drop(reader);
    download(&desk, list, kind, "audience").await
}

/// Whether addresses stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contacts {
    /// They do.
    Told,
    /// They do not.
    Left,
}

/// What stands in the file beside names and schools.
struct Shown {
    contacts: Contacts,
    /// Stage of life and reach for a purpose, as the sheet of people shows them.
    reached_for: Option<Purpose>,
}

async fn list(
    desk: &Desk,
    reader: &mut Reader,
    (kind, query): (&'static str, serde_json::Value),
    found: &[PersonLine],
    shown: Shown,
) -> Result<ExportList, AppError> {
    let t = desk.t;
    let schools = reader.schools().await.map_err(unreadable)?;
    let titles = [("name", 20), ("kana", 24), ("birth-date", 14), ("school", 24), ("graduation-year", 14)];
    let mut columns = titles
        .map(|(part, width)| (Column::titled(t.get(format!("import-part-{part}")), width), Tells::Plain))
        .to_vec();
    let mut rows: Vec<ExportRow> = found.iter().map(|line| row(t, line, &schools)).collect();
    let ids: Vec<PersonId> = found.iter().map(|line| line.id).collect();
    if let Some(purpose) = &shown.reached_for {
        columns.extend(standing::columns(t));
        let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
        for (ids, rows) in ids.chunks(PAGE as usize).zip(rows.chunks_mut(PAGE as usize)) {
            let records = reader.person_records(ids).await.map_err(unreadable)?;
            let records: HashMap<PersonId, _> = records.iter().map(|record| (record.person.id, record)).collect();
            for (row, id) in rows.iter_mut().zip(ids) {
                let cells = records.get(id).map(|record| standing::cells(t, record, purpose, &at, &policy));
                row.cells.extend(cells.unwrap_or_default());
            }
        }
    }
    if shown.contacts == Contacts::Told {
        let titled = |kind: ContactKind| Column::titled(t.get(format!("contact-kind-{}", kind.code())), 30);
        columns.extend(ADDRESSES.map(|kind| (titled(kind), Tells::Whereabouts)));
        let keys = desk.here().person_keys(&ids).await.map_err(unreadable)?;
        let mut told: HashMap<(PersonId, ContactKind), Vec<String>> = HashMap::new();
        for it in reader.addresses_of_many(&keys, &ids).await.map_err(unreadable)? {
            let written = match it.kind {
                ContactKind::Phone => national(&it.clear),
                ContactKind::Line | ContactKind::Email | ContactKind::Postal => it.clear.to_string(),
            };
            told.entry((it.person, it.kind)).or_default().push(written);
        }
        for (row, id) in rows.iter_mut().zip(&ids) {
            let cell = |kind| told.get(&(*id, kind)).map_or(Cell::Empty, |all| Cell::from(all.join(" / ")));
            row.cells.extend(ADDRESSES.map(cell));
        }
    }
    Ok(ExportList { kind, query, sheet: t.get("export-sheet"), columns, rows })
}

fn row(t: Texts, line: &PersonLine, schools: &[School]) -> ExportRow {
    let pair = |a: &str, b: &str| Cell::from(format!("{a} {b}").trim());
    let school = line.school.and_then(|id| schools.iter().find(|school| school.id == id));
    ExportRow {
        person: Some(line.id),
        cells: vec![
            pair(&line.family, &line.given),
            pair(&line.family_kana, &line.given_kana),
            line.birth_date.map_or(Cell::Empty, Cell::from),
            school.map_or(Cell::Empty, |school| Cell::from(school.name.as_str())),
            line.cohort.map_or(Cell::Empty, |year| Cell::from(t.fiscal_year(year))),
        ],
    }
}
