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
use tsunagari_outreach::message::{Language, Message};
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
    /// Where to; nothing where no way is both written for and open.
    pub to: Option<Choices>,
    /// The address, where a mail is written.
    pub mail: Option<Field>,
    /// Nothing is written yet.
    pub unwritten: Option<String>,
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
    pub(super) fn of(
        t: Texts,
        base: &str,
        (message, language): (&Message, Language),
        known: &Recipients,
        aside: &Aside,
        may: &dyn Fn(Code) -> bool,
    ) -> Self {
        let (mail, line) = (message.mail_for(language).is_some(), message.bubbles_for(language).is_some());
        let people: &[(String, String)] = if line { &known.people } else { &[] };
        let at = |field: &str| aside.errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let asked = if aside.to.is_empty() { &known.last } else { &aside.to };
        // Only what is written can be tried out: by mail, or by LINE to somebody named for it.
        let mut ways: Vec<(&str, String)> = Vec::new();
        if mail {
            ways.push((MAIL, t.get("messages-test-mail")));
        }
        ways.extend(people.iter().map(|(id, name)| (id.as_str(), name.clone())));
        let chosen = ways.iter().map(|(way, _)| *way).find(|way| way == asked).or(ways.first().map(|(way, _)| *way));
        let to = chosen.map(|chosen| {
            let empty = Choices::radio(t, "to", t.get("messages-test-to"));
            let to = ways.iter().fold(empty, |to, (way, name)| to.option(*way, name));
            to.chosen(chosen).error(at("to")).required()
        });
        let address = || {
            Field::email(t, "mail", t.get("messages-test-address"))
                .value(if aside.mail.is_empty() { &known.mail } else { &aside.mail })
                .hint(t.get("messages-test-address.hint"))
                .error(at("mail"))
        };
        let (nobody, door) = (line && known.people.is_empty(), may(Code::ManageChannels));
        Self {
            action: format!("{base}/test"),
            to,
            mail: mail.then(address),
            unwritten: (!mail && !line).then(|| t.get("messages-test-unwritten")),
            settings: (line && door).then(|| Link::to("/office/settings/line/testers", t.get("messages-test-name"))),
            nobody: (nobody && (!door || !mail)).then(|| t.get("messages-test-nobody")),
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
