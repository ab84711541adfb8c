//! One published figure: what was frozen with definition, moment, hash and seal, whether the list still fits them, what a
//! computation gives for the same moment now, and the frozen list of people for those who may see people. Leaves the file
//! to `sheets`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::recount_figures::count_day_again;
use tsunagari_figures::{Provenance, Told, Verdict};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FigureId, UserId};
use tsunagari_people::Policy;
use tsunagari_storage::Reader;
use tsunagari_storage::figure::{KeptFigure, ListFilter, ListLine, Listed, Withdrawal};
use tsunagari_storage::indicator::KeptIndicator;
use tsunagari_storage::people_sheet::KanaOrder;
use tsunagari_storage::person_list::Naming;

use super::figures_sheet::provenance_key;
use super::panel::{count, difference, reason_text, target_words};
use super::publishing::reason_field;
use super::seal::{COMMAND, Checked};
use crate::office::desk::Desk;
use crate::office::people::words::{PeopleWords, card_href, coded, unnamed_words};
use crate::office::policy_words::policy_words;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Choices, Crumbs, Facts, Field, Link, Pager, SortHeader, SortOrder};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// Lines of a page.
const LINES: i64 = 50;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/reach/figures/{figure}", Needs::Permission(Code::ViewFigures), show)
}

pub(super) fn figure_id(text: &str) -> Result<FigureId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    page: u64,
    /// What was done a moment ago.
    #[serde(default)]
    done: String,
}

impl Asked {
    fn filter(&self) -> ListFilter {
        ListFilter {
            listed: match self.group.as_str() {
                "not_reached" => Listed::NotCounted,
                "known" => Listed::All,
                _ => Listed::Counted,
            },
            // What is no reason is nobody's: a mistyped address must not show everybody.
            reason: Some(self.reason.clone()).filter(|code| !code.is_empty()),
            order: if self.order == "falling" { KanaOrder::Falling } else { KanaOrder::Rising },
            naming: Naming::Open,
        }
    }

    fn href(&self, base: &str, order: &str, page: u64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let parts = [("group", self.group.as_str()), ("reason", &self.reason), ("order", order), ("page", &page)];
        let given = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }
}

struct Line {
    href: String,
    name: String,
    kana: String,
    school: String,
    cohort: String,
    state: Chip,
    why: Vec<String>,
}

/// The frozen list, for those who may see people.
struct List {
    filters: Vec<Choices>,
    sort: SortHeader,
    count: String,
    /// How many the list does not name.
    unnamed: Option<String>,
    lines: Vec<Line>,
    pager: Pager,
    may_export: bool,
}

#[derive(Template)]
#[template(path = "office/reach/figure.html")]
struct FigurePage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    withdrawn: bool,
    facts: Facts,
    /// Whether the frozen list fits number and seal.
    checked: Checked,
    /// How many of the counted no message of a rule reaches, because they are protected.
    protected: Option<String>,
    definition: Facts,
    /// What an auditor types.
    command: &'static str,
    list: Option<List>,
    /// The reason to give, for those who may withdraw it.
    withdraw: Option<Field>,
    base: String,
}

impl FigurePage {
    /// Whether the reader can take the list out, and so compute its seal.
    fn may_export(&self) -> bool {
        self.list.as_ref().is_some_and(|list| list.may_export)
    }
}

fn facts(t: Texts, indicator: &KeptIndicator, kept: &KeptFigure, beside: &Beside<'_>) -> Facts {
    let figure = kept.published.figure();
    let mut facts = Facts::default()
        .row(t.get("reach-head-year"), t.fiscal_year(figure.fiscal_year))
        .row(t.get("reach-col-as-of"), t.date(figure.as_of.date))
        .row(t.get("reach-head-published"), t.number(count(figure.people)))
        .row(t.get("reach-target"), figure.target.map_or_else(|| t.blank(), |it| target_words(t, it)));
    if let Some(now) = beside.now {
        facts = facts
            .row(t.get("reach-head-computed"), t.number(count(now.people)))
            .row(t.get("reach-head-difference"), difference(t, kept.published.drift(now.people)));
    }
    for one in indicator.definition.denominators_of(figure.fiscal_year, Some(figure)) {
        facts = facts.row(one.name.clone(), rate_words(t, &one));
    }
    facts = facts
        .row(t.get("reach-col-published-on"), t.date_time(kept.published.at()))
        .row(t.get("reach-published-by"), beside.by);
    if !kept.note.is_empty() {
        facts = facts.row(t.get("reach-note"), kept.note.clone());
    }
    match &kept.withdrawal {
        None => facts,
        Some(it) => facts
            .row(t.get("reach-withdrawn-on"), t.date_time(it.at))
            .row(t.get("reach-withdrawn-by"), beside.withdrawn_by)
            .row(t.get("reach-withdrawn-why"), it.why.clone()),
    }
}

/// A rate with what it is a rate of, where that comes from and how it was found; as much of it as there is.
pub(super) fn rate_words(t: Texts, one: &Told) -> String {
    let rate = one.rate.zip(one.people).map_or_else(
        || t.blank(),
        |(rate, people)| t.two("reach-rate-of", "rate", format!("{rate}%"), "people", t.number(count(people))),
    );
    let provenance = one.provenance.map(|it| t.get(format!("reach-provenance-{}", provenance_key(it))));
    let source = Some(one.source.clone()).filter(|source| !source.is_empty());
    std::iter::once(rate).chain(provenance).chain(source).collect::<Vec<_>>().join(" · ")
}

fn definition(t: Texts, kept: &KeptFigure, now: Option<&tsunagari_figures::Draft>, purpose: &str) -> Facts {
    let figure = kept.published.figure();
    let words = |set: Option<Policy>| set.map_or_else(|| t.blank(), |policy| policy_words(t, &policy));
    let mut facts = Facts::default();
    if let Some(named) = &figure.named {
        facts =
            facts.row(t.get("reach-col-unit"), named.unit.clone()).row(t.get("reach-col-purpose"), purpose.to_owned());
    }
    let mut facts =
        facts.row(t.get("reach-col-rule"), figure.rule.clone()).row(t.get("reach-set-published"), words(figure.set));
    // Why a recount may differ although nobody has changed.
    if let Some(now) = now.filter(|now| now.set != figure.set) {
        facts = facts.row(t.get("reach-col-set-now"), words(now.set));
    }
    facts
        .row(t.get("reach-col-rule-hash"), figure.rule_hash.clone())
        .row(t.get("reach-col-list-hash"), kept.seal.as_str())
}

impl Line {
    fn of(t: Texts, words: &PeopleWords, it: &ListLine) -> Self {
        let member = &it.member;
        let why = if member.counted {
            member.via.split_whitespace().map(|kind| coded(t, "contact-kind", kind)).collect()
        } else {
            member.reasons.iter().map(|code| reason_text(t, code)).collect()
        };
        let state = if member.counted {
            Chip::of(Tone::Success, t.get("people-figure-counted"))
        } else {
            Chip::of(Tone::Error, t.get("people-figure-not-counted"))
        };
        Self {
            href: member.person.map(card_href).unwrap_or_default(),
            name: if member.person.is_some() { it.name.clone() } else { t.get("reach-erased") },
            kana: it.kana.clone(),
            school: words.school(it.school),
            cohort: it.cohort.map(|year| t.fiscal_year_short(year)).unwrap_or_default(),
            state,
            why,
        }
    }
}

fn list(words: &PeopleWords, asked: &Asked, base: &str, found: (i64, i64, &[ListLine]), kept: &KeptFigure) -> List {
    let (t, (all, unnamed, lines)) = (words.t, found);
    let (order, other) = match asked.filter().order {
        KanaOrder::Rising => (SortOrder::Ascending, "falling"),
        KanaOrder::Falling => (SortOrder::Descending, ""),
    };
    let mut group = Choices::select(t, "group", t.get("reach-group"));
    for code in ["reached", "not_reached", "known"] {
        group = group.option(code, t.get(format!("reach-group-{}", code.replace('_', "-"))));
    }
    let mut reason = Choices::select(t, "reason", t.get("reach-reason")).option("", t.get("people-any"));
    for (code, people) in &kept.reasons {
        reason = reason.option(code.clone(), format!("{} ({})", reason_text(t, code), t.number(count(*people))));
    }
    let pages = u64::try_from((all + LINES - 1) / LINES).unwrap_or(1).max(1);
    List {
        filters: vec![group.chosen(&asked.group), reason.chosen(&asked.reason)],
        sort: SortHeader::of(t.get("people-name"), asked.href(base, other, 1), order),
        count: t.count("people-count", all),
        unnamed: unnamed_words(t, unnamed),
        lines: lines.iter().map(|line| Line::of(t, words, line)).collect(),
        pager: Pager::of(t, asked.page.clamp(1, pages), pages, |page| asked.href(base, &asked.order, page)),
        may_export: false,
    }
}

/// What is read beside a figure.
struct Beside<'a> {
    /// What a computation gives now.
    now: Option<&'a tsunagari_figures::Draft>,
    /// Who published it.
    by: &'a str,
    /// Who withdrew it; a dash where nobody did or nobody is known.
    withdrawn_by: &'a str,
    verdict: &'a Verdict,
    /// How many of the counted are protected today.
    protected: i64,
    /// What the purpose of the frozen figure is called.
    purpose: &'a str,
}

impl FigurePage {
    fn of(shell: Shell, indicator: &KeptIndicator, kept: &KeptFigure, beside: &Beside<'_>) -> Self {
        let t = shell.t;
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/reach", t.get("shell-nav-reach"))]),
            title: kept.published.figure().name_or(&indicator.definition.name).to_owned(),
            withdrawn: kept.withdrawal.is_some(),
            facts: facts(t, indicator, kept, beside),
            checked: Checked::of(t, beside.verdict),
            protected: (beside.protected > 0).then(|| t.count("reach-protected", beside.protected)),
            definition: definition(t, kept, beside.now, beside.purpose),
            command: COMMAND,
            list: None,
            withdraw: None,
            base: format!("/office/reach/figures/{}", kept.published.figure().id),
            shell,
        }
    }
}

/// A staff member's name; a dash where nobody is known.
async fn name_of(reader: &mut Reader, t: Texts, user: Option<UserId>) -> String {
    let Some(user) = user else { return t.blank() };
    reader.staff_member(user).await.map_or_else(|_| t.blank(), |staff| staff.name)
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(figure): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    Ok(page(&shown(&desk, figure_id(&figure)?, &asked, reason_field(desk.t)).await?))
}

/// The page again, with a reason that was typed and what is wrong with it.
pub(super) async fn withdrawn_not(desk: &Desk, id: FigureId, reason: Field) -> Result<Response, AppError> {
    let shown = shown(desk, id, &Asked::default(), reason).await?;
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

async fn shown(desk: &Desk, id: FigureId, asked: &Asked, reason: Field) -> Result<FigurePage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let kept = reader.figure(id).await.map_err(unreadable)?;
    let frozen = kept.published.figure();
    let indicator = reader.indicator(frozen.indicator).await.map_err(unreadable)?;
    let by = name_of(&mut reader, desk.t, Some(kept.published.by())).await;
    let withdrawn_by = name_of(&mut reader, desk.t, kept.withdrawal.as_ref().and_then(|it| it.by)).await;
    let verdict = reader.figure_verdict(&kept).await.map_err(unreadable)?;
    let whole = Asked::default().filter();
    let protected = ListFilter { naming: Naming::Protected, ..whole };
    let protected = reader.figure_lines_count(id, &protected).await.map_err(unreadable)?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    drop(reader);
    let code = frozen.named.as_ref().map_or("", |it| &it.purpose);
    let known = purposes.iter().find(|it| it.code == code);
    let purpose = known.map_or(code, |it| it.label(desk.t.locale().code()));
    // A rule that no longer reads leaves the published number standing alone.
    let now = count_day_again(&desk.house, desk.org.id, &indicator, frozen).await;
    let (now, by, withdrawn_by, verdict) = (now.as_ref().ok(), by.as_str(), withdrawn_by.as_str(), &verdict);
    let beside = Beside { now, by, withdrawn_by, verdict, protected, purpose };
    let shell = match asked.done.as_str() {
        "published" if kept.withdrawal.is_none() => desk.shell_with(Tone::Success, desk.t.get("reach-done-published")),
        "withdrawn" if kept.withdrawal.is_some() => desk.shell_with(Tone::Success, desk.t.get("reach-done-withdrawn")),
        _ => desk.shell(),
    };
    let mut it = FigurePage::of(shell, &indicator, &kept, &beside);
    it.withdraw = (desk.may(Code::PublishFigures) && !it.withdrawn).then_some(reason);
    if desk.may(Code::ViewPeople) {
        let (filter, mut reader) = (asked.filter(), desk.here().read().await.map_err(unreadable)?);
        let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
        let all = reader.figure_lines_count(id, &filter).await.map_err(unreadable)?;
        let skip = i64::try_from(asked.page.max(1) - 1).unwrap_or(0).min(all / LINES) * LINES;
        let lines = reader.figure_lines(id, &filter, LINES, skip).await.map_err(unreadable)?;
        let protected = ListFilter { naming: Naming::Protected, ..filter };
        let unnamed = reader.figure_lines_count(id, &protected).await.map_err(unreadable)?;
        let list = list(&words, asked, &it.base, (all, unnamed, &lines), &kept);
        it.list = Some(List { may_export: desk.may(Code::ExportLists), ..list });
    }
    Ok(it)
}

/// An invented figure for the samples.
pub(super) fn sample() -> (KeptIndicator, KeptFigure) {
    use tsunagari_kernel::{FiscalYear, IndicatorId, Moment, Timestamp};
    let day = chrono::NaiveDate::from_ymd_opt(2025, 3, 31).unwrap_or_default();
    let draft = tsunagari_figures::Draft {
        id: FigureId(uuid::Uuid::nil()),
        indicator: IndicatorId(uuid::Uuid::nil()),
        fiscal_year: FiscalYear(2024),
        as_of: Moment::end_of(day),
        computed_at: Timestamp::default(),
        rule: "reachable(info)".into(),
        rule_hash: "0f".into(),
        people: 1_012,
        denominators: vec![tsunagari_figures::Count {
            name: "計画の対象者".into(),
            source: "計画".into(),
            provenance: Some(Provenance::Derived),
            ..tsunagari_figures::Count::of("plan", Some(1_478))
        }],
        target: Some(tsunagari_figures::Target::exactly(990)),
        set: Some(Policy::default()),
        named: Some(tsunagari_figures::Named {
            name: "就活期に情報を届けられる学生数".into(),
            unit: "人".into(),
            purpose: "info".into(),
        }),
    };
    let kept = KeptFigure {
        published: tsunagari_figures::Published::stored(draft, UserId(uuid::Uuid::nil()), Timestamp::default()),
        reasons: vec![("line_blocked".into(), 12)],
        seal: tsunagari_figures::Seal::stored("a1".repeat(32)),
        note: "報告ずみ".into(),
        withdrawal: Some(Withdrawal { at: Timestamp::default(), by: None, why: "数え方の誤り".into() }),
    };
    let indicator = KeptIndicator {
        id: IndicatorId(uuid::Uuid::nil()),
        purpose: "info".into(),
        definition: tsunagari_figures::Indicator {
            slug: "reachable-students".into(),
            name: "就活期に情報を届けられる学生数".into(),
            unit: "人".into(),
            numerator: "reachable(info)".into(),
            denominators: Vec::new(),
            targets: std::collections::BTreeMap::new(),
        },
        position: 0,
    };
    (indicator, kept)
}

impl Sample for FigurePage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_figures::Fault;
        let t = shell.t;
        let (indicator, kept) = sample();
        let (words, record) = crate::office::people::words::sample(t);
        let line = |person, counted| ListLine {
            member: tsunagari_storage::figure::FigureMember {
                person,
                counted,
                via: "line email".into(),
                reasons: vec!["line_blocked".into()],
            },
            name: "髙橋 花".into(),
            kana: "タカハシ ハナ".into(),
            cohort: Some(tsunagari_kernel::FiscalYear(2024)),
            school: None,
        };
        let lines = [line(Some(record.person.id), true), line(None, false)];
        let by = "架空 太郎";
        let whole = Verdict { entries: 1_478, counted: 1_012, erased: 0, faults: Vec::new() };
        let broken = Verdict { erased: 2, faults: vec![Fault::Number, Fault::People(3), Fault::Seal], ..whole.clone() };
        let now = tsunagari_figures::Draft { people: 1_010, set: None, ..kept.published.figure().clone() };
        let beside =
            Beside { now: Some(&now), by, withdrawn_by: by, verdict: &broken, protected: 3, purpose: "案内" };
        let mut full = Self::of(shell.clone(), &indicator, &kept, &beside);
        let made = list(&words, &Asked { page: 2, ..Asked::default() }, &full.base, (120, 2, &lines), &kept);
        full.list = Some(List { may_export: true, ..made });
        let plain = Beside { now: None, by, withdrawn_by: by, verdict: &whole, protected: 0, purpose: "案内" };
        vec![Self::of(shell, &indicator, &kept, &plain), full]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::FigurePage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
