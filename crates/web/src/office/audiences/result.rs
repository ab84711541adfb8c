//! Who an audience reaches: the number, ten of them, how many others match but are not reached and every reason, and the rule
//! in words. The same fragment stands below the form and is fetched again where scripts run.

use askama::Template;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{Moment, SegmentId};
use tsunagari_people::{LifeStage, PersonRecord, Purpose, ReachReason, reach};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::people_sheet::Narrowed;
use tsunagari_storage::person_list::{Naming, PeopleFilter};
use tsunagari_storage::tally::{Exclusions, Tally};
use tsunagari_storage::{Reader, StorageError};

use crate::office::desk::Desk;
use crate::office::people::narrowing::Narrowing;
use crate::office::people::words::{card_href, coded, reach_words, unnamed_words};
use crate::rule_words::RuleWords;
use crate::shell::components::Link;

/// One of the ten.
pub(super) struct One {
    pub card: Link,
    pub stage: String,
    pub via: String,
}

/// How many are left out for a reason.
pub(super) struct Left {
    why: ReachReason,
    words: String,
    n: String,
    /// Them by name, once the audience is kept.
    href: Option<String>,
}

/// The fragment.
#[derive(Template)]
#[template(path = "office/audiences/result.html")]
pub(super) struct ResultPart {
    pub t: Texts,
    pub words: String,
    pub count: String,
    pub matched: String,
    pub some: Vec<One>,
    /// How many the lists do not name.
    pub unnamed: Option<String>,
    pub left: String,
    pub reasons: Vec<Left>,
    /// All of them by name, once the audience is kept.
    pub all: Option<String>,
    /// Those left out by name, once the audience is kept.
    pub others: Option<String>,
    /// Why there is nothing to show, when the rule is not one yet.
    pub wrong: Option<String>,
}
impl askama::filters::HtmlSafe for ResultPart {}

impl ResultPart {
    /// Nothing to count yet.
    pub(super) fn nothing(t: Texts, why: String) -> Self {
        Self {
            t,
            words: String::new(),
            count: String::new(),
            matched: String::new(),
            some: Vec::new(),
            unnamed: None,
            left: String::new(),
            reasons: Vec::new(),
            all: None,
            others: None,
            wrong: Some(why),
        }
    }

    pub(super) fn of(t: Texts, words: String, count: i64, left: &Exclusions, some: Vec<One>) -> Self {
        let reason = |(why, n): &(ReachReason, i64)| Left {
            why: *why,
            words: coded(t, "reason", why.code()),
            n: t.number(*n),
            href: None,
        };
        Self {
            t,
            words,
            count: t.number(count),
            matched: t.count("audience-matched", count + left.people),
            some,
            unnamed: None,
            left: t.count("audience-left", left.people),
            reasons: left.by_reason.iter().map(reason).collect(),
            all: None,
            others: None,
            wrong: None,
        }
    }

    /// With the ways to everybody behind the numbers of a kept audience.
    pub(super) fn linked(mut self, id: SegmentId, purpose: Option<&Purpose>) -> Self {
        let people = |reach: &str| Narrowing::of_audience(id, purpose, reach).href([]);
        self.all = Some(people("yes"));
        self.others = purpose.map(|_| people("no"));
        for left in &mut self.reasons {
            left.href = Some(people(left.why.code()));
        }
        self
    }
}

/// Counts and shows an audience.
///
/// # Errors
/// Storage's.
pub(super) async fn result(
    desk: &Desk,
    reader: &mut Reader,
    rule: &Rule<Checked>,
    purpose: Option<&Purpose>,
    words: &RuleWords,
) -> Result<ResultPart, StorageError> {
    let (t, at, policy) = (desk.t, Moment::now(&*desk.house.clock), desk.org.policy());
    let audience = Audience { rule, purpose, through: &[], at: &at, policy: &policy };
    let Tally { people: count, left_out: left } = reader.tally(&audience).await?;
    let ids = reader.audience_sample(&audience).await?;
    let some = reader.person_records(&ids).await?;
    let one = |it: &PersonRecord| One {
        card: Link::to(card_href(it.person.id), it.person.name()),
        stage: LifeStage::on(&it.enrolments, at.date)
            .map(|stage| coded(t, "life-stage", stage.code()))
            .unwrap_or_default(),
        via: purpose
            .map(|purpose| reach_words(t, &reach(it, purpose, &at, &policy.reach)).join("・"))
            .unwrap_or_default(),
    };
    let protected = PeopleFilter { naming: Naming::Protected, ..PeopleFilter::default() };
    let unnamed = reader.sheet_count(&protected, Some(&Narrowed::by(audience))).await?;
    let part = ResultPart::of(t, rule.phrase().render(words), count, &left, some.iter().map(one).collect());
    Ok(ResultPart { unnamed: unnamed_words(t, unnamed), ..part })
}
