//! The sheet of people as a file: those picked, or everybody the sheet's own filters let through. Leaves the filters'
//! form to the sheet of people, recording and blanking to the act.

use axum::Extension;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_documents::{Cell, Column};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, Moment, PersonId};
use tsunagari_people::LifeStage;
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::people_sheet::KanaOrder;
use tsunagari_storage::person_list::{PeopleFilter, PersonLine};

use crate::office::desk::Desk;
use crate::office::export::{download, kind_of};
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::AppError;

/// Lines read in one turn.
const PAGE: u32 = 2_000;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.post("/office/exports/people", Needs::Permission(Code::ExportLists), people)
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    person: Vec<PersonId>,
    #[serde(default)]
    format: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    cohort: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    reach: String,
    #[serde(default)]
    purpose: String,
}

impl Wanted {
    fn rule_text(&self, purpose: &str) -> Option<String> {
        let stage = self.stage.parse::<LifeStage>().ok().map(|stage| format!("life_stage = {}", stage.code()));
        let reach = match self.reach.as_str() {
            "yes" => Some(format!("reachable({purpose})")),
            "no" => Some(format!("not reachable({purpose})")),
            _ => None,
        };
        let parts: Vec<String> = stage.into_iter().chain(reach).collect();
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    fn filter(&self) -> PeopleFilter {
        PeopleFilter {
            text: Some(self.q.trim().to_owned()).filter(|text| !text.is_empty()),
            school: self.school.parse().ok(),
            cohort: self.cohort.parse().ok().map(FiscalYear),
            team: None,
        }
    }
}

async fn people(Extension(desk): Extension<Desk>, Posted(wanted): Posted<Wanted>) -> Result<Response, AppError> {
    let (kind, t) = (kind_of(&wanted.format)?, desk.t);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let schools = reader.schools().await.map_err(unreadable)?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let purpose = purposes.iter().find(|it| it.code == wanted.purpose).or_else(|| purposes.first());
    let purpose = purpose.map(|it| it.code.clone()).unwrap_or_default();
    let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
    let text = wanted.rule_text(&purpose);
    let rule = match &text {
        // A rule that cannot be read must never widen the list to everybody.
        Some(text) => {
            let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
            Some(Rule::<Checked>::read(text, &catalogue).map_err(|_| AppError::Bad(Vec::new()))?)
        }
        None => None,
    };
    let audience = rule.as_ref().map(|rule| Audience::of_rule(rule, &at, &policy));
    let filter = wanted.filter();
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = reader
            .sheet_page(&filter, audience.as_ref(), KanaOrder::Rising, after.as_ref(), PAGE)
            .await
            .map_err(unreadable)?;
        let Some(last) = page.last().map(|line| line.key.clone()) else { break };
        let picked = page.iter().filter(|line| wanted.person.is_empty() || wanted.person.contains(&line.id));
        rows.extend(picked.map(|line| row(t, line, &schools)));
        after = Some(last);
    }
    drop(reader);
    let query = serde_json::json!({
        "school": filter.school, "cohort": filter.cohort.map(|year| year.0), "rule": text, "searched": filter.text.is_some(),
        "picked": wanted.person.len(),
    });
    let titles = [("name", 20), ("kana", 24), ("birth-date", 14), ("school", 24), ("graduation-year", 14)];
    let columns = titles
        .map(|(part, width)| (Column::titled(t.get(format!("import-part-{part}")), width), Tells::Plain))
        .to_vec();
    let list = ExportList { kind: "people", query, sheet: t.get("export-sheet"), columns, rows };
    download(&desk, list, kind, "people").await
}

fn row(t: Texts, line: &PersonLine, schools: &[tsunagari_people::School]) -> ExportRow {
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
