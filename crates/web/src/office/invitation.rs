//! An invited colleague's page, by a one-time link: choose a password, scan the code with an authenticator, prove it, and
//! get the recovery codes, which are shown this once.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::session::token_text;
use tsunagari_access::totp;
use tsunagari_acts::ActError;
use tsunagari_acts::choose_password::{Invited, PasswordChosen, choose_password, look_at_invitation, secret_of_page};
use tsunagari_i18n::Locale;
use tsunagari_kernel::OrgId;

use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{problem, sentences};
use crate::shell::components::{ErrorSummary, Field, FieldKind};
use crate::shell::{AppError, Org, Sample, Shell, page, page_with_status};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/invite/{org}/{token}", Needs::Nothing, show).post(
        "/office/invite/{org}/{token}",
        Needs::Nothing,
        choose,
    )
}

#[derive(Template)]
#[template(path = "office/invitation.html")]
struct InvitationPage {
    shell: Shell,
    errors: ErrorSummary,
    greeting: String,
    login: String,
    action: String,
    nonce: String,
    qr: String,
    secret: String,
    password: Field,
    again: Field,
    code: Field,
}

/// The invitation's two parts in the address, and the number of this page.
struct Door<'a> {
    org: &'a str,
    token: &'a str,
    nonce: &'a str,
}

impl InvitationPage {
    fn of(shell: Shell, invited: &Invited, door: &Door<'_>, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let error = |name: &str| wrong.iter().find(|(field, _)| field == name).map(|(_, words)| words.clone());
        let secret = totp::secret_text(&secret_of_page(door.token, door.nonce));
        let label: String = url::form_urlencoded::byte_serialize(invited.staff.login.as_bytes()).collect();
        let link = format!("otpauth://totp/Tsunagari:{label}?secret={secret}&issuer=Tsunagari&digits=6&period=30");
        let groups: Vec<String> =
            secret.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        Self {
            greeting: t.two("invite-greeting", "name", invited.staff.name.clone(), "org", invited.organisation.clone()),
            login: t.one("invite-login", "login", invited.staff.login.clone()),
            action: format!("/office/invite/{}/{}", door.org, door.token),
            nonce: door.nonce.to_owned(),
            qr: tsunagari_documents::qr::svg(&link, &t.get("invite-qr")).unwrap_or_default(),
            secret: groups.join(" "),
            password: Field::password(t, "password", t.get("invite-password"))
                .hint(t.get("invite-password.hint"))
                .error(error("password"))
                .autocomplete("new-password")
                .required(),
            again: Field::password(t, "again", t.get("invite-again"))
                .error(error("again"))
                .autocomplete("new-password")
                .required(),
            code: Field::of(FieldKind::Code, t, "code", t.get("invite-code"))
                .hint(t.get("invite-code.hint"))
                .error(error("code"))
                .autocomplete("one-time-code")
                .required(),
            errors: ErrorSummary::of(t, wrong),
            shell,
        }
    }
}

impl Sample for InvitationPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let staff = tsunagari_storage::staff::Staff {
            id: tsunagari_kernel::UserId(uuid::Uuid::nil()),
            login: "hana@town.example".into(),
            name: "石見 花".into(),
            role: tsunagari_access::Role::Editor,
            team: None,
            active: true,
        };
        let invited = Invited { organisation: "架空市".into(), staff };
        let door = Door { org: "0", token: "abc", nonce: "def" };
        let wrong = ["password", "again", "code"].map(|field| (field.to_owned(), shell.t.get("refused-wrong-code")));
        vec![Self::of(shell.clone(), &invited, &door, Vec::new()), Self::of(shell, &invited, &door, wrong.to_vec())]
    }
}

/// The recovery codes, once.
#[derive(Template)]
#[template(path = "office/invitation_done.html")]
struct DonePage {
    shell: Shell,
    codes: Vec<String>,
}

impl Sample for DonePage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self { shell, codes: vec!["ABCD-EFGH-JKMN-PQRS".into(); 10] }]
    }
}

fn frame(uri: &Uri, headers: &HeaderMap) -> Shell {
    let locale = match crate::shell::problem::locale_of(uri, headers) {
        Locale::JaEasy => Locale::Ja,
        other @ (Locale::Ja | Locale::En) => other,
    };
    Shell::bare(locale, Org::default(), uri.path())
}

async fn show(
    State(state): State<WebState>,
    uri: Uri,
    headers: HeaderMap,
    Path((org, token)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let shell = frame(&uri, &headers);
    let id: OrgId = org.parse().map_err(|_| AppError::NotFound)?;
    let invited = look_at_invitation(state.house(), id, &token).await.map_err(|error| problem(shell.t, error))?;
    let nonce = token_text(&state.house().chance.bytes());
    Ok(page(&InvitationPage::of(shell, &invited, &Door { org: &org, token: &token, nonce: &nonce }, Vec::new())))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Given {
    nonce: String,
    password: String,
    again: String,
    code: String,
}

async fn choose(
    State(state): State<WebState>,
    uri: Uri,
    headers: HeaderMap,
    Path((org, token)): Path<(String, String)>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    let shell = frame(&uri, &headers);
    let id: OrgId = org.parse().map_err(|_| AppError::NotFound)?;
    let chosen =
        PasswordChosen { nonce: given.nonce.clone(), password: given.password, again: given.again, code: given.code };
    match choose_password(state.house(), id, &token, &chosen).await {
        Ok(codes) => Ok(page(&DonePage { shell, codes })),
        Err(ActError::Refused(reasons)) if reasons.iter().all(|reason| reason.field.is_some()) => {
            let invited =
                look_at_invitation(state.house(), id, &token).await.map_err(|error| problem(shell.t, error))?;
            let wrong = sentences(shell.t, &reasons);
            let door = Door { org: &org, token: &token, nonce: &given.nonce };
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &InvitationPage::of(shell, &invited, &door, wrong)))
        }
        Err(other) => Err(problem(shell.t, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<InvitationPage>(office_shell), Vec::<String>::new());
        assert_eq!(faults::<DonePage>(office_shell), Vec::<String>::new());
    }
}
