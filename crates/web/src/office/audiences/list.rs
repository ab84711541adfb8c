//! The audiences in use: name, rule in words, how many people now, how often used; sorted by any of them but the rule.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_kernel::Moment;
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::order::Way;
use tsunagari_storage::segment::Segment;

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Empty, Link, SortHeader, Sorting};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// How many of those put away can be taken out again here.
const PUT_AWAY: i64 = 50;

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
    /// What the columns are sorted by: people (unknown before none), uses.
    counts: (Option<i64>, i64),
}

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    People,
    Used,
}

fn sorting(text: &str) -> Sorting<Column> {
    Sorting::asked(text, ("name", Column::Name, Way::Rising), &[("people", Column::People), ("used", Column::Used)])
}

#[derive(Template)]
#[template(path = "office/audiences/list.html")]
struct ListPage {
    shell: Shell,
    heads: [SortHeader; 3],
    lines: Vec<Line>,
    /// The names of those put away last, and how each is taken out again.
    put_away: Vec<(String, ConfirmForm)>,
    empty: Empty,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    kept: String,
    #[serde(default)]
    sort: String,
}

impl ListPage {
    fn of(shell: Shell, mut lines: Vec<Line>, sorting: Sorting<Column>) -> Self {
        let t = shell.t;
        match sorting.by {
            Column::Name => sorting.sort(&mut lines, |line| line.name.label.clone()),
            Column::People => sorting.sort(&mut lines, |line| line.counts.0),
            Column::Used => sorting.sort(&mut lines, |line| line.counts.1),
        }
        let head =
            |key: &str, column| sorting.head(t.get(key), column, |sort| format!("/office/audiences?sort={sort}"));
        let empty = Empty::of("audience", t.get("audience-empty"), t.get("audience-empty.text"))
            .action("/office/audiences/new", t.get("audience-new"));
        let heads =
            [head("audience-name", "name"), head("audience-now", "people").figures(), head("audience-used-by", "used")];
        Self { heads, lines, put_away: Vec::new(), empty, shell }
    }

    fn with_put_away(mut self, all: &[Segment]) -> Self {
        let t = self.shell.t;
        let back = |it: &Segment| {
            let form = ConfirmForm::of(
                &self.shell,
                format!("/office/audiences/{}/take-out", it.id),
                t.get("audience-take-out"),
            );
            (it.name.clone(), form.look("text"))
        };
        self.put_away = all.iter().map(back).collect();
        self
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
        let (told, people, count) = match Rule::<Checked>::read(&it.rule, &catalogue) {
            Ok(rule) => {
                let count = reader.count_audience(&Audience::of_rule(&rule, &at, &policy)).await.map_err(unreadable)?;
                (rule.phrase().render(&words), t.count("audience-people", count), Some(count))
            }
            // A code the rule names is gone: nobody is chosen until somebody looks at it.
            Err(error) => (error.said(&words), t.blank(), None),
        };
        let used = uses.iter().find(|(id, _)| *id == it.id).map_or(0, |(_, n)| *n);
        lines.push(Line {
            name: Link::to(format!("/office/audiences/{}", it.id), it.name),
            why: it.why,
            words: told,
            people,
            used: if used == 0 { t.get("audience-unused") } else { t.count("audience-used", used) },
            counts: (count, used),
        });
    }
    let put_away = reader.segments_put_away(PUT_AWAY).await.map_err(unreadable)?;
    drop(reader);
    let shell = match asked.kept.as_str() {
        "" => desk.shell(),
        "away" => desk.shell_with(Tone::Success, t.get("audience-archived")),
        "out" => desk.shell_with(Tone::Success, t.get("audience-taken-out")),
        _ => desk.shell_with(Tone::Success, t.get("audience-kept")),
    };
    Ok(page(&ListPage::of(shell, lines, sorting(&asked.sort)).with_put_away(&put_away)))
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
            counts: (Some(412), 2),
        };
        let other = Line {
            name: Link::to("#", "全員"),
            why: String::new(),
            words: t.get("rule-everyone"),
            people: t.blank(),
            used: t.get("audience-unused"),
            counts: (None, 0),
        };
        let away = Segment {
            id: tsunagari_kernel::SegmentId(uuid::Uuid::nil()),
            name: "去年の高校3年生".into(),
            why: String::new(),
            rule: "everyone".into(),
            rule_hash: String::new(),
            team: None,
            created_by: tsunagari_kernel::UserId(uuid::Uuid::nil()),
            updated_at: tsunagari_kernel::Timestamp::default(),
            version: 1,
        };
        let full = Self::of(shell.clone(), vec![line, other], sorting("-people")).with_put_away(&[away]);
        vec![Self::of(shell, Vec::new(), sorting("")), full]
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
