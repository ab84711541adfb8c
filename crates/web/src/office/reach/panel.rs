//! One indicator on the dashboard: today beside last March, the years with what was published and what a computation gives
//! now; every number leads to its people. Leaves reasons and cohorts to `breakdown`, lists to `people`, files to `sheets`.

use askama::Template;
use chrono::NaiveDate;
use tsunagari_acts::people_behind::{Behind, Group};
use tsunagari_acts::read_dashboard::{Column, Dashboard, YearLine};
use tsunagari_documents::chart::{YearChart, YearPoint};
use tsunagari_figures::{Bound, Draft, Target, Told};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, IndicatorId};
use tsunagari_storage::figure::KeptFigure;

use super::breakdown::Part;
use super::publishing::figure_href;
use super::remark::Remark;
use crate::office::policy_words::policy_words;
use crate::shell::Shell;
use crate::shell::components::{Kpi, Link};

/// A number, with the address of what is behind it where the reader may see that.
#[derive(Debug, Clone, Default, Template)]
#[template(
    ext = "html",
    source = r#"{% if href.is_empty() %}{{ text }}{% else %}<a href="{{ href }}">{{ text }}</a>{% endif %}"#
)]
pub(super) struct Number {
    pub(super) text: String,
    pub(super) href: String,
}

impl askama::filters::HtmlSafe for Number {}

impl Number {
    fn blank(t: Texts) -> Self {
        Self { text: t.blank(), href: String::new() }
    }
}

/// One year of the table beside a chart.
pub(super) struct Row {
    pub(super) year: String,
    pub(super) target: String,
    pub(super) published: Number,
    /// What its publisher wrote beside it.
    pub(super) remark: Option<Remark>,
    pub(super) computed: Number,
    pub(super) drift: String,
    pub(super) rates: Vec<String>,
    pub(super) state: String,
}

/// One indicator as shown.
pub(super) struct Panel {
    pub(super) name: String,
    /// Whom it counts, in one sentence.
    pub(super) counted: Option<String>,
    pub(super) definition: String,
    pub(super) kpis: Vec<Kpi>,
    pub(super) chart: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) reasons: String,
    /// What a reader must know beside the reasons.
    pub(super) reasons_note: String,
    /// That the breakdowns are rounded, where they are.
    pub(super) protected_note: Option<String>,
    pub(super) reason_rows: Vec<Part>,
    pub(super) cohort_heads: [String; 3],
    pub(super) cohort_rows: Vec<Part>,
    /// What was written beside the published numbers, in full.
    pub(super) remarks: Vec<Remark>,
    pub(super) notes: Vec<String>,
    /// Figures that stand for no year any more, with why.
    pub(super) withdrawn: Vec<Link>,
    pub(super) publish: Option<Link>,
}

/// What the reader of a panel may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    /// See people: numbers lead to their lists.
    pub(super) lists: bool,
    /// Publish.
    pub(super) publish: bool,
}

pub(super) fn count(people: u64) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}

/// A target with how it binds.
pub(crate) fn target_words(t: Texts, target: Target) -> String {
    let people = t.number(count(target.people));
    match target.bound {
        Bound::Exactly => people,
        Bound::AtLeast => t.one("reach-target-at-least", "people", people),
        Bound::AtMost => t.one("reach-target-at-most", "people", people),
    }
}

/// What a number stands against, in words.
pub(crate) fn against(t: Texts, target: Target) -> String {
    let people = t.number(count(target.people));
    match target.bound {
        Bound::Exactly => t.one("reach-against-target", "target", people),
        Bound::AtLeast => t.one("reach-against-at-least", "people", people),
        Bound::AtMost => t.one("reach-against-at-most", "people", people),
    }
}

/// The address of the list behind a number; as of today when no day is named.
pub(super) fn behind_href(indicator: IndicatorId, behind: &Behind, as_of: Option<NaiveDate>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("group", behind.group.code());
    if let Some(reason) = behind.reason {
        query.append_pair("reason", reason.code());
    }
    if let Some(cohort) = behind.cohort {
        query.append_pair("cohort", &cohort.0.to_string());
    }
    if let Some(day) = as_of {
        query.append_pair("as_of", &day.to_string());
    }
    format!("/office/reach/{indicator}/people?{}", query.finish())
}

pub(super) fn reason_text(t: Texts, code: &str) -> String {
    t.get(format!("reason-{}", code.replace('_', "-")))
}

/// A difference with its sign; the sign of minus is the typographic one, as in print.
pub(super) fn difference(t: Texts, n: i128) -> String {
    let size = t.number(i64::try_from(n.unsigned_abs()).unwrap_or(i64::MAX));
    match n.signum() {
        1 => format!("+{size}"),
        -1 => format!("−{size}"),
        _ => "±0".to_owned(),
    }
}

/// Builds a panel; `as_of` is the day asked for, nothing for today.
pub(super) struct Maker<'m> {
    pub(super) t: Texts,
    pub(super) it: &'m Dashboard,
    pub(super) as_of: Option<NaiveDate>,
    pub(super) allowed: Allowed,
}

/// What an indicator counts, in words.
pub(super) struct Defined {
    /// In one sentence, where the rule has one.
    pub(super) counted: Option<String>,
    /// The whole rule.
    pub(super) rule: String,
}

pub(super) fn panel(
    shell: &Shell,
    it: &Dashboard,
    defined: Defined,
    as_of: Option<NaiveDate>,
    allowed: Allowed,
) -> Panel {
    let t = shell.t;
    let maker = Maker { t, it, as_of, allowed };
    let plan = &it.indicator.definition;
    let heads = it.columns().into_iter().map(|one| t.one("reach-head-rate", "name", one.name)).collect();
    let published = it.years.iter().filter_map(|line| line.published.as_ref());
    let remarks = Remark::of_years(t, &it.indicator.id.to_string(), published);
    let publish = allowed.publish.then(|| {
        let href = format!("/office/reach/{}/publish?as_of={}", it.indicator.id, it.at.date);
        Link::to(href, t.get("reach-publish"))
    });
    Panel {
        name: plan.name.clone(),
        counted: defined.counted,
        definition: defined.rule,
        kpis: maker.kpis(),
        chart: maker.chart().svg(),
        heads,
        rows: it.years.iter().map(|line| maker.row(line, &remarks)).collect(),
        reasons: maker.reasons().svg(),
        reasons_note: maker.reasons_note(),
        protected_note: maker.protected_note(),
        reason_rows: maker.reason_rows(),
        cohort_heads: cohort_heads(t),
        cohort_rows: maker.cohort_rows(),
        remarks: remarks.into_iter().map(|(_, remark)| remark).collect(),
        notes: notes(t, it),
        withdrawn: it.withdrawn.iter().filter_map(|kept| withdrawn(t, kept)).collect(),
        publish,
    }
}

/// The numbers of a cohort, by name.
fn cohort_heads(t: Texts) -> [String; 3] {
    ["reach-known", "reach-people", "reach-not-people"].map(|key| t.get(key))
}

impl Panel {
    /// The rates of a year, each with what it is a rate of.
    pub(super) fn rates_of<'p>(&'p self, row: &'p Row) -> impl Iterator<Item = (&'p String, &'p String)> {
        self.heads.iter().zip(&row.rates)
    }
}

impl Maker<'_> {
    pub(super) fn href(&self, behind: &Behind, as_of: Option<NaiveDate>) -> String {
        if self.allowed.lists { behind_href(self.it.indicator.id, behind, as_of) } else { String::new() }
    }

    fn row(&self, line: &YearLine, remarks: &[(FiscalYear, Remark)]) -> Row {
        let t = self.t;
        let state = match (&line.published, &line.computed) {
            (Some(kept), _) => t.one("reach-published-on", "date", t.date_short(kept.published.at().jst_date())),
            (None, Some(draft)) => t.one("reach-computed-for", "date", t.date_short(draft.as_of.date)),
            (None, None) if line.year < FiscalYear::of(self.it.at.date) => t.get("reach-before-records"),
            (None, None) => t.get("reach-to-come"),
        };
        let published = line.published.as_ref().map(|kept| kept.published.figure());
        let computed = |draft: &Draft| Number {
            text: t.number(count(draft.people)),
            href: self.href(&Behind::all(Group::Reached), self.day_of(draft)),
        };
        let rate = |column: &Column| line.rate_in(column).map_or_else(|| t.blank(), |rate| format!("{rate}%"));
        Row {
            year: t.fiscal_year(line.year),
            target: line.target.map_or_else(|| t.blank(), |target| target_words(t, target)),
            published: published.map_or_else(
                || Number::blank(t),
                |draft| Number {
                    text: t.number(count(draft.people)),
                    href: format!("/office/reach/figures/{}", draft.id),
                },
            ),
            remark: remarks.iter().find(|(year, _)| *year == line.year).map(|(_, remark)| remark.clone()),
            computed: line.computed.as_ref().map_or_else(|| Number::blank(t), computed),
            drift: line.drift().map_or_else(String::new, |n| difference(t, n)),
            rates: self.it.columns().iter().map(rate).collect(),
            state,
        }
    }

    /// The day to ask a list for so that it has the people of a draft: none for the moment of the page itself.
    fn day_of(&self, draft: &Draft) -> Option<NaiveDate> {
        if draft.as_of == self.it.at { self.as_of } else { Some(draft.as_of.date) }
    }

    fn kpis(&self) -> Vec<Kpi> {
        let (t, now) = (self.t, &self.it.now);
        let unit = self.it.indicator.definition.unit.clone();
        let target = self.it.years.iter().find(|line| line.year == now.draft.fiscal_year).and_then(|line| line.target);
        let note = target.map_or_else(|| t.get("reach-no-target"), |target| against(t, target));
        let note = std::iter::once(note).chain(self.rates_now()).collect::<Vec<_>>().join(" · ");
        let left = now.population.saturating_sub(now.draft.people);
        let mut kpis = vec![
            Kpi::of(t.get("reach-people"), t.number(count(now.draft.people)), unit.clone())
                .note(note)
                .href(self.href(&Behind::all(Group::Reached), self.as_of)),
            Kpi::of(t.get("reach-not-people"), t.number(count(left)), unit.clone())
                .note(t.one("reach-of-known", "people", t.number(count(now.population))))
                .href(self.href(&Behind::all(Group::NotReached), self.as_of)),
        ];
        kpis.extend(self.it.last_march.as_ref().map(|then| self.last_march(then, unit)));
        kpis
    }

    /// The rates of the number beside them, each on its own denominator; a blank one has none.
    fn rates_now(&self) -> impl Iterator<Item = String> {
        let (t, now) = (self.t, &self.it.now.draft);
        let told = self.it.indicator.definition.denominators_of(now.fiscal_year, Some(now));
        told.into_iter().filter_map(move |Told { name, people, rate, .. }| {
            let of = [
                ("name", name.into()),
                ("rate", format!("{}%", rate?).into()),
                ("people", t.number(count(people?)).into()),
            ];
            Some(t.with("reach-rate-now", &of))
        })
    }

    /// The same figure as of last March, computed by the same rule, with the way it has gone since.
    fn last_march(&self, then: &Draft, unit: String) -> Kpi {
        let t = self.t;
        let since = i128::from(self.it.now.draft.people) - i128::from(then.people);
        let label = t.one("reach-last-march", "date", t.date_short(then.as_of.date));
        Kpi::of(label, t.number(count(then.people)), unit)
            .note(t.one("reach-since-then", "difference", difference(t, since)))
            .href(self.href(&Behind::all(Group::Reached), Some(then.as_of.date)))
    }

    fn chart(&self) -> YearChart {
        let (t, it) = (self.t, self.it);
        let first = it.indicator.definition.denominators.first();
        let years = it.years.iter().map(|line| YearPoint {
            label: t.fiscal_year_short(line.year),
            target: line.target.map(|target| count(target.people)),
            actual: line.shown().map(|draft| count(draft.people)),
            note: first.and_then(|one| line.rate(&one.slug)).map(|rate| format!("{rate}%")).unwrap_or_default(),
        });
        YearChart {
            id: format!("chart-{}", it.indicator.id),
            title: it.indicator.definition.name.clone(),
            description: t.get("reach-chart-description"),
            target_label: t.get("reach-target"),
            actual_label: t.get("reach-people"),
            blank: t.blank(),
            years: years.collect(),
        }
    }
}

/// What a reader must know beside the numbers: where each denominator comes from.
fn notes(t: Texts, it: &Dashboard) -> Vec<String> {
    let mut sources: Vec<(String, String)> = Vec::new();
    for one in it.years.iter().rev().flat_map(|line| &line.denominators) {
        let told = (one.name.clone(), one.source.clone());
        if !told.1.is_empty() && !sources.contains(&told) {
            sources.push(told);
        }
    }
    let stated =
        sources.into_iter().map(|(name, source)| t.two("reach-denominator-note", "name", name, "source", source));
    // A difference between years is not only people's doing when they were counted by other settings.
    let today = it.now.draft.set;
    let recounted = it.years.iter().filter_map(|line| Some((line.year, line.computed.as_ref()?.set?)));
    let other = recounted.filter(|(_, set)| today.is_some_and(|today| today != *set));
    let told = |(year, set)| t.two("reach-year-set", "year", t.fiscal_year(year), "words", policy_words(t, &set));
    stated.chain(other.map(told)).collect()
}

/// A withdrawn figure in one line; nothing for one that stands.
fn withdrawn(t: Texts, kept: &KeptFigure) -> Option<Link> {
    let (figure, withdrawal) = (kept.published.figure(), kept.withdrawal.as_ref()?);
    let args = [
        ("year", t.fiscal_year(figure.fiscal_year).into()),
        ("date", t.date(figure.as_of.date).into()),
        ("people", t.number(count(figure.people)).into()),
        ("on", t.date(withdrawal.at.jst_date()).into()),
        ("reason", withdrawal.why.clone().into()),
    ];
    let line = t.with("reach-withdrawn-line", &args);
    let noted = |note: &str| t.two("reach-withdrawn-note", "line", line.clone(), "note", note);
    Some(Link::to(figure_href(figure.id), if kept.note.is_empty() { line.clone() } else { noted(&kept.note) }))
}

/// An invented panel for the samples.
pub(super) fn sample(t: Texts) -> Panel {
    let remark = Remark { mark: t.one("reach-mark", "n", 1), anchor: "remark-x-1".into(), text: "速報".into() };
    let linked = |text: &str| Number { text: text.into(), href: "/office/reach/figures/x".into() };
    Panel {
        name: "就活期に情報を届けられる学生数".into(),
        counted: Some(t.with("reach-counted-hunting", &[("date", "2026-03-16".into()), ("purpose", "案内".into())])),
        definition: t.get("reach-chart-description"),
        kpis: vec![
            Kpi::of(t.get("reach-people"), "1,204", "人").note(t.one("reach-against-target", "target", "1,457")),
            Kpi::of(t.one("reach-last-march", "date", "2025-03-31"), "1,012", "人").note(t.one(
                "reach-since-then",
                "difference",
                difference(t, 192),
            )),
        ],
        chart: String::new(),
        heads: vec![t.one("reach-head-rate", "name", "逆算値")],
        rows: vec![Row {
            year: t.fiscal_year(FiscalYear(2025)),
            target: "1,457".into(),
            published: linked("1,012"),
            remark: Some(remark.clone()),
            computed: linked("1,010"),
            drift: difference(t, -2),
            rates: vec!["35.0%".into()],
            state: t.get("reach-to-come"),
        }],
        reasons: String::new(),
        reasons_note: t.get("reach-reasons.note"),
        protected_note: Some(t.get("reach-small-numbers")),
        reason_rows: vec![Part { label: reason_text(t, "line_blocked"), numbers: vec![linked("12")] }],
        cohort_heads: cohort_heads(t),
        cohort_rows: vec![Part {
            label: t.fiscal_year(FiscalYear(2024)),
            numbers: vec![linked("364"), linked("330"), Number { text: "34".into(), href: String::new() }],
        }],
        remarks: vec![remark],
        notes: vec![t.two("reach-denominator-note", "name", "逆算値", "source", "計画")],
        withdrawn: vec![Link::to("/office/reach/figures/x", t.get("reach-withdrawn"))],
        publish: None,
    }
}
