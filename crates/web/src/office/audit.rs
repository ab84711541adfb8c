//! The audit record by time, narrowed by act, person, day and subject. Reading it is on record itself (the act does
//! that); names are those of today. Leaves sealing to the binary.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::{Actor, Code};
use tsunagari_acts::read_audit::{AuditPage, PAGE, read_audit};
use tsunagari_documents::Cell;
use tsunagari_i18n::Texts;
use tsunagari_storage::audit_view::{AuditFilter, AuditRow};
use tsunagari_storage::order::Way;
use uuid::Uuid;

use crate::office::desk::Desk;
use crate::office::export::links;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Choices, Empty, Field, Link, Pager, SortHeader, Sorting};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/audit", Needs::Permission(Code::ViewAudit), show)
}

/// The filter as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    act: String,
    who: String,
    from: String,
    until: String,
    subject: String,
    sort: String,
    page: u32,
}

impl Asked {
    pub(super) fn filter(&self) -> AuditFilter {
        AuditFilter {
            act: super::settings::some(&self.act),
            actor: self.who.parse().ok(),
            from_on: self.from.trim().parse().ok(),
            until_on: self.until.trim().parse().ok(),
            subject: self.subject.trim().parse().ok(),
        }
    }

    /// The filter as the record of an export keeps it: codes and days.
    pub(super) fn recorded(&self) -> serde_json::Value {
        let of = self.filter();
        serde_json::json!({ "act": of.act, "actor": of.actor, "from": of.from_on, "until": of.until_on, "subject": of.subject })
    }

    fn sorting(&self) -> Sorting<()> {
        Sorting::asked(&self.sort, ("at", (), Way::Falling), &[])
    }

    fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("act", &self.act),
            ("who", &self.who),
            ("from", &self.from),
            ("until", &self.until),
            ("subject", &self.subject),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    fn href(&self, sort: &str, page: u64) -> String {
        let mut query = self.query();
        for (name, value) in [("sort", sort.to_owned()), ("page", page.to_string())] {
            if !value.is_empty() {
                let glue = if query.is_empty() { "" } else { "&" };
                query.push_str(&format!("{glue}{name}={value}"));
            }
        }
        format!("/office/audit?{query}")
    }
}

struct Line {
    at: String,
    who: String,
    act: String,
    subjects: Vec<(String, String)>,
    counts: String,
    seq: String,
}

#[derive(Template)]
#[template(path = "office/audit.html")]
struct AuditView {
    shell: Shell,
    chain: Banner,
    total: String,
    act: Choices,
    who: Choices,
    from: Field,
    until: Field,
    subject: Field,
    at: SortHeader,
    lines: Vec<Line>,
    pager: Pager,
    empty: Empty,
    exports: Vec<Link>,
}

/// The words of an act; its code where none are written yet.
fn words_of(t: Texts, act: &str) -> String {
    t.find(format!("act-{}", act.replace('_', "-"))).unwrap_or_else(|| act.to_owned())
}

fn who(t: Texts, actor: &Actor, known: &AuditPage) -> String {
    let name = |id: Uuid| known.names.get(&id).cloned().unwrap_or_else(|| t.get("audit-unknown"));
    match actor {
        Actor::User(id) => name(id.0),
        Actor::Resident(id) => t.one("audit-resident", "name", name(id.0)),
        Actor::Guardian { ward, .. } => t.one("audit-guardian", "name", name(ward.0)),
        Actor::Machine(job) => {
            let named = t.find(format!("audit-job-{}", job.as_str().replace('_', "-")));
            t.one("audit-machine", "job", named.unwrap_or_else(|| words_of(t, job.as_str())))
        }
        Actor::Partner(id) => t.one("audit-partner", "name", name(id.0)),
    }
}

fn line(t: Texts, row: &AuditRow, known: &AuditPage) -> Line {
    let subject = |(kind, id): &(tsunagari_access::ActCode, Uuid)| {
        let name = known.names.get(id).cloned().unwrap_or_else(|| id.as_simple().to_string().chars().take(8).collect());
        let kind = t
            .find(format!("audit-kind-{}", kind.as_str().replace('_', "-")))
            .unwrap_or_else(|| kind.as_str().to_owned());
        (format!("/office/audit?subject={id}"), format!("{kind} {name}"))
    };
    let counts: Vec<String> = row
        .counts
        .iter()
        .map(|(what, n)| {
            let code = what.as_str();
            let word = t.find(format!("audit-count-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned());
            format!("{word} {}", t.number(*n))
        })
        .collect();
    Line {
        at: t.date_time(row.at),
        who: who(t, &row.actor, known),
        act: words_of(t, &row.act),
        subjects: row.subjects.iter().take(5).map(subject).collect(),
        counts: counts.join(", "),
        seq: row.seq.map(|n| n.to_string()).unwrap_or_default(),
    }
}

/// A row of the record as a row of a file; the code of the act stands beside its words.
pub(super) fn cells(t: Texts, row: &AuditRow, known: &AuditPage) -> Vec<Cell> {
    let it = line(t, row, known);
    let subjects: Vec<String> = it.subjects.into_iter().map(|(_, words)| words).collect();
    vec![
        Cell::from(it.at),
        Cell::from(it.who),
        Cell::from(it.act),
        Cell::from(subjects.join(" / ")),
        Cell::from(it.counts),
        Cell::from(it.seq),
        Cell::from(row.act.as_str()),
    ]
}

impl AuditView {
    fn of(shell: Shell, asked: &Asked, staff: &[(String, String)], known: &AuditPage) -> Self {
        let t = shell.t;
        let any = |name: &str, key: &str| Choices::select(t, name, t.get(key)).option("", t.get("audit-any"));
        let mut acts: Vec<(String, &String)> = known.acts.iter().map(|code| (words_of(t, code), code)).collect();
        acts.sort();
        let act = acts
            .into_iter()
            .fold(any("act", "audit-act"), |choices, (words, code)| choices.option(code.clone(), words));
        let people =
            staff.iter().fold(any("who", "audit-who"), |choices, (id, name)| choices.option(id.clone(), name.clone()));
        let pages = u64::try_from(known.total).unwrap_or(0).div_ceil(u64::from(PAGE)).max(1);
        Self {
            chain: if known.unsealed == 0 {
                Banner::of(Tone::Success, t.get("audit-sealed")).text(t.get("audit-sealed.text"))
            } else {
                Banner::of(Tone::Info, t.count("audit-unsealed", known.unsealed)).text(t.get("audit-sealed.text"))
            },
            total: t.count("audit-total", known.total),
            act: act.chosen(&asked.act),
            who: people.chosen(&asked.who),
            from: Field::date(t, "from", t.get("audit-from")).value(&asked.from),
            until: Field::date(t, "until", t.get("audit-until")).value(&asked.until),
            subject: Field::text(t, "subject", t.get("audit-subject")).value(&asked.subject),
            at: asked.sorting().head(t.get("audit-at"), "at", |sort| asked.href(sort, 1)),
            lines: known.rows.iter().map(|row| line(t, row, known)).collect(),
            pager: Pager::of(t, u64::from(asked.page.max(1)), pages, |n| asked.href(&asked.sorting().kept(), n)),
            empty: Empty::of("audit", t.get("audit-empty"), t.get("audit-empty.text")),
            exports: Vec::new(),
            shell,
        }
    }
}

impl Sample for AuditView {
    fn samples(shell: Shell) -> Vec<Self> {
        let row = |actor, act: &str| AuditRow {
            id: tsunagari_kernel::AuditId(Uuid::nil()),
            at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
            act: act.into(),
            actor,
            subjects: vec![(tsunagari_access::ActCode::of("person"), Uuid::nil())],
            counts: vec![(tsunagari_access::ActCode::of("rows"), 412)],
            seq: Some(1),
        };
        let org = tsunagari_kernel::OrgId(Uuid::nil());
        let person = tsunagari_kernel::PersonId(Uuid::nil());
        let guardian = Actor::Guardian { guardianship: tsunagari_kernel::GuardianshipId(Uuid::nil()), ward: person };
        let mut full = AuditPage {
            rows: vec![
                row(Actor::User(tsunagari_kernel::UserId(Uuid::nil())), "sign_in"),
                row(Actor::Resident(person), "begin_join"),
                row(guardian, "give_consent"),
                row(tsunagari_access::Machine::working(org, "sealer").actor(), "unheard_of"),
            ],
            total: 120,
            unsealed: 2,
            acts: vec!["sign_in".into()],
            names: std::collections::HashMap::new(),
        };
        let asked = Asked::default();
        let mut faces = vec![Self::of(shell.clone(), &asked, &[], &full)];
        faces[0].exports = links(shell.t, "/office/exports/audit");
        (full.rows, full.unsealed) = (Vec::new(), 0);
        faces.into_iter().chain([Self::of(shell, &asked, &[], &full)]).collect()
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let known = read_audit(&desk.house, &by, &asked.filter(), asked.sorting().way, asked.page.max(1))
        .await
        .map_err(|error| desk.problem(error))?;
    let staff = desk.here().read().await.map_err(unreadable)?.staff().await.map_err(unreadable)?;
    let staff: Vec<(String, String)> = staff.into_iter().map(|it| (it.id.to_string(), it.name)).collect();
    let mut view = AuditView::of(desk.shell(), &asked, &staff, &known);
    if desk.may(Code::ExportLists) {
        view.exports = links(desk.t, format!("/office/exports/audit?{}", asked.query()).trim_end_matches('?'));
    }
    Ok(page(&view))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<AuditView>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
