//! The settings' first page: what a new town still has to do, and a card for everything that can be set.

use askama::Template;
use axum::Extension;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_storage::line_channel::{ChannelKind, ChannelState};

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Chip, Icon};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/settings", Needs::Permission(Code::ManageSettings), show)
}

/// What stands already.
#[derive(Default)]
struct Stands {
    contact: bool,
    colleagues: bool,
    teams: bool,
    wordings: bool,
    line: bool,
    login: bool,
    mail: bool,
    interests: bool,
    plan: bool,
}

impl Stands {
    /// In the order a town does them: what, where, whether.
    const fn steps(&self) -> [(&'static str, &'static str, bool); 9] {
        [
            ("contact", "/office/settings/organisation", self.contact),
            ("colleagues", "/office/settings/staff", self.colleagues),
            ("teams", "/office/settings/teams", self.teams),
            ("wordings", "/office/settings/wordings", self.wordings),
            ("line", "/office/settings/line", self.line),
            ("login", "/office/settings/line", self.login),
            ("mail", "/office/settings/mail", self.mail),
            ("interests", "/office/settings/interests", self.interests),
            ("plan", "/office/settings/plan", self.plan),
        ]
    }

    fn missing(&self) -> usize {
        self.steps().iter().filter(|(.., done)| !done).count()
    }
}

struct Step {
    href: &'static str,
    words: String,
    chip: Chip,
}

struct Card {
    href: &'static str,
    icon: Icon,
    title: String,
    text: String,
}

const CARDS: [(&str, &str, &str, &str); 13] = [
    ("/office/settings/organisation", "school", "settings-org", "settings-org.lead"),
    ("/office/settings/staff", "people", "settings-staff", "settings-staff.lead"),
    ("/office/settings/teams", "team", "settings-teams", "settings-teams.lead"),
    ("/office/settings/line", "phone", "settings-line", "settings-line.lead"),
    ("/office/settings/mail", "mail", "settings-mail", "settings-mail.lead"),
    ("/office/settings/wordings", "consent", "settings-wordings", "settings-wordings.lead"),
    ("/office/settings/interests", "audience", "settings-interests", "settings-interests.lead"),
    ("/office/settings/schools", "school", "settings-schools", "settings-schools.lead"),
    ("/office/settings/plan", "reach", "settings-plan", "settings-plan.lead"),
    ("/office/settings/payer", "mail", "payer-title", "payer-title.lead"),
    ("/office/media", "upload", "settings-media", "settings-media.lead"),
    ("/office/settings/retention", "warning", "settings-retention", "settings-retention.lead"),
    ("/office/audit", "audit", "audit-title", "audit-title.lead"),
];

#[derive(Template)]
#[template(path = "office/settings/index.html")]
struct IndexPage {
    shell: Shell,
    verdict: Banner,
    steps: Vec<Step>,
    cards: Vec<Card>,
}

impl IndexPage {
    fn of(shell: Shell, stands: &Stands) -> Self {
        let t = shell.t;
        let missing = stands.missing();
        let step = |(what, href, done): (&str, &'static str, bool)| Step {
            href,
            words: t.get(format!("settings-todo-{what}")),
            chip: if done {
                Chip::of(Tone::Success, t.get("settings-todo-done"))
            } else {
                Chip::of(Tone::Warning, t.get("settings-todo-open"))
            },
        };
        Self {
            verdict: if missing == 0 {
                Banner::of(Tone::Success, t.get("settings-ready"))
            } else {
                Banner::of(Tone::Info, t.count("settings-missing", missing)).text(t.get("settings-missing.text"))
            },
            steps: stands.steps().into_iter().map(step).collect(),
            cards: CARDS
                .iter()
                .map(|(href, icon, title, text)| Card {
                    href,
                    icon: Icon(icon),
                    title: t.get(title),
                    text: t.get(text),
                })
                .collect(),
            shell,
        }
    }
}

impl Sample for IndexPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let ready = Stands {
            contact: true,
            colleagues: true,
            teams: true,
            wordings: true,
            line: true,
            login: true,
            mail: true,
            interests: true,
            plan: true,
        };
        vec![Self::of(shell.clone(), &Stands::default()), Self::of(shell, &ready)]
    }
}

/// How many steps a new town still has to do; Today shows it.
pub(in crate::office) async fn missing(desk: &Desk) -> Result<usize, AppError> {
    Ok(stands(desk).await?.missing())
}

async fn stands(desk: &Desk) -> Result<Stands, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let channels = reader.line_channels().await.map_err(unreadable)?;
    let works = |kind: ChannelKind| channels.iter().any(|it| it.kind == kind && it.state == ChannelState::Working);
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let wordings = reader.wordings_in_use(desk.house.now()).await.map_err(unreadable)?;
    let mail = reader.mail_channel().await.map_err(unreadable)?;
    Ok(Stands {
        contact: !desk.org.contact.trim().is_empty(),
        colleagues: reader.enrolled_staff().await.map_err(unreadable)?.len() > 1 || desk.org.outside_approver.is_some(),
        teams: !reader.teams().await.map_err(unreadable)?.is_empty(),
        wordings: !purposes.is_empty()
            && purposes.iter().all(|it| wordings.iter().any(|wording| wording.purpose == it.code)),
        line: works(ChannelKind::Messaging),
        login: works(ChannelKind::Login),
        mail: mail.is_some_and(|it| it.works()),
        interests: !reader.interest_kinds().await.map_err(unreadable)?.is_empty(),
        // A network counts nothing of its own: it adds up its members.
        plan: desk.org.kind == "network" || !reader.indicators().await.map_err(unreadable)?.is_empty(),
    })
}

async fn show(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let stands = stands(&desk).await?;
    Ok(page(&IndexPage::of(desk.shell(), &stands)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<IndexPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
