//! Every use of a person's data: messages, lists taken out, figures, and what staff did and looked at.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, PersonId, Timestamp};
use tsunagari_storage::audit_view::{AuditFilter, AuditRow};
use tsunagari_storage::order::Way;
use tsunagari_storage::person_uses::{ExportUse, FigureUse, MessageUse};
use tsunagari_storage::staff::Staff;

use super::card::crumbs;
use super::card_parts::actor;
use super::words::name;
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::Crumbs;
use crate::shell::{AppError, Sample, Shell, page};

/// The most lines of each part.
const MOST: i64 = 200;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/people/{person}/uses", Needs::Permission(Code::ViewPeople), show)
}

struct Part {
    title: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "office/people/uses.html")]
struct UsesPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    name: String,
    parts: Vec<Part>,
}

/// What was found.
#[derive(Default)]
struct Found {
    messages: Vec<MessageUse>,
    exports: Vec<ExportUse>,
    figures: Vec<FigureUse>,
    audit: Vec<AuditRow>,
    staff: Vec<Staff>,
}

fn part(t: Texts, key: &str, heads: &[&str], rows: Vec<Vec<String>>) -> Part {
    Part {
        title: t.get(format!("people-{key}")),
        heads: heads.iter().map(|head| t.get(format!("people-{head}"))).collect(),
        rows,
    }
}

fn when(t: Texts, at: Option<Timestamp>) -> String {
    at.map_or_else(|| t.blank(), |at| t.date_time_short(at))
}

fn parts(t: Texts, found: &Found) -> Vec<Part> {
    let staff =
        |id| found.staff.iter().find(|it| it.id == id).map_or_else(|| t.get("actor-user"), |it| it.name.clone());
    let code = |prefix: &str, code: &str| {
        t.find(format!("{prefix}-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned())
    };
    let message = |it: &MessageUse| {
        let reason = it.reason.as_deref().map(|reason| code("skip", reason)).unwrap_or_default();
        vec![
            when(t, it.settled_at),
            it.title.clone(),
            code("channel", &it.channel),
            code("delivery", &it.state),
            reason,
        ]
    };
    let export = |it: &ExportUse| vec![when(t, Some(it.at)), code("people-export-kind", &it.kind), staff(it.by)];
    let figure = |it: &FigureUse| {
        let counted = t.get(if it.counted { "people-figure-counted" } else { "people-figure-not-counted" });
        vec![when(t, Some(it.published_at)), it.slug.clone(), t.fiscal_year(FiscalYear(it.fiscal_year)), counted]
    };
    let audit = |it: &AuditRow| vec![when(t, Some(it.at)), code("act", &it.act), actor(t, &it.actor, &found.staff)];
    vec![
        part(
            t,
            "uses-messages",
            &["when", "message", "channel", "state", "ended-why"],
            found.messages.iter().map(message).collect(),
        ),
        part(t, "uses-exports", &["when", "what", "who"], found.exports.iter().map(export).collect()),
        part(
            t,
            "uses-figures",
            &["when", "indicator", "fiscal-year", "counted"],
            found.figures.iter().map(figure).collect(),
        ),
        part(t, "uses-acts", &["when", "what", "who"], found.audit.iter().map(audit).collect()),
    ]
}

async fn show(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let person = reader.person(id).await.map_err(unreadable)?;
    let filter = AuditFilter { subject: Some(id.0.into()), ..AuditFilter::default() };
    let found = Found {
        messages: reader.message_uses(id, MOST).await.map_err(unreadable)?,
        exports: reader.export_uses(id, MOST).await.map_err(unreadable)?,
        figures: reader.figure_uses(id, MOST).await.map_err(unreadable)?,
        audit: reader.audit_page(&filter, Way::Falling, 200, 0).await.map_err(unreadable)?,
        staff: reader.staff().await.map_err(unreadable)?,
    };
    drop(reader);
    Ok(page(&UsesPage::of(desk.shell(), id, name(desk.t, &person), &found)))
}

impl UsesPage {
    fn of(shell: Shell, id: PersonId, name: String, found: &Found) -> Self {
        let t = shell.t;
        Self {
            crumbs: crumbs(t, Some((id, name.clone()))),
            title: t.get("people-uses"),
            name,
            parts: parts(t, found),
            shell,
        }
    }
}

impl Sample for UsesPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_kernel::{CampaignId, ExportId, FigureId, UserId};
        let at = Timestamp::from_micros(1_773_600_000_000_000);
        let nil = uuid::Uuid::nil();
        let id = PersonId(nil);
        let message = MessageUse {
            campaign: CampaignId(nil),
            title: "帰省イベントのお知らせ".into(),
            channel: "line".into(),
            state: "skipped".into(),
            reason: Some("no_consent".into()),
            settled_at: None,
        };
        let found = Found {
            messages: vec![message],
            exports: vec![ExportUse { export: ExportId(nil), kind: "people".into(), by: UserId(nil), at }],
            figures: vec![FigureUse {
                figure: FigureId(nil),
                slug: "reach".into(),
                fiscal_year: 2025,
                counted: true,
                published_at: at,
            }],
            ..Found::default()
        };
        vec![
            Self::of(shell.clone(), id, "髙橋 花".into(), &Found::default()),
            Self::of(shell, id, "髙橋 花".into(), &found),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<UsesPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
