//! A link from a mail is opened: a page with one button, because mail scanners open links too; the button uses it. One that
//! adds an address to a page works only where that page is signed in, and one the office sent asks a question (`confirmation`).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_acts::ActError;
use tsunagari_acts::verify_email::{self, Opens};

use crate::portal::carried::Arriving;
use crate::portal::confirmation;
use crate::portal::dead_link::{Whose, failed};
use crate::portal::draft::Given;
use crate::portal::line_login::after;
use crate::portal::town::go;
use crate::routes::{Needs, Routes};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/mail/{token}", Needs::Nothing, show).post("/p/{code}/mail/{token}", Needs::Nothing, open)
}

#[derive(Template)]
#[template(path = "portal/mail_open.html")]
struct MailOpenPage {
    shell: Shell,
    lead: String,
    /// Where to sign in first; nothing where the button works.
    sign_in: Option<String>,
}

impl MailOpenPage {
    fn of(shell: Shell, base: &str, email: &str, opens: Opens) -> Self {
        let key = match opens {
            Opens::Joining => "portal-mail-open-joining",
            // Asked about on a page of its own.
            Opens::MyPage | Opens::Confirming(_) => "portal-mail-open-my-page",
            Opens::Address => "portal-mail-open-address",
            Opens::AddressElsewhere => "portal-mail-open-elsewhere",
        };
        let sign_in = (opens == Opens::AddressElsewhere).then(|| format!("{base}/sign-in"));
        Self { lead: shell.t.one(key, "email", email), sign_in, shell }
    }
}

impl Sample for MailOpenPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let all = [Opens::Joining, Opens::MyPage, Opens::Address, Opens::AddressElsewhere];
        all.map(|opens| Self::of(shell.clone(), "/p/322041", "hana@town.example", opens)).into()
    }
}

async fn show(it: Arriving, Path((_, token)): Path<(String, String)>) -> Result<Response, AppError> {
    let town = it.town;
    match verify_email::look(&town.house, town.org.id, &token, it.opener).await {
        Ok((email, Opens::Confirming(asks))) => Ok(confirmation::show(&town, &email, asks)),
        Ok((email, opens)) => Ok(page(&MailOpenPage::of(town.shell(), &town.at(""), &email, opens))),
        Err(error) => failed(&town, Whose::Own, error),
    }
}

async fn open(it: Arriving, Path((_, token)): Path<(String, String)>, form: Given) -> Result<Response, AppError> {
    let town = it.town;
    match verify_email::look(&town.house, town.org.id, &token, it.opener).await {
        Ok((email, Opens::Confirming(asks))) => return confirmation::answer(&town, &token, &email, asks, &form).await,
        Ok(_) => {}
        Err(error) => return failed(&town, Whose::Own, error),
    }
    match verify_email::confirm(&town.house, town.org.id, &token, it.opener).await {
        // Signed out since the page was shown: it says what to do.
        Err(ActError::Refused(reasons)) if reasons.iter().any(|reason| reason.code == "link_of_another") => {
            Ok(go(&town.at(&format!("/mail/{token}"))))
        }
        Ok(entered) => after(&town, entered),
        Err(error) => failed(&town, Whose::Own, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<MailOpenPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
