//! Which people of the sheet are asked for: the filters of its form, read the same way by the sheet itself and by the file
//! made of it. Life stage and reach become a rule. Leaves asking to whoever holds a reader.

use serde::Deserialize;
use tsunagari_kernel::FiscalYear;
use tsunagari_people::LifeStage;
use tsunagari_storage::person_list::{Guardians, Naming, PeopleFilter};

use super::words::guardians;

/// The filters as they were sent; empty ones ask for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Narrowing {
    pub(super) q: String,
    pub(super) school: String,
    pub(super) cohort: String,
    pub(super) stage: String,
    pub(super) reach: String,
    /// What reach is for.
    pub(crate) purpose: String,
    pub(super) who: String,
}

impl Narrowing {
    /// Name and value of each part.
    pub(super) fn parts(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("school", &self.school),
            ("cohort", &self.cohort),
            ("stage", &self.stage),
            ("reach", &self.reach),
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
            naming: Naming::Everybody,
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

    /// Life stage and reach as a rule; codes that do not exist are left out.
    pub(crate) fn rule_text(&self, purpose: &str) -> Option<String> {
        let mut parts = Vec::new();
        if let Ok(stage) = self.stage.parse::<LifeStage>() {
            parts.push(format!("life_stage = {}", stage.code()));
        }
        match self.reach.as_str() {
            "yes" => parts.push(format!("reachable({purpose})")),
            "no" => parts.push(format!("not reachable({purpose})")),
            _ => {}
        }
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    /// Whether it asks for less than everybody; a purpose alone says only how reach is shown.
    pub(super) fn is_narrow(&self) -> bool {
        self.parts().into_iter().any(|(name, value)| name != "purpose" && !value.trim().is_empty())
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
            narrowing("university_1", "no").rule_text("news").as_deref(),
            Some("life_stage = university_1 and not reachable(news)")
        );
        assert_eq!(narrowing("university_1 or everyone", "perhaps").rule_text("news"), None);
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
