//! The audiences in use: name, rule in words, how many people now, how often used.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_kernel::Moment;
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::components::{Empty, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/audiences", Needs::Permission(Code::ManageAudiences), show)
}

struct Line {
    name: Link,
    why: String,
    words: String,
    people: String,
    used: String,
}

#[derive(Template)]
#[template(path = "office/audiences/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    empty: Empty,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    kept: String,
}

impl ListPage {
    fn of(shell: Shell, lines: Vec<Line>) -> Self {
        let t = shell.t;
        let empty = Empty::of("audience", t.get("audience-empty"), t.get("audience-empty.text"))
            .action("/office/audiences/new", t.get("audience-new"));
        Self { lines, empty, shell }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let t = desk.t;
    let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = RuleWords::read(&mut reader, t).await.map_err(unreadable)?;
    let uses = reader.segment_uses().await.map_err(unreadable)?;
    let mut lines = Vec::new();
    for it in reader.segments().await.map_err(unreadable)? {
        let (told, people) = match Rule::<Checked>::read(&it.rule, &catalogue) {
            Ok(rule) => {
                let count = reader.count_audience(&Audience::of_rule(&rule, &at, &policy)).await.map_err(unreadable)?;
                (rule.phrase().render(&words), t.count("audience-people", count))
            }
            // A code the rule names is gone: nobody is chosen until somebody looks at it.
            Err(error) => (error.phrase().render(&words), t.blank()),
        };
        let used = uses.iter().find(|(id, _)| *id == it.id).map_or(0, |(_, n)| *n);
        lines.push(Line {
            name: Link::to(format!("/office/audiences/{}", it.id), it.name),
            why: it.why,
            words: told,
            people,
            used: if used == 0 { t.get("audience-unused") } else { t.count("audience-used", used) },
        });
    }
    drop(reader);
    let shell =
        if asked.kept.is_empty() { desk.shell() } else { desk.shell_with(Tone::Success, t.get("audience-kept")) };
    Ok(page(&ListPage::of(shell, lines)))
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let line = Line {
            name: Link::to("#", "大学1-2年・関西"),
            why: "帰省イベントの案内".into(),
            words: t.get("rule-everyone"),
            people: t.count("audience-people", 412),
            used: t.count("audience-used", 2),
        };
        let other = Line {
            name: Link::to("#", "全員"),
            why: String::new(),
            words: t.get("rule-everyone"),
            people: t.blank(),
            used: t.get("audience-unused"),
        };
        vec![Self::of(shell.clone(), Vec::new()), Self::of(shell, vec![line, other])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<ListPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
