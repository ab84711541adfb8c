//! Somebody sees and takes everything stored about them: as a page and as one JSON file. Leaves what everything is to
//! storage's `person_tables`, and writing that it was taken to the act.

use askama::Template;
use axum::Extension;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tsunagari_acts::read_my_data::{MyData, read_my_data};

use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::shell::{AppError, Sample, Shell, page};
use crate::stored::{self, Stored, stored};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/data", Needs::Resident, show).get("/me/data.json", Needs::Resident, file)
}

#[derive(Template)]
#[template(path = "portal/me/data.html")]
struct DataPage {
    shell: Shell,
    lead: String,
    withheld: bool,
    tables: Vec<Stored>,
}

impl DataPage {
    fn of(shell: Shell, data: &MyData) -> Self {
        let t = shell.t;
        let lead = t.one("data-lead", "town", data.organisation.1.as_str());
        Self { lead, withheld: data.withheld, tables: stored(t, data), shell }
    }
}

impl Sample for DataPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let withheld = MyData { withheld: true, ..stored::sample() };
        vec![Self::of(shell.clone(), &stored::sample()), Self::of(shell, &withheld)]
    }
}

async fn taken(visitor: &Visitor) -> Result<MyData, AppError> {
    read_my_data(&visitor.town.house, &visitor.resident).await.map_err(|error| visitor.town.problem(error))
}

async fn show(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let data = taken(&visitor).await?;
    Ok(page(&DataPage::of(visitor.shell(), &data)))
}

/// The file as it leaves.
pub(crate) fn json_file(data: &MyData) -> Result<Response, AppError> {
    let text = serde_json::to_string_pretty(&data.json()).map_err(|_| AppError::broken())?;
    Ok(([(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"")], text)
        .into_response())
}

async fn file(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    json_file(&taken(&visitor).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<DataPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
