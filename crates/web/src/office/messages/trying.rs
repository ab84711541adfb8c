//! Trying a message out: by e-mail to the officer's own address, or by LINE to somebody the office has named for it. What
//! was chosen last is remembered by the browser. Leaves naming people to `settings::line_testers`, sending to the act.

use axum::Extension;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::TestSend;
use tsunagari_acts::ActError;
use tsunagari_acts::test_send::{TestTo, test_send};
use tsunagari_i18n::Texts;
use tsunagari_storage::test_recipient::TestRecipient;

use super::form::{code_of, language_of};
use super::moves::campaign;
use super::show::{Aside, again};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Choices, Field, Link};
use crate::shell::{AppError, cookies};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.post("/office/messages/{id}/test", Needs::Permission(Code::TestSend), test)
}

/// Remembers whom this browser tried a message out on last.
const LAST: &str = "__Host-test-to";
const A_YEAR: u32 = 365 * 24 * 3600;
/// The choice of one's own e-mail address.
const MAIL: &str = "mail";

/// The form.
pub(super) struct Trying {
    pub action: String,
    pub to: Choices,
    pub mail: Field,
    pub settings: Option<Link>,
    /// Nobody is named for LINE yet, and who can name somebody.
    pub nobody: Option<String>,
}

/// Whom this officer may choose.
#[derive(Default)]
pub(super) struct Recipients {
    /// Id and what they are called.
    pub people: Vec<(String, String)>,
    /// The officer's own address, when they sign in by one.
    pub mail: String,
    /// Chosen last time.
    pub last: String,
}

impl Recipients {
    pub(super) async fn of(desk: &Desk, headers: &HeaderMap) -> Result<Self, AppError> {
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        let line = reader.sending_line_channel().await.map_err(unreadable)?;
        let named = reader.test_recipients(line.map(|line| line.provider)).await.map_err(unreadable)?;
        drop(reader);
        let reached = named.iter().filter(|it| it.line.is_some()).enumerate();
        Ok(Self {
            people: reached.map(|it| (it.1.person.to_string(), called(desk, it))).collect(),
            mail: Some(desk.staff.login.clone()).filter(|login| login.contains('@')).unwrap_or_default(),
            last: cookies::read(headers, LAST).unwrap_or_default().to_owned(),
        })
    }
}

/// By name for those who may see people, by number for others.
fn called(desk: &Desk, (n, it): (usize, &TestRecipient)) -> String {
    let t = desk.t;
    if desk.may(Code::ViewPeople) {
        t.one("messages-test-person", "name", it.name.clone())
    } else {
        t.one("messages-test-person", "name", t.one("messages-test-number", "n", n + 1))
    }
}

impl Trying {
    pub(super) fn of(t: Texts, base: &str, known: &Recipients, aside: &Aside, may: &dyn Fn(Code) -> bool) -> Self {
        let at = |field: &str| aside.errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let asked = if aside.to.is_empty() { &known.last } else { &aside.to };
        let chosen = known.people.iter().map(|(id, _)| id.as_str()).find(|id| *id == asked).unwrap_or(MAIL);
        let by_mail = Choices::radio(t, "to", t.get("messages-test-to")).option(MAIL, t.get("messages-test-mail"));
        let to = known.people.iter().fold(by_mail, |to, (id, name)| to.option(id, name));
        let nobody = known.people.is_empty();
        let door = may(Code::ManageChannels);
        Self {
            action: format!("{base}/test"),
            to: to.chosen(chosen).error(at("to")).required(),
            mail: Field::email(t, "mail", t.get("messages-test-address"))
                .value(if aside.mail.is_empty() { &known.mail } else { &aside.mail })
                .hint(t.get("messages-test-address.hint"))
                .error(at("mail")),
            settings: door.then(|| Link::to("/office/settings/line/testers", t.get("messages-test-name"))),
            nobody: (nobody && !door).then(|| t.get("messages-test-nobody")),
        }
    }
}

#[derive(Deserialize)]
struct Test {
    #[serde(default)]
    to: String,
    #[serde(default)]
    mail: String,
    #[serde(default)]
    language: String,
}

async fn test(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(it): Posted<Test>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let by = desk.grant::<TestSend>()?;
    let language = language_of(&it.language);
    let to = if it.to == MAIL { Some(TestTo::Mail(it.mail.clone())) } else { it.to.parse().ok().map(TestTo::Person) };
    let sent = match to {
        Some(to) => test_send(&desk.house, &by, id, &to, language).await,
        None => Err(ActError::refused_at("to", "choose_one")),
    };
    match sent {
        Ok(()) => {
            let shown = format!("/office/messages/{id}?done=tested&lang={}", code_of(language));
            let mut answer = Redirect::to(&shown).into_response();
            if let Some(cookie) = cookies::set_for(LAST, &it.to, A_YEAR) {
                answer.headers_mut().append(SET_COOKIE, cookie);
            }
            Ok(answer)
        }
        Err(ActError::Refused(reasons)) => {
            let aside = Aside { errors: sentences(desk.t, &reasons), to: it.to, mail: it.mail, ..Aside::default() };
            again(&desk, &headers, id, &it.language, aside).await
        }
        Err(other) => Err(desk.problem(other)),
    }
}
