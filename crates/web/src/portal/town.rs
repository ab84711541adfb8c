//! The town a page of the portal belongs to, by the code in its address: the extractor of every page under `/p/{code}`.
//! Leaves who is visiting to `visitor` and what they have answered to `draft`.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::http::{Uri, header};
use tsunagari_acts::House;
use tsunagari_i18n::{Locale, Texts};
use tsunagari_kernel::OrgId;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::{OrgStore, Reader};

use crate::sentences::{problem, unreadable};
use crate::shell::components::ContactText;
use crate::shell::problem::{locale_of, without_locale};
use crate::shell::{Accent, AppError, Flash, Org, Shell, Tone};
use crate::state::WebState;

/// A town, and the reader's language.
#[derive(Clone)]
pub struct Town {
    /// The house.
    pub house: House,
    /// The organisation.
    pub org: Organisation,
    /// The reader's texts.
    pub t: Texts,
    /// Path and query of this request without the language.
    pub path: String,
}

/// How residents can come in: what does not work is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// By LINE Login.
    pub line: bool,
    /// By a mailed link.
    pub mail: bool,
}

impl Ways {
    /// The same, in a look that is open.
    ///
    /// # Errors
    /// Storage's.
    pub async fn read(reader: &mut Reader) -> Result<Self, AppError> {
        let mail = reader.mail_channel().await.map_err(unreadable)?;
        Ok(Self {
            line: reader.login_line_channel().await.map_err(unreadable)?.is_some(),
            mail: mail.is_some_and(|it| it.works()),
        })
    }
}

/// Path and query without `lang`, for the language switch.
pub fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), |it| without_locale(it.as_str()))
}

/// The frame of a town's page.
pub fn frame(org: &Organisation, t: Texts, path: &str) -> Shell {
    let face = Org { name: org.name.clone(), line: String::new(), accent: Accent::parse(&org.accent) };
    let mut shell = Shell::bare(t.locale(), face, path);
    shell.home = format!("/p/{}", org.code);
    shell.contact = match org.contact.trim() {
        "" => ContactText::default(),
        contact => ContactText::of(&t.one("portal-foot-contact", "contact", contact)),
    };
    shell
}

/// Where a request seems to come from: the sender's address, or what a proxy on this machine says. Only counted by.
pub fn address_of(parts: &Parts) -> String {
    let peer = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
    let told = parts
        .headers
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next());
    match (peer, told) {
        (Some(peer), Some(told)) if peer.is_loopback() => told.trim().to_owned(),
        (Some(peer), _) => peer.to_string(),
        (None, _) => String::new(),
    }
}

impl Town {
    /// The town of an organisation already found.
    pub fn of(house: &House, org: Organisation, uri: &Uri, headers: &HeaderMap) -> Self {
        Self { house: house.clone(), org, t: Texts::of(locale_of(uri, headers)), path: path_of(uri) }
    }

    /// The town of an organisation that a token named.
    ///
    /// # Errors
    /// Storage's.
    pub async fn of_org(house: &House, org: OrgId, uri: &Uri, headers: &HeaderMap) -> Result<Self, AppError> {
        let mut reader = house.org(org).read_by_key().await.map_err(unreadable)?;
        Ok(Self::of(house, reader.organisation().await.map_err(unreadable)?, uri, headers))
    }

    /// One organisation's part of the database.
    pub fn here(&self) -> OrgStore {
        self.house.org(self.org.id)
    }

    /// By which ways residents can come in here.
    ///
    /// # Errors
    /// Storage's.
    pub async fn ways(&self) -> Result<Ways, AppError> {
        Ways::read(&mut self.here().read_by_key().await.map_err(unreadable)?).await
    }

    /// An address below the town's.
    pub fn at(&self, rest: &str) -> String {
        format!("/p/{}{rest}", self.org.code)
    }

    /// The page's frame.
    pub fn shell(&self) -> Shell {
        frame(&self.org, self.t, &self.path)
    }

    /// The frame with news on top.
    pub fn shell_with(&self, tone: Tone, text: String) -> Shell {
        let mut shell = self.shell();
        shell.flash.push(Flash { tone, text });
        shell
    }

    /// An act's failure as an error page.
    pub fn problem(&self, error: tsunagari_acts::ActError) -> AppError {
        problem(self.t, error)
    }

    /// The language LINE's pages are asked to speak.
    pub const fn line_locale(&self) -> &'static str {
        match self.t.locale() {
            Locale::Ja | Locale::JaEasy => "ja-JP",
            Locale::En => "en-US",
        }
    }
}

impl Town {
    /// The town of a request, and the look it was found in, for what else the request asks.
    pub async fn looked_up(parts: &mut Parts, state: &WebState) -> Result<(Self, Reader), AppError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        let code =
            params.iter().find(|(name, _)| *name == "code").map(|(_, value)| value.to_owned()).unwrap_or_default();
        let here = state.house().store.org_with_code(&code).await.map_err(unreadable)?.ok_or(AppError::NotFound)?;
        let mut reader = here.read_by_key().await.map_err(unreadable)?;
        let org = reader.organisation().await.map_err(unreadable)?;
        Ok((Self::of(state.house(), org, &parts.uri, &parts.headers), reader))
    }
}

impl FromRequestParts<WebState> for Town {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, AppError> {
        Ok(Self::looked_up(parts, state).await?.0)
    }
}

/// 303 to a place of our own.
pub fn go(to: &str) -> axum::response::Response {
    use axum::response::IntoResponse;
    match axum::http::HeaderValue::from_str(to) {
        Ok(to) => (axum::http::StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => AppError::broken().into_response(),
    }
}
