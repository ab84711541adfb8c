//! Everything stored about a person, as the office hands it over to them: page and file, each look on the record.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::read_my_data::{MyData, read_data_of};
use tsunagari_kernel::PersonId;

use crate::office::desk::Desk;
use crate::office::people::words::{card_href, name};
use crate::portal::me::data::json_file;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Crumbs, Link};
use crate::shell::{AppError, Sample, Shell, page};
use crate::stored::{self, Stored, stored};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ExportLists);
    routes.get("/office/people/{person}/data", needs, show).get("/office/people/{person}/data.json", needs, file)
}

#[derive(Template)]
#[template(path = "office/erasures/data.html")]
struct DataPage {
    shell: Shell,
    crumbs: Crumbs,
    lead: String,
    file: String,
    tables: Vec<Stored>,
}

impl DataPage {
    fn of(shell: Shell, name: &str, data: &MyData) -> Self {
        let t = shell.t;
        let card = card_href(data.person);
        Self {
            crumbs: Crumbs::of(
                t,
                vec![Link::to("/office/people", t.get("shell-nav-people")), Link::to(card.as_str(), name)],
            ),
            lead: t.one("data-lead-office", "name", name),
            file: format!("{card}/data.json"),
            tables: stored(t, data),
            shell,
        }
    }
}

impl Sample for DataPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self::of(shell, "髙橋 花", &stored::sample())]
    }
}

async fn taken(desk: &Desk, person: &str) -> Result<MyData, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    desk.here().read().await.map_err(unreadable)?.person(id).await.map_err(unreadable)?;
    let by = desk.grant()?;
    read_data_of(&desk.house, &by, id).await.map_err(|error| desk.problem(error))
}

async fn show(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    let data = taken(&desk, &person).await?;
    let who = desk.here().read().await.map_err(unreadable)?.person(data.person).await.map_err(unreadable)?;
    Ok(page(&DataPage::of(desk.shell(), &name(desk.t, &who), &data)))
}

async fn file(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    json_file(&taken(&desk, &person).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<DataPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
