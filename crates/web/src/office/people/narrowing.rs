//! Which people of the sheet are asked for: the filters of its form, read the same way by the sheet itself and by the file
//! made of it. Life stage, reach and a named audience become one rule. Leaves counting and listing to whoever holds a reader.

use serde::Deserialize;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, SegmentId};
use tsunagari_people::{LifeStage, Purpose, ReachReason};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::Reader;
use tsunagari_storage::person_list::{Guardians, Naming, PeopleFilter, says_nothing};

use super::words::guardians;
use crate::sentences::unreadable;
use crate::shell::AppError;

/// The filters as they were sent; empty ones ask for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Narrowing {
    pub(super) q: String,
    pub(super) school: String,
    pub(super) cohort: String,
    pub(super) stage: String,
    /// `yes`, `no`, or the code of a reason why not.
    pub(super) reach: String,
    /// The id of a named audience.
    pub(crate) audience: String,
    /// What reach is for.
    pub(crate) purpose: String,
    pub(super) who: String,
}

impl Narrowing {
    /// Name and value of each part.
    pub(super) fn parts(&self) -> [(&'static str, &str); 8] {
        [
            ("q", &self.q),
            ("school", &self.school),
            ("cohort", &self.cohort),
            ("stage", &self.stage),
            ("reach", &self.reach),
            ("audience", &self.audience),
            ("purpose", &self.purpose),
            ("who", &self.who),
        ]
    }

    /// What the list itself is asked.
    pub(crate) fn filter(&self) -> PeopleFilter {
        PeopleFilter {
            text: Some(self.q.trim().to_owned()).filter(|text| !text.is_empty()),
            school: self.school.parse().ok(),
            cohort: self.cohort.parse().ok().map(FiscalYear),
            team: None,
            // An audience may be drawn by where people live: it names nobody whose address is protected.
            naming: if self.audience.is_empty() { Naming::Everybody } else { Naming::Open },
            guardians: guardians(&self.who, &self.q),
        }
    }

    /// The option of `who` that is in force: what a search widens by itself must not read as left out.
    pub(super) fn whom(&self) -> &'static str {
        match guardians(&self.who, &self.q) {
            Guardians::Only => "guardians",
            Guardians::Among => "everybody",
            Guardians::Without => self.without_guardians(),
        }
    }

    /// The value of leaving guardians out: nothing while nobody has chosen it, so that a first search is free to find them;
    /// once a search has found them it is a choice of its own.
    pub(super) fn without_guardians(&self) -> &'static str {
        if self.who.is_empty() && self.q.trim().is_empty() { "" } else { "own" }
    }

    /// Those of an audience: all it lets in, or those reached for a purpose, or not.
    pub(crate) fn of_audience(id: SegmentId, purpose: Option<&Purpose>, reach: &str) -> Self {
        Self {
            audience: id.to_string(),
            reach: purpose.map(|_| reach.to_owned()).unwrap_or_default(),
            purpose: purpose.map(ToString::to_string).unwrap_or_default(),
            // A rule lets guardians in like anybody else.
            who: "everybody".to_owned(),
            ..Self::default()
        }
    }

    /// The address of the sheet narrowed so, with more parts of its own.
    pub(crate) fn href<const N: usize>(&self, more: [(&'static str, &str); N]) -> String {
        let given = self.parts().into_iter().chain(more).filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { "/office/people".to_owned() } else { format!("/office/people?{query}") }
    }

    /// Life stage and reach as the parts of a rule; codes that do not exist are left out.
    fn clauses(&self, purpose: &str) -> Vec<String> {
        let mut parts = Vec::new();
        if let Ok(stage) = self.stage.parse::<LifeStage>() {
            parts.push(format!("life_stage = {}", stage.code()));
        }
        match (self.reach.as_str(), self.reach.parse::<ReachReason>()) {
            ("yes", _) => parts.push(format!("reachable({purpose})")),
            ("no", _) => parts.push(format!("not reachable({purpose})")),
            (_, Ok(why)) => parts.push(format!("not reachable({purpose}) and reason({}, {purpose})", why.code())),
            (_, Err(_)) => {}
        }
        parts
    }

    /// The rule that narrows, for reach of a purpose; none when the filters alone do.
    ///
    /// # Errors
    /// `NotFound` for an audience that is not there; `Refused` where its rule no longer reads: it never means everybody.
    pub(crate) async fn rule(
        &self,
        reader: &mut Reader,
        t: Texts,
        purpose: &str,
    ) -> Result<Option<Rule<Checked>>, AppError> {
        let mut texts = self.clauses(purpose);
        if !self.audience.is_empty() {
            let id: SegmentId = self.audience.parse().map_err(|_| AppError::NotFound)?;
            texts.push(reader.segment(id).await.map_err(unreadable)?.rule);
        }
        if texts.is_empty() {
            return Ok(None);
        }
        let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
        // Each read by itself: an audience as long as a rule may be can be narrowed, too.
        let rules: Result<Vec<_>, _> = texts.iter().map(|text| Rule::<Checked>::read(text, &catalogue)).collect();
        let rules = rules.map_err(|_| AppError::Refused(vec![t.get("refused-rule-unfinished")]))?;
        Ok(Some(Rule::all_of(rules)))
    }

    /// Whether it asks for less than everybody; a purpose alone says only how reach is shown.
    pub(super) fn is_narrow(&self) -> bool {
        self.filters_in_force() > 0 || !self.q.trim().is_empty()
    }

    /// Whether what was typed to search by could stand in nobody's name.
    pub(super) fn searches_nothing(&self) -> bool {
        !self.q.trim().is_empty() && says_nothing(&self.q)
    }

    /// How many of the filters beside the search ask for less than everybody.
    pub(super) fn filters_in_force(&self) -> i64 {
        let filters = self.parts().into_iter().filter(|(name, _)| !["q", "purpose"].contains(name));
        filters.map(|(_, value)| i64::from(!value.trim().is_empty())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stage_and_reach_become_a_rule_and_foreign_codes_do_not() {
        let narrowing =
            |stage: &str, reach: &str| Narrowing { stage: stage.into(), reach: reach.into(), ..Narrowing::default() };
        assert_eq!(
            narrowing("university_1", "no").clauses("news"),
            ["life_stage = university_1", "not reachable(news)"]
        );
        let why = narrowing("", "line_blocked").clauses("news");
        assert_eq!(why, ["not reachable(news) and reason(line_blocked, news)"]);
        assert!(narrowing("university_1 or everyone", "perhaps").clauses("news").is_empty());
    }

    #[test]
    fn search_and_purpose_are_no_filters() {
        let asked = |q: &str, stage: &str| Narrowing {
            q: q.into(),
            stage: stage.into(),
            purpose: "news".into(),
            ..Narrowing::default()
        };
        let told = |it: &Narrowing| (it.filters_in_force(), it.is_narrow());
        assert_eq!(told(&asked(" ", "")), (0, false));
        assert_eq!(told(&asked("髙橋", "")), (0, true));
        assert_eq!(told(&asked("髙橋", "university_1")), (1, true));
    }

    #[test]
    fn guardians_are_left_out_unless_narrowing_for_or_searched() {
        let narrowing =
            |who: &str, q: &str| Narrowing { who: who.into(), q: q.into(), ..Narrowing::default() }.filter().guardians;
        assert_eq!(narrowing("", ""), Guardians::Without);
        assert_eq!(narrowing("", "髙橋"), Guardians::Among);
        let shown = |who: &str, q: &str| Narrowing { who: who.into(), q: q.into(), ..Narrowing::default() }.whom();
        assert_eq!([shown("", " "), shown("", "髙橋"), shown("guardians", "髙橋")], ["", "everybody", "guardians"]);
        assert_eq!((narrowing("own", "髙橋"), shown("own", "髙橋")), (Guardians::Without, "own"));
        assert_eq!((narrowing("guardians", "髙橋"), narrowing("everybody", "")), (Guardians::Only, Guardians::Among));
    }
}
