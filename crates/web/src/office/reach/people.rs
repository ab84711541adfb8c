//! The people behind a number of the dashboard: reached or not, for a reason, of a cohort, as of the number's day. A list
//! as the sheet of people is one: both orders of kana, page by key, each line to its card, and taken out as a file.
//! Which people they are is the act's rule; leaves the file to `sheets`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::people_behind::{Behind, Group};
use tsunagari_kernel::{FiscalYear, IndicatorId, Moment};
use tsunagari_people::{LifeStage, PersonRecord, Purpose, ReachReason, reach};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::indicator::KeptIndicator;
use tsunagari_storage::people_sheet::{KanaOrder, Sheet, Shown};
use tsunagari_storage::person_list::{Naming, PageKey, PeopleFilter, PersonLine};

use super::dashboard::day_of;
use super::panel::{behind_href, reason_text};
use crate::office::desk::Desk;
use crate::office::people::words::{PeopleWords, card_href, coded, reach_chip, reach_words, unnamed_words};
use crate::office::policy_words::set_then;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Choices, Crumbs, Empty, Link, SortHeader, SortOrder};
use crate::shell::{AppError, Sample, Shell, page};

/// Lines of a page.
const LINES: u32 = 50;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/reach/{indicator}/people", Needs::Permission(Code::ViewPeople), show)
}

/// What is asked in the address; the form that takes the list out asks the same.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    cohort: String,
    #[serde(default)]
    pub(super) as_of: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    /// Which people; nothing asked means those reached, and a code nobody knows is refused, never widened.
    pub(super) fn behind(&self) -> Result<Behind, AppError> {
        let bad = || AppError::Bad(Vec::new());
        let group = if self.group.is_empty() { Group::Reached } else { Group::of_code(&self.group).ok_or_else(bad)? };
        let reason = match self.reason.as_str() {
            "" => None,
            code => Some(code.parse::<ReachReason>().map_err(|_| bad())?),
        };
        let cohort = match self.cohort.as_str() {
            "" => None,
            year => Some(FiscalYear(year.parse().map_err(|_| bad())?)),
        };
        Ok(Behind { group, reason, cohort })
    }

    fn href(&self, base: &str, order: &str, after: &str) -> String {
        let parts = [("order", order), ("after", after)];
        let given = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let more = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if more.is_empty() { base.to_owned() } else { format!("{base}&{more}") }
    }

    fn order(&self) -> KanaOrder {
        if self.order == "falling" { KanaOrder::Falling } else { KanaOrder::Rising }
    }

    fn after(&self) -> Option<PageKey> {
        let (person, kana_key) = self.after.split_once('~')?;
        Some(PageKey { kana_key: kana_key.to_owned(), person: person.parse().ok()? })
    }
}

/// An indicator's people, ready to be asked for.
pub(super) struct Asking {
    pub(super) indicator: KeptIndicator,
    pub(super) behind: Behind,
    pub(super) rule: Rule<Checked>,
    pub(super) at: Moment,
    pub(super) day: Option<NaiveDate>,
}

impl Asking {
    pub(super) async fn read(desk: &Desk, indicator: &str, asked: &Asked) -> Result<Self, AppError> {
        let id: IndicatorId = indicator.parse().map_err(|_| AppError::NotFound)?;
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        let indicator = reader.indicator(id).await.map_err(unreadable)?;
        let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
        drop(reader);
        let (behind, day) = (asked.behind()?, day_of(desk, &asked.as_of)?);
        let rule = behind.rule(&indicator, &catalogue).map_err(|error| desk.problem(error))?;
        let clock = &*desk.house.clock;
        let at = day.map_or_else(|| Moment::now(clock), |day| Moment::as_of(day, clock));
        Ok(Self { indicator, behind, rule, at, day })
    }
}

/// One line as shown.
struct Line {
    href: String,
    name: String,
    kana: String,
    school: String,
    cohort: String,
    stage: String,
    reach: Chip,
    why: Vec<String>,
}

impl Line {
    fn of(
        words: &PeopleWords,
        asking: &Asking,
        policy: &tsunagari_people::Policy,
        it: (&PersonLine, &PersonRecord),
    ) -> Self {
        let (t, (line, record)) = (words.t, it);
        let reach = reach(record, &Purpose::of(&asking.indicator.purpose), &asking.at, &policy.reach);
        let stage = LifeStage::on(&record.enrolments, asking.at.date);
        Self {
            href: card_href(line.id),
            name: record.person.name(),
            kana: record.person.kana(),
            school: words.school(line.school),
            cohort: line.cohort.map(|year| t.fiscal_year_short(year)).unwrap_or_default(),
            stage: stage.map(|it| coded(t, "life-stage", it.code())).unwrap_or_default(),
            why: reach_words(t, &reach),
            reach: reach_chip(t, &reach),
        }
    }
}

#[derive(Template)]
#[template(path = "office/reach/people.html")]
struct PeoplePage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    indicator: String,
    at: String,
    /// What was set on the day, when it was something else than today.
    set_then: Option<String>,
    action: String,
    day: String,
    filters: Vec<Choices>,
    sort: SortHeader,
    count: String,
    /// How many the list does not name.
    unnamed: Option<String>,
    lines: Vec<Line>,
    first: Option<Link>,
    next: Option<Link>,
    empty: Empty,
    export: Option<Vec<(&'static str, String)>>,
}

impl PeoplePage {
    fn of(
        shell: Shell,
        asking: &Asking,
        asked: &Asked,
        cohorts: &[FiscalYear],
        found: ([i64; 2], Vec<Line>, Option<String>),
    ) -> Self {
        let t = shell.t;
        let ([count, unnamed], lines, after) = found;
        let base = behind_href(asking.indicator.id, &asking.behind, asking.day);
        let (order, other) = match asked.order() {
            KanaOrder::Rising => (SortOrder::Ascending, "falling"),
            KanaOrder::Falling => (SortOrder::Descending, ""),
        };
        let group = t.get(format!("reach-group-{}", asking.behind.group.code().replace('_', "-")));
        let back = if asked.as_of.is_empty() {
            "/office/reach".into()
        } else {
            format!("/office/reach?as_of={}", asked.as_of)
        };
        Self {
            crumbs: Crumbs::of(t, vec![Link::to(back, t.get("shell-nav-reach"))]),
            title: group,
            indicator: asking.indicator.definition.name.clone(),
            at: t.date(asking.at.date),
            set_then: None,
            action: format!("/office/reach/{}/people", asking.indicator.id),
            day: asked.as_of.clone(),
            filters: filters(t, asked, cohorts),
            sort: SortHeader::of(t.get("people-name"), asked.href(&base, other, ""), order),
            count: t.count("people-count", count),
            unnamed: unnamed_words(t, unnamed),
            lines,
            first: (!asked.after.is_empty())
                .then(|| Link::to(asked.href(&base, &asked.order, ""), t.get("shell-pager-first"))),
            next: after.map(|after| Link::to(asked.href(&base, &asked.order, &after), t.get("shell-pager-next"))),
            empty: Empty::of("people", t.get("reach-nobody"), t.get("reach-nobody.text")),
            export: None,
            shell,
        }
    }

    fn exporting(mut self, asked: &Asked) -> Self {
        let parts =
            [("group", &asked.group), ("reason", &asked.reason), ("cohort", &asked.cohort), ("as_of", &asked.as_of)];
        self.export = Some(parts.into_iter().map(|(name, value)| (name, value.clone())).collect());
        self
    }
}

fn filters(t: tsunagari_i18n::Texts, asked: &Asked, cohorts: &[FiscalYear]) -> Vec<Choices> {
    let any = t.get("people-any");
    let mut group = Choices::select(t, "group", t.get("reach-group"));
    for it in [Group::Reached, Group::NotReached, Group::Known] {
        group = group.option(it.code(), t.get(format!("reach-group-{}", it.code().replace('_', "-"))));
    }
    let mut reason = Choices::select(t, "reason", t.get("reach-reason")).option("", any.clone());
    for it in ReachReason::ALL {
        reason = reason.option(it.code(), reason_text(t, it.code()));
    }
    let mut cohort = Choices::select(t, "cohort", t.get("reach-cohort")).option("", any);
    for year in cohorts {
        cohort = cohort.option(year.0.to_string(), t.fiscal_year(year));
    }
    vec![group.chosen(&asked.group), reason.chosen(&asked.reason), cohort.chosen(&asked.cohort)]
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(indicator): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let asking = Asking::read(&desk, &indicator, &asked).await?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let policy = reader.policy_at(asking.at.instant).await.map_err(unreadable)?;
    let audience = Audience::of_rule(&asking.rule, &asking.at, &policy);
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let cohorts = reader.cohorts().await.map_err(unreadable)?;
    drop(reader);
    let filter = PeopleFilter { naming: Naming::Open, ..PeopleFilter::default() };
    let after = asked.after();
    let shown = Shown { order: asked.order(), after: after.as_ref(), most: LINES };
    let sheet = desk.here().sheet(&filter, Some(audience), shown).await.map_err(unreadable)?;
    let Sheet { count, unnamed, lines: found, more } = sheet;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let ids: Vec<_> = found.iter().map(|line| line.id).collect();
    let records = reader.person_records(&ids).await.map_err(unreadable)?;
    drop(reader);
    let after = found.last().filter(|_| more).map(|line| format!("{}~{}", line.id, line.key.kana_key));
    let lines = found.iter().zip(&records).map(|it| Line::of(&words, &asking, &policy, it)).collect();
    let mut it = PeoplePage::of(desk.shell(), &asking, &asked, &cohorts, ([count, unnamed], lines, after));
    it.set_then = set_then(desk.t, &policy, &desk.org.policy());
    Ok(page(&if desk.may(Code::ExportLists) { it.exporting(&asked) } else { it }))
}

impl Sample for PeoplePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (words, record) = crate::office::people::words::sample(shell.t);
        let day = NaiveDate::from_ymd_opt(2025, 3, 31).unwrap_or_default();
        let Ok(parsed) = Rule::read("everyone", &tsunagari_rules::Catalogue::default()) else { return Vec::new() };
        let asking = Asking {
            indicator: KeptIndicator {
                id: IndicatorId(uuid::Uuid::nil()),
                purpose: "info".into(),
                definition: tsunagari_figures::Indicator {
                    slug: "reachable-students".into(),
                    name: "就活期に情報を届けられる学生数".into(),
                    unit: "人".into(),
                    numerator: "everyone".into(),
                    denominators: Vec::new(),
                    targets: std::collections::BTreeMap::new(),
                },
                position: 0,
            },
            behind: Behind::all(Group::NotReached),
            rule: parsed,
            at: Moment::end_of(day),
            day: Some(day),
        };
        let policy = tsunagari_people::Policy::default();
        let line = PersonLine {
            id: record.person.id,
            family: record.person.family.clone(),
            given: record.person.given.clone(),
            family_kana: record.person.family_kana.clone(),
            given_kana: record.person.given_kana.clone(),
            birth_date: record.person.birth_date,
            school: None,
            cohort: Some(FiscalYear(2024)),
            team: None,
            address_protected: true,
            only_guardian: false,
            key: PageKey { kana_key: String::new(), person: record.person.id },
        };
        let asked =
            Asked { group: "not_reached".into(), as_of: "2025-03-31".into(), after: "x~y".into(), ..Asked::default() };
        let lines = vec![Line::of(&words, &asking, &policy, (&line, &record))];
        let cohorts = [FiscalYear(2024)];
        vec![
            Self::of(shell.clone(), &asking, &asked, &cohorts, ([0, 0], Vec::new(), None)),
            Self::of(shell, &asking, &asked, &cohorts, ([51, 2], lines, Some("a~b".into()))).exporting(&asked),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<PeoplePage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_code_nobody_knows_is_refused_and_never_means_everybody() {
        let asked = |group: &str, reason: &str, cohort: &str| Asked {
            group: group.into(),
            reason: reason.into(),
            cohort: cohort.into(),
            ..Asked::default()
        };
        assert_eq!(asked("", "", "").behind().ok(), Some(Behind::all(Group::Reached)));
        assert!(asked("everybody", "", "").behind().is_err());
        assert!(asked("not_reached", "line_blocked or everyone", "").behind().is_err());
        assert!(asked("not_reached", "", "soon").behind().is_err());
    }
}
