//! The officer's desk: who is signed in to the office on this request, and the frame of the page they see.
//! The guard of the route table puts it into the request; handlers take it as `Extension<Desk>`.

use chrono::TimeDelta;
use tsunagari_access::session::{Session, Subject, csrf_token, token_hash};
use tsunagari_access::{Code, Granted, Officer, Permission};
use tsunagari_acts::House;
use tsunagari_i18n::{Locale, Texts};
use tsunagari_kernel::{OrgId, Timestamp};
use tsunagari_storage::OrgStore;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::staff::Staff;

use crate::routes::{FormToken, Seen};
use crate::sentences::{problem, unreadable};
use crate::shell::problem::{locale_asked, without_locale};
use crate::shell::{Accent, AppError, Flash, NavItem, Org, Shell, Surface, Tone, User, cookies};
use crate::state::WebState;

/// Who is signed in and where.
#[derive(Clone)]
pub struct Desk {
    /// The house.
    pub house: House,
    /// The organisation with its settings.
    pub org: Organisation,
    /// The member of staff.
    pub staff: Staff,
    /// The same as a holder of permissions.
    pub officer: Officer,
    /// The reader's texts.
    pub t: Texts,
    /// The session's form token.
    pub csrf: String,
    /// Path and query of this request.
    pub path: String,
    /// Real time of this request.
    pub at: Timestamp,
}

/// A cookie's value: the organisation, then the token. The organisation in it only says where to look.
pub fn cookie_value(org: OrgId, token: &str) -> String {
    format!("{}.{token}", org.0.as_simple())
}

/// Reads a cookie's value.
pub fn read_cookie(value: &str) -> Option<(OrgId, [u8; 32])> {
    let (org, token) = value.split_once('.')?;
    Some((org.parse().ok()?, token_hash(token)?))
}

/// Lets a request through to its handler, or says why not.
pub async fn admit(state: &WebState, needs: Option<Code>, seen: Seen) -> Result<(FormToken, Desk), AppError> {
    let path = without_locale(&seen.page);
    let sign_in = || {
        let next = if seen.method == axum::http::Method::GET { path.as_str() } else { "/office" };
        let next = url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
        AppError::SignIn(format!("/office/sign-in?next={next}"))
    };
    let cookie = cookies::read(&seen.headers, cookies::session_name(Surface::Office));
    let (org, hash) = cookie.and_then(read_cookie).ok_or_else(sign_in)?;
    let house = state.house().clone();
    let now = house.real_clock.now();
    let here = house.org(org);
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let session =
        reader.session(&hash).await.map_err(unreadable)?.filter(|session| session.is_live(now)).ok_or_else(sign_in)?;
    let Subject::Staff(user) = session.subject else { return Err(sign_in()) };
    let staff = reader.staff_member(user).await.map_err(unreadable)?;
    let org = reader.organisation().await.map_err(unreadable)?;
    drop(reader);
    if !staff.active {
        return Err(sign_in());
    }
    touch(&here, &hash, &session, now).await?;
    let officer = Officer::of(org.id, user, vec![staff.role]);
    if let Some(code) = needs
        && !officer.may(code, now)
    {
        return Err(AppError::Forbidden);
    }
    // Staff read Japanese unless they choose: a browser's own language says little on a shared desk.
    let kept = || cookies::read(&seen.headers, cookies::LANGUAGE).and_then(Locale::parse);
    let asked = locale_asked(seen.path.split_once('?').map(|(_, query)| query));
    let locale = if asked.or_else(kept) == Some(Locale::En) { Locale::En } else { Locale::Ja };
    let csrf = csrf_token(&state.0.form_key, session.id);
    Ok((FormToken(csrf.clone()), Desk { house, org, staff, officer, t: Texts::of(locale), csrf, path, at: now }))
}

async fn touch(here: &OrgStore, hash: &[u8; 32], session: &Session, now: Timestamp) -> Result<(), AppError> {
    if session.touch(now).is_none() {
        return Ok(());
    }
    match tsunagari_acts::sign_in::touch(here, hash, now).await {
        // Reading goes on while the disk is full; the session then ends as if it had not been used.
        Ok(()) | Err(tsunagari_acts::ActError::Full) => Ok(()),
        Err(error) => Err(problem(Texts::of(Locale::Ja), error)),
    }
}

impl Desk {
    /// One organisation's part of the database.
    pub fn here(&self) -> OrgStore {
        self.house.org(self.org.id)
    }

    /// The proof for an act.
    pub fn grant<P: Permission>(&self) -> Result<Granted<P>, AppError> {
        self.officer.grant::<P>(self.at).map_err(|_| AppError::Forbidden)
    }

    /// Whether a part of a page is shown.
    pub fn may(&self, code: Code) -> bool {
        self.officer.may(code, self.at)
    }

    /// An act's failure as an error page.
    pub fn problem(&self, error: tsunagari_acts::ActError) -> AppError {
        problem(self.t, error)
    }

    /// The page's frame.
    pub fn shell(&self) -> Shell {
        let t = self.t;
        let org = Org { name: self.org.name.clone(), line: String::new(), accent: Accent::parse(&self.org.accent) };
        let mut shell = Shell::bare(t.locale(), org, self.path.clone());
        shell.user =
            Some(User { name: self.staff.name.clone(), role: t.get(format!("role-{}", self.staff.role.code())) });
        shell.csrf.clone_from(&self.csrf);
        shell.sign_out = "/office/sign-out".into();
        shell.home = "/office".into();
        shell.nav = self.nav();
        shell
    }

    /// The frame with news on top.
    pub fn shell_with(&self, tone: Tone, text: String) -> Shell {
        let mut shell = self.shell();
        shell.flash.push(Flash { tone, text });
        shell
    }

    /// Whether this is a network or a prefecture, which sees its members' figures.
    pub fn has_members(&self) -> bool {
        tsunagari_acts::read_rollup::WITH_MEMBERS.contains(&self.org.kind.as_str())
    }

    /// Whether it has people of its own; the secretariat of a network has none.
    pub fn keeps_people(&self) -> bool {
        self.org.kind != "network"
    }

    fn nav(&self) -> Vec<NavItem> {
        const ENTRIES: &[(&str, &str, &str, Option<Code>)] = &[
            ("/office", "shell-nav-today", "today", None),
            ("/office/people", "shell-nav-people", "people", Some(Code::ViewPeople)),
            ("/office/import", "shell-nav-import", "import", Some(Code::ImportPeople)),
            ("/office/audiences", "shell-nav-audiences", "audience", Some(Code::ManageAudiences)),
            ("/office/messages", "shell-nav-messages", "message", Some(Code::ViewMessages)),
            ("/office/programmes", "shell-nav-programmes", "calendar", Some(Code::ViewProgrammes)),
            ("/office/reach", "shell-nav-reach", "reach", Some(Code::ViewFigures)),
            (NETWORK, "shell-nav-network", "reach", Some(Code::ViewFigures)),
            ("/office/settings", "shell-nav-settings", "settings", Some(Code::ManageSettings)),
            ("/office/audit", "shell-nav-audit", "audit", Some(Code::ViewAudit)),
        ];
        ENTRIES
            .iter()
            .filter(|(.., code)| code.is_none_or(|code| self.may(code)))
            .filter(|(href, ..)| {
                if *href == NETWORK { self.has_members() } else { self.keeps_people() || !OF_PEOPLE.contains(href) }
            })
            .map(|(href, key, icon, _)| NavItem::to(href, self.t.get(key), icon, &self.path))
            .map(|item| {
                if item.href == "/office" {
                    NavItem { current: self.path.split('?').next() == Some("/office"), ..item }
                } else {
                    item
                }
            })
            .collect()
    }
}

/// The page of those who have members.
const NETWORK: &str = "/office/network";
/// Pages a body without people of its own has no use for.
const OF_PEOPLE: [&str; 6] =
    ["/office", "/office/people", "/office/import", "/office/audiences", "/office/messages", "/office/reach"];

/// How long a sign-in link printed by the demo may be used.
pub const SIGN_IN_LINK_LIFE: TimeDelta = TimeDelta::hours(12);
