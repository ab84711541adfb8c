//! The style guide: every component on an office and a portal page, with invented values from the texts of the shell. Shown by
//! `cargo run -p tsunagari-web --example styleguide`; rendered in every locale by the test of the shell.

use askama::Template;
use tsunagari_i18n::Texts;

use super::components::{
    Banner, Chip, Choices, ConfirmForm, Crumbs, Empty, ErrorSummary, Facts, Field, FieldKind, FileDrop, Icon, Kpi,
    Link, Pager, Progress, SortHeader, SortOrder, Steps, Tabs,
};
use super::{NavItem, Sample, Shell, Tone};

/// Components on an office page.
#[derive(Template)]
#[template(path = "shell/guide/office.html")]
pub struct OfficeGuide {
    shell: Shell,
    title: String,
    list_title: String,
    crumbs: Crumbs,
    warning: Banner,
    kpis: Vec<Kpi>,
    tabs: Tabs,
    search: Field,
    select: Choices,
    icon: Icon,
    button: String,
    heads: Vec<SortHeader>,
    rows: Vec<(String, String, Chip, String)>,
    pager: Pager,
    progress: Progress,
    facts: Facts,
    errors: ErrorSummary,
    wrong: Field,
    area: Field,
    boxes: Choices,
    file: FileDrop,
    confirm: ConfirmForm,
    empty: Empty,
}

/// Components on a portal page.
#[derive(Template)]
#[template(path = "shell/guide/portal.html")]
pub struct PortalGuide {
    shell: Shell,
    title: String,
    steps: Steps,
    errors: ErrorSummary,
    radio: Choices,
    wrong: Field,
    button: String,
}

fn wrong(t: Texts) -> Field {
    Field::email(t, "mail", t.get("guide-mail"))
        .required()
        .value("hana@")
        .hint(t.get("guide-mail.hint"))
        .error(Some(t.get("guide-mail.error")))
}

fn school(t: Texts, choices: Choices) -> Choices {
    choices
        .option_with("u4", t.get("guide-u4"), t.get("guide-u4.hint"))
        .option("u2", t.get("guide-u2"))
        .option("work", t.get("guide-work"))
        .chosen("u4")
}

impl Sample for OfficeGuide {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let errors = vec![("mail".to_owned(), t.get("guide-mail.error"))];
        let states = [
            (Tone::Success, "guide-state-ok"),
            (Tone::Warning, "guide-state-stale"),
            (Tone::Error, "guide-state-blocked"),
        ];
        let rows = (1_i64..=12).zip(states.into_iter().cycle()).map(|(n, (tone, key))| {
            (t.count("guide-name", n), t.get("guide-school"), Chip::of(tone, t.get(key)), t.number(n * 137))
        });
        let kpi = |key: &str, value: i64| {
            Kpi::of(t.get(key), t.number(value), t.get("guide-people")).note(t.rate(value, 1457))
        };
        vec![Self {
            title: t.get("guide-title"),
            list_title: t.get("shell-nav-people"),
            crumbs: Crumbs::of(
                t,
                vec![Link::to("/office", t.get("shell-nav-today")), Link::to("#", t.get("shell-nav-people"))],
            ),
            warning: Banner::of(Tone::Warning, t.get("guide-warning"))
                .text(t.get("guide-warning.text"))
                .action("#", t.get("guide-warning.action")),
            kpis: vec![kpi("guide-kpi-reach", 1204).href("#"), kpi("guide-kpi-lost", 253), kpi("guide-kpi-sent", 412)],
            tabs: Tabs::of(
                t.get("guide-title"),
                vec![
                    NavItem::to("/all", t.get("shell-nav-people"), "people", "/all").waiting(1457),
                    NavItem::to("/reach", t.get("shell-nav-reach"), "reach", "/all"),
                ],
            ),
            search: Field::of(FieldKind::Search, t, "q", t.get("guide-search")),
            select: school(t, Choices::select(t, "stage", t.get("guide-stage"))),
            icon: Icon("search"),
            button: t.get("guide-button"),
            heads: vec![
                SortHeader::of(t.get("guide-head-name"), "#", SortOrder::Ascending),
                SortHeader::of(t.get("guide-head-school"), "#", SortOrder::Unsorted),
                SortHeader::of(t.get("guide-head-state"), "#", SortOrder::Unsorted),
                SortHeader::of(t.get("guide-head-sent"), "#", SortOrder::Unsorted).figures(),
            ],
            rows: rows.collect(),
            pager: Pager::of(t, 3, 58, |n| format!("?page={n}")),
            progress: Progress::of(t.get("guide-kpi-sent"), 355, 412, format!("355 / 412 ({})", t.rate(355, 412))),
            facts: Facts::default()
                .row(t.get("guide-head-name"), t.count("guide-name", 1))
                .row(t.get("guide-head-school"), ""),
            errors: ErrorSummary::of(t, errors),
            wrong: wrong(t),
            area: Field::area(t, "body", t.get("shell-nav-messages")).max(5000).value(t.get("guide-warning.text")),
            boxes: school(t, Choices::checkbox(t, "interest", t.get("guide-stage"))),
            file: FileDrop::of(t, "file", t.get("shell-nav-import"), ".xlsx,.xls,.csv"),
            confirm: ConfirmForm::of(&shell, "#", t.get("shell-sign-out")).look("danger").ask(t.get("guide-warning")),
            empty: Empty::of("message", t.get("guide-empty"), t.get("guide-empty.text"))
                .action("#", t.get("guide-button")),
            shell,
        }]
    }
}

impl Sample for PortalGuide {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let labels = ["guide-head-name", "guide-head-school", "guide-stage", "guide-mail"].map(|k| t.get(k)).to_vec();
        vec![Self {
            title: t.get("guide-question"),
            steps: Steps::of(t, labels, 2),
            errors: ErrorSummary::of(t, vec![("mail".to_owned(), t.get("guide-mail.error"))]),
            radio: school(t, Choices::radio(t, "stage", t.get("guide-stage")).required()),
            wrong: wrong(t),
            button: t.get("shell-pager-next"),
            shell,
        }]
    }
}
