//! The sheet of people: search, filters, both orders of kana, page by key, choosing rows. Life stage and reach are asked
//! of the database through the rule language, shown by the domain's own computation, so both are the same.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_kernel::{FiscalYear, Moment};
use tsunagari_people::{LifeStage, Purpose, ReachReason, reach};
use tsunagari_storage::Reader;
use tsunagari_storage::audience::Audience;
use tsunagari_storage::people_sheet::{KanaOrder, Sheet, Shown};
use tsunagari_storage::person_list::{PageKey, PersonLine};
use tsunagari_storage::segment::Segment;

use super::narrowing::Narrowing;
use super::words::{PeopleWords, card_href, coded, reach_chip, reach_words, unnamed_words};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Choices, Empty, Field, FieldKind, Link, SortHeader, SortOrder};
use crate::shell::{AppError, Sample, Shell, page};

/// Lines of a page.
const LINES: u32 = 50;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/people", Needs::Permission(Code::ViewPeople), show)
}

/// What is asked in the address.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(flatten)]
    narrowing: Narrowing,
    #[serde(default)]
    order: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    /// The address of the same list with some parts changed.
    fn href(&self, order: &str, after: &str) -> String {
        self.narrowing.href([("order", order), ("after", after)])
    }

    fn order(&self) -> KanaOrder {
        if self.order == "falling" { KanaOrder::Falling } else { KanaOrder::Rising }
    }

    fn after(&self) -> Option<PageKey> {
        let (person, kana_key) = self.after.split_once('~')?;
        Some(PageKey { kana_key: kana_key.to_owned(), person: person.parse().ok()? })
    }
}

/// One line as shown.
struct Line {
    id: String,
    href: String,
    name: String,
    kana: String,
    school: String,
    cohort: String,
    stage: String,
    reach: Chip,
    why: String,
    protected: bool,
    guardian: bool,
}

#[derive(Template)]
#[template(path = "office/people/list.html")]
struct ListPage {
    shell: Shell,
    search: Field,
    filters: Vec<Choices>,
    /// What folds the filters on a phone, with how many are in force.
    narrow: String,
    sort: SortHeader,
    count: String,
    /// How many the list does not name.
    unnamed: Option<String>,
    lines: Vec<Line>,
    first: Option<Link>,
    next: Option<Link>,
    empty: Empty,
    may_add: bool,
    may_merge: bool,
    may_export: bool,
    export: Vec<(String, String)>,
    clear: Option<Link>,
}

/// What the filters offer.
struct Offered<'o> {
    words: &'o PeopleWords,
    cohorts: &'o [FiscalYear],
    audiences: &'o [Segment],
}

fn filters(offered: &Offered<'_>, asked: &Narrowing, purpose: &str) -> Vec<Choices> {
    let (words, t) = (offered.words, offered.words.t);
    let any = t.get("people-any");
    let mut school = Choices::select(t, "school", t.get("people-school")).option("", any.clone());
    for it in words.schools.iter().filter(|it| it.kind == tsunagari_people::SchoolKind::HighSchool) {
        school = school.option(it.id.to_string(), it.name.clone());
    }
    let mut cohort = Choices::select(t, "cohort", t.get("people-cohort")).option("", any.clone());
    for year in offered.cohorts {
        cohort = cohort.option(year.0.to_string(), t.fiscal_year(year));
    }
    let mut stage = Choices::select(t, "stage", t.get("people-stage")).option("", any.clone());
    for it in LifeStage::ALL {
        stage = stage.option(it.code(), coded(t, "life-stage", it.code()));
    }
    let mut reach = Choices::select(t, "reach", t.get("people-reach"))
        .option("", any.clone())
        .option("yes", t.get("people-reach-yes"))
        .option("no", t.get("people-reach-no"));
    for why in ReachReason::CODES.iter().filter(|code| **code != ReachReason::Merged.code()) {
        reach = reach.option(*why, t.one("people-reach-no-as", "why", coded(t, "reason", why)));
    }
    let who = Choices::select(t, "who", t.get("people-whom"))
        .option(asked.without_guardians(), t.get("people-whom-own"))
        .option("guardians", t.get("people-whom-guardians"))
        .option("everybody", t.get("people-whom-everybody"))
        .chosen(asked.whom());
    let mut all = vec![school.chosen(&asked.school), cohort.chosen(&asked.cohort), stage.chosen(&asked.stage)];
    all.extend([reach.chosen(&asked.reach), who]);
    if !offered.audiences.is_empty() {
        let mut audience = Choices::select(t, "audience", t.get("shell-nav-audiences")).option("", any);
        for it in offered.audiences {
            audience = audience.option(it.id.to_string(), it.name.clone());
        }
        all.push(audience.chosen(&asked.audience));
    }
    if words.purposes.len() > 1 {
        let mut of = Choices::select(t, "purpose", t.get("people-purpose"));
        for it in &words.purposes {
            of = of.option(it.code.clone(), words.purpose(&it.code));
        }
        all.push(of.chosen(purpose));
    }
    all
}

impl ListPage {
    fn of(shell: Shell, offered: &Offered<'_>, asked: &Asked, found: ([i64; 2], Vec<Line>, Option<String>)) -> Self {
        let t = shell.t;
        let ([count, unnamed], lines, after) = found;
        let purpose = purpose_of(offered.words, &asked.narrowing);
        let (order, other) = match asked.order() {
            KanaOrder::Rising => (SortOrder::Ascending, "falling"),
            KanaOrder::Falling => (SortOrder::Descending, ""),
        };
        let empty = if asked.narrowing.searches_nothing() {
            Empty::of("search", t.get("people-search-nothing"), t.get("people-search-nothing.text"))
                .action("/office/people", t.get("people-clear"))
        } else if asked.narrowing.is_narrow() {
            Empty::of("search", t.get("people-none-found"), t.get("people-none-found.text"))
                .action("/office/people", t.get("people-clear"))
        } else {
            Empty::of("people", t.get("people-empty"), t.get("people-empty.text"))
                .action("/office/import", t.get("people-empty.action"))
        };
        let export = asked.narrowing.parts().map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self {
            search: Field::of(FieldKind::Search, t, "q", t.get("people-search")).value(asked.narrowing.q.clone()),
            filters: filters(offered, &asked.narrowing, &purpose),
            narrow: match asked.narrowing.filters_in_force() {
                0 => t.get("people-narrow"),
                n => t.count("people-narrowed", n),
            },
            sort: SortHeader::of(t.get("people-name"), asked.href(other, ""), order),
            count: t.count("people-count", count),
            unnamed: unnamed_words(t, unnamed),
            lines,
            first: (!asked.after.is_empty())
                .then(|| Link::to(asked.href(&asked.order, ""), t.get("shell-pager-first"))),
            next: after.map(|after| Link::to(asked.href(&asked.order, &after), t.get("shell-pager-next"))),
            empty,
            may_add: false,
            may_merge: false,
            may_export: false,
            export,
            clear: asked.narrowing.is_narrow().then(|| Link::to("/office/people", t.get("people-clear"))),
            shell,
        }
    }

    fn allowing(mut self, desk: &Desk) -> Self {
        self.may_add = desk.may(Code::EditPeople);
        self.may_merge = desk.may(Code::MergePeople);
        self.may_export = desk.may(Code::ExportLists);
        self
    }
}

/// The purpose reach is shown for: the one asked for, else the first.
fn purpose_of(words: &PeopleWords, asked: &Narrowing) -> String {
    let known = words.purposes.iter().find(|it| it.code == asked.purpose).or_else(|| words.purposes.first());
    known.map(|it| it.code.clone()).unwrap_or_default()
}

async fn lines(
    desk: &Desk,
    reader: &mut Reader,
    words: &PeopleWords,
    found: &[PersonLine],
    purpose: &str,
) -> Result<Vec<Line>, AppError> {
    let ids: Vec<_> = found.iter().map(|line| line.id).collect();
    let records = reader.person_records(&ids).await.map_err(unreadable)?;
    let (t, at, policy) = (desk.t, Moment::now(&*desk.house.clock), desk.org.policy());
    let purpose = Purpose::of(purpose);
    let show = |(line, record): (&PersonLine, &tsunagari_people::PersonRecord)| {
        let reach = reach(record, &purpose, &at, &policy.reach);
        Line {
            id: line.id.to_string(),
            href: card_href(line.id),
            name: record.person.name(),
            kana: record.person.kana(),
            school: words.school(line.school),
            cohort: line.cohort.map(|year| t.fiscal_year_short(year)).unwrap_or_default(),
            stage: LifeStage::on(&record.enrolments, at.date)
                .map(|it| coded(t, "life-stage", it.code()))
                .unwrap_or_default(),
            why: reach_words(t, &reach).into_iter().next().unwrap_or_default(),
            reach: reach_chip(t, &reach),
            protected: line.address_protected,
            guardian: line.only_guardian,
        }
    };
    Ok(found.iter().zip(&records).map(show).collect())
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let cohorts = reader.cohorts().await.map_err(unreadable)?;
    let purpose = purpose_of(&words, &asked.narrowing);
    let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
    let rule = asked.narrowing.rule(&mut reader, desk.t, &purpose).await?;
    let audience = rule.as_ref().map(|rule| Audience::of_rule(rule, &at, &policy));
    drop(reader);
    let after = asked.after();
    let shown = Shown { order: asked.order(), after: after.as_ref(), most: LINES };
    let sheet = desk.here().sheet(&asked.narrowing.filter(), audience, shown).await.map_err(unreadable)?;
    let Sheet { count, unnamed, lines: found, more } = sheet;
    let after = found.last().filter(|_| more).map(|line| format!("{}~{}", line.id, line.key.kana_key));
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let lines = lines(&desk, &mut reader, &words, &found, &purpose).await?;
    let audiences =
        if desk.may(Code::ManageAudiences) { reader.segments().await.map_err(unreadable)? } else { Vec::new() };
    drop(reader);
    let choices = Offered { words: &words, cohorts: &cohorts, audiences: &audiences };
    Ok(page(&ListPage::of(desk.shell(), &choices, &asked, ([count, unnamed], lines, after)).allowing(&desk)))
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let words = PeopleWords::of(t, Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let offered = Offered { words: &words, cohorts: &[FiscalYear(2025)], audiences: &[] };
        let line = |n: i64, reach: Chip, why: &str| Line {
            id: n.to_string(),
            href: card_href(tsunagari_kernel::PersonId(uuid::Uuid::nil())),
            name: "髙橋 花".into(),
            kana: "タカハシ ハナ".into(),
            school: "石見高等学校".into(),
            cohort: t.fiscal_year_short(FiscalYear(2025)),
            stage: coded(t, "life-stage", "high_3"),
            reach,
            why: coded(t, "reason", why),
            protected: n == 2,
            guardian: n == 1,
        };
        let no = || Chip::of(crate::shell::Tone::Error, t.get("people-reach-no"));
        let lines = vec![line(1, no(), "line_blocked"), line(2, no(), "no_consent")];
        let narrowing = Narrowing { q: "たか".into(), ..Narrowing::default() };
        let asked = Asked { narrowing, order: "falling".into(), after: "x~y".into() };
        let nothing = Asked { narrowing: Narrowing { q: "'".into(), ..Narrowing::default() }, ..Asked::default() };
        let mut full = Self::of(shell.clone(), &offered, &asked, ([1_204, 2], lines, Some("a~b".into())));
        (full.may_add, full.may_merge, full.may_export) = (true, true, true);
        vec![
            Self::of(shell.clone(), &offered, &Asked::default(), ([0, 0], Vec::new(), None)),
            Self::of(shell.clone(), &offered, &asked, ([0, 0], Vec::new(), None)),
            Self::of(shell, &offered, &nothing, ([0, 0], Vec::new(), None)),
            full,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<ListPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }

    #[test]
    fn the_select_says_what_a_search_does_with_guardians() {
        let shell = crate::shell::sample::office_shell(tsunagari_i18n::Locale::Ja);
        let words = PeopleWords::of(shell.t, Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let chosen = |who: &str, q: &str| {
            let asked = Narrowing { who: who.into(), q: q.into(), ..Narrowing::default() };
            let offered = Offered { words: &words, cohorts: &[], audiences: &[] };
            let who = filters(&offered, &asked, "").into_iter().find(|it| it.name == "who").unwrap();
            who.options.into_iter().filter(|it| it.chosen).map(|it| it.label).collect::<Vec<_>>()
        };
        assert_eq!(chosen("", ""), ["保護者だけの人を除く"]);
        assert_eq!(chosen("", "髙橋"), ["すべての人"]);
        assert_eq!(chosen("own", "髙橋"), ["保護者だけの人を除く"]);
    }

    #[test]
    fn a_page_key_goes_through_the_address() {
        let id = tsunagari_kernel::PersonId(uuid::Uuid::from_u128(7));
        let asked = Asked { after: format!("{id}~タカ~ハシ"), ..Asked::default() };
        assert_eq!(asked.after(), Some(PageKey { kana_key: "タカ~ハシ".into(), person: id }));
    }
}
