//! The card in a parcel, by its code: whoever got it writes a word to the town, without signing in. The page shows nothing about anybody.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::ActError;
use tsunagari_acts::answer_parcel::{WORDS, answer_parcel, look_at_card};
use tsunagari_i18n::Texts;

use crate::portal::town::Town;
use crate::routes::{Needs, Routes};
use crate::sentences::sentences;
use crate::shell::components::{ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/card/{token}", Needs::Nothing, ask).machine("/card/{token}", answer)
}

#[derive(Template)]
#[template(path = "portal/card.html")]
struct CardPage {
    shell: Shell,
    title: String,
    text: String,
    errors: ErrorSummary,
    /// Where they write; nothing once they have.
    field: Option<Field>,
}

impl CardPage {
    fn asking(shell: Shell, town: &str, words: &str, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let at = wrong.iter().find(|(name, _)| name == "words").map(|(_, sentence)| sentence.clone());
        let most = u32::try_from(WORDS).unwrap_or(u32::MAX);
        let field = Field::area(t, "words", t.get("card-words")).value(words).error(at).max(most).required();
        Self {
            title: t.get("card-title"),
            text: t.one("card-lead", "town", town.to_owned()),
            errors: ErrorSummary::of(t, wrong),
            field: Some(field),
            shell,
        }
    }

    fn thanking(shell: Shell, town: &str) -> Self {
        let t = shell.t;
        let text = t.one("card-done", "town", town.to_owned());
        Self { title: t.get("card-done-title"), text, errors: ErrorSummary::of(t, Vec::new()), field: None, shell }
    }
}

fn wrong(error: ActError) -> AppError {
    crate::sentences::problem(Texts::default(), error)
}

async fn ask(
    State(state): State<WebState>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let org = look_at_card(state.house(), &token).await.map_err(wrong)?;
    let town = Town::of_org(state.house(), org, &uri, &headers).await?;
    Ok(page(&CardPage::asking(town.shell(), &town.org.name, "", Vec::new())))
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    words: String,
}

async fn answer(
    State(state): State<WebState>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    axum::Form(written): axum::Form<Written>,
) -> Result<Response, AppError> {
    let org = look_at_card(state.house(), &token).await.map_err(wrong)?;
    let town = Town::of_org(state.house(), org, &uri, &headers).await?;
    match answer_parcel(state.house(), &token, &written.words).await {
        Ok(_) => Ok(page(&CardPage::thanking(town.shell(), &town.org.name))),
        Err(ActError::Refused(reasons)) => {
            let wrong = sentences(town.t, &reasons);
            let shown = CardPage::asking(town.shell(), &town.org.name, &written.words, wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(wrong(other)),
    }
}

impl Sample for CardPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let faulty = vec![("words".to_owned(), "✕".to_owned())];
        vec![
            Self::asking(shell.clone(), "益田市", "", Vec::new()),
            Self::asking(shell.clone(), "益田市", "", faulty),
            Self::thanking(shell, "益田市"),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::CardPage>(crate::shell::sample::portal_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
