//! QR slips: events people join at, and the page that is printed and handed out.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::open_join_event::{NewJoinEvent, open_join_event};
use tsunagari_documents::qr;
use tsunagari_kernel::{FiscalYear, JoinEventId};
use tsunagari_people::School;
use tsunagari_storage::join_event::JoinEvent;

use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Choices, Empty, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/slips", Needs::Permission(Code::ViewPeople), list)
        .post("/office/slips", Needs::Permission(Code::EditPeople), open)
        .get("/office/slips/{event}", Needs::Permission(Code::ViewPeople), slip)
}

/// One line of the list.
struct Line {
    href: String,
    name: String,
    school: String,
    graduation: String,
    since: String,
}

#[derive(Template)]
#[template(path = "office/slips/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    empty: Empty,
    errors: ErrorSummary,
    name: Field,
    school: Choices,
    graduation: Choices,
}

#[derive(Template)]
#[template(path = "office/slips/slip.html")]
struct SlipPage {
    shell: Shell,
    title: String,
    school: String,
    link: String,
    code: String,
    qr: String,
}

#[derive(Deserialize, Default)]
struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    graduation: String,
}

impl ListPage {
    fn of(
        shell: Shell,
        lines: Vec<Line>,
        schools: &[School],
        this_year: FiscalYear,
        given: &Given,
        wrong: Vec<(String, String)>,
    ) -> Self {
        let t = shell.t;
        let at_name = wrong.iter().find(|(field, _)| field == "name").map(|(_, sentence)| sentence.clone());
        let mut school = Choices::select(t, "school", t.get("slips-school")).option("", t.get("slips-any-school"));
        for it in schools {
            school = school.option(it.id.to_string(), it.name.clone());
        }
        let mut graduation =
            Choices::select(t, "graduation", t.get("slips-graduation")).option("", t.get("slips-any-year"));
        for year in [this_year, this_year.plus(1), this_year.plus(-1)] {
            graduation = graduation.option(year.0.to_string(), t.fiscal_year(year));
        }
        Self {
            lines,
            empty: Empty::of("people", t.get("slips-empty"), t.get("slips-empty.text")),
            errors: ErrorSummary::of(t, wrong),
            name: Field::text(t, "name", t.get("slips-name"))
                .hint(t.get("slips-name.hint"))
                .value(given.name.clone())
                .error(at_name)
                .required(),
            school: school.chosen(&given.school),
            graduation: graduation.chosen(&given.graduation),
            shell,
        }
    }
}

async fn list_page(desk: &Desk, given: &Given, wrong: Vec<(String, String)>) -> Result<ListPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let events = reader.join_events().await.map_err(unreadable)?;
    let schools = reader.schools().await.map_err(unreadable)?;
    drop(reader);
    let lines = events.iter().map(|event| line(desk, event, &schools)).collect();
    let this_year = FiscalYear::of(desk.house.clock.today());
    Ok(ListPage::of(desk.shell(), lines, &schools, this_year, given, wrong))
}

fn line(desk: &Desk, event: &JoinEvent, schools: &[School]) -> Line {
    let t = desk.t;
    let school = schools.iter().find(|school| Some(school.id) == event.school);
    Line {
        href: format!("/office/slips/{}", event.id),
        name: event.name.clone(),
        school: school.map_or_else(|| t.get("slips-any-school"), |school| school.name.clone()),
        graduation: event.graduation.map_or_else(|| t.get("slips-any-year"), |year| t.fiscal_year(year)),
        since: t.date(event.opens_at.jst_date()),
    }
}

async fn list(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    Ok(page(&list_page(&desk, &Given::default(), Vec::new()).await?))
}

async fn open(Extension(desk): Extension<Desk>, Posted(given): Posted<Given>) -> Result<Response, AppError> {
    let by = desk.grant::<EditPeople>()?;
    let new = NewJoinEvent {
        name: given.name.clone(),
        school: given.school.parse().ok(),
        graduation: given.graduation.parse().ok().map(FiscalYear),
    };
    match open_join_event(&desk.house, &by, new).await {
        Ok(event) => Ok(Redirect::to(&format!("/office/slips/{}", event.id)).into_response()),
        Err(ActError::Refused(reasons)) => {
            let wrong = sentences(desk.t, &reasons);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &list_page(&desk, &given, wrong).await?))
        }
        Err(other) => Err(desk.problem(other)),
    }
}

async fn slip(Extension(desk): Extension<Desk>, Path(event): Path<String>) -> Result<Response, AppError> {
    let event: JoinEventId = event.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let event = reader.join_event(event).await.map_err(unreadable)?;
    let school = match event.school {
        Some(school) => reader.school(school).await.map_err(unreadable)?.name,
        None => String::new(),
    };
    drop(reader);
    let link = format!("{}/j/{}", desk.house.origin, event.code);
    let qr = qr::svg(&link, &desk.t.get("slips-qr")).map_err(|_| AppError::broken())?;
    Ok(page(&SlipPage { title: event.name, school, code: event.code, link, qr, shell: desk.shell() }))
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let year = FiscalYear(2025);
        let line = Line {
            href: "#".into(),
            name: "卒業式".into(),
            school: "架空高校".into(),
            graduation: shell.t.fiscal_year(year),
            since: String::new(),
        };
        let wrong = vec![("name".to_owned(), shell.t.get("refused-name-missing"))];
        vec![
            Self::of(shell.clone(), Vec::new(), &[], year, &Given::default(), Vec::new()),
            Self::of(shell, vec![line], &[], year, &Given::default(), wrong),
        ]
    }
}

impl Sample for SlipPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self {
            shell,
            title: "卒業式".into(),
            school: "架空高校".into(),
            link: "http://localhost/j/x".into(),
            code: "x".into(),
            qr: String::new(),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<ListPage>(office_shell), Vec::<String>::new());
        assert_eq!(faults::<SlipPage>(office_shell), Vec::<String>::new());
    }
}
