//! An answer on the way to joining is checked at the door, question by question; the typed values of a whole draft come
//! out of `Answers::of`. Leaves keeping them to `begin_join` and the questions' words to web.

use chrono::{Datelike, NaiveDate};
use tsunagari_kernel::{FiscalYear, MunicipalityCode, SchoolId, names};
use tsunagari_people::{OccupationKind, SchoolKind, plausible};

use crate::Reason;
use crate::begin_join::JoinDraft;

/// What somebody does next or now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Goes to a school of this kind.
    Studies(SchoolKind),
    /// Does something besides school.
    Does(OccupationKind),
}

/// The answers to what somebody does next or now, by code.
pub const NOW: &[(&str, Next)] = &[
    ("university", Next::Studies(SchoolKind::University)),
    ("junior_college", Next::Studies(SchoolKind::JuniorCollege)),
    ("vocational", Next::Studies(SchoolKind::Vocational)),
    ("technical_college", Next::Studies(SchoolKind::TechnicalCollege)),
    ("graduate_school", Next::Studies(SchoolKind::GraduateSchool)),
    ("working", Next::Does(OccupationKind::Working)),
    ("high_school", Next::Studies(SchoolKind::HighSchool)),
    ("other", Next::Does(OccupationKind::Other)),
];

/// The youngest who may join, in years: nobody younger is at a school that hands out slips.
const YOUNGEST: i32 = plausible::YOUNGEST;
/// The oldest birth date that can be chosen, in years.
const OLDEST: i32 = 60;

/// The questions, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// How to stay in touch.
    Contact,
    /// Name with kana.
    Name,
    /// Birth date.
    Birth,
    /// School and graduation year.
    School,
    /// What next, and where.
    Now,
    /// Interests.
    Interests,
}

impl Question {
    /// All, in order.
    pub const ALL: [Self; 6] = [Self::Contact, Self::Name, Self::Birth, Self::School, Self::Now, Self::Interests];

    /// The word in addresses and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Name => "name",
            Self::Birth => "birth",
            Self::School => "school",
            Self::Now => "now",
            Self::Interests => "interests",
        }
    }

    /// The question of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.code() == code)
    }

    /// Where it stands, from 0.
    pub fn position(self) -> usize {
        Self::ALL.iter().position(|question| *question == self).unwrap_or_default()
    }
}

/// Checks the answer to one question; reasons at their fields.
pub fn check(draft: &JoinDraft, question: Question, today: NaiveDate) -> Vec<Reason> {
    match question {
        Question::Contact => {
            if draft.line.is_none() && draft.email.is_none() {
                vec![Reason::at("email", "contact_missing")]
            } else {
                Vec::new()
            }
        }
        Question::Name => check_name(draft),
        Question::Birth => match birth(draft, today) {
            Ok(_) => Vec::new(),
            Err(reason) => vec![reason],
        },
        Question::School => check_school(draft, today),
        Question::Now => check_now(draft),
        Question::Interests => {
            if draft.interests.is_none() {
                vec![Reason::at("interests", "interests_unanswered")]
            } else {
                Vec::new()
            }
        }
    }
}

/// The first question that is not answered well; none when all are.
pub fn open_question(draft: &JoinDraft, today: NaiveDate) -> Option<Question> {
    Question::ALL.into_iter().find(|question| !check(draft, *question, today).is_empty())
}

fn check_name(draft: &JoinDraft) -> Vec<Reason> {
    let mut found = Vec::new();
    for (field, value) in [("family", &draft.family), ("given", &draft.given)] {
        match names::tidy(value) {
            tidy if tidy.is_empty() => found.push(Reason::at(field, "name_missing")),
            tidy if tidy.chars().count() > 40 => found.push(Reason::at(field, "name_too_long")),
            _ => {}
        }
    }
    for (field, value) in [("family_kana", &draft.family_kana), ("given_kana", &draft.given_kana)] {
        match names::tidy(value) {
            tidy if tidy.is_empty() => found.push(Reason::at(field, "kana_missing")),
            tidy if tidy.chars().count() > 60 => found.push(Reason::at(field, "name_too_long")),
            tidy if !names::is_reading(&names::half_to_full(&tidy)) => found.push(Reason::at(field, "not_kana")),
            _ => {}
        }
    }
    found
}

fn birth(draft: &JoinDraft, today: NaiveDate) -> Result<NaiveDate, Reason> {
    let parts = [("year", &draft.year), ("month", &draft.month), ("day", &draft.day)];
    if let Some((open, _)) = parts.into_iter().find(|(_, typed)| typed.is_empty()) {
        return Err(Reason::at(open, "birth_missing"));
    }
    let date = || NaiveDate::from_ymd_opt(draft.year.parse().ok()?, draft.month.parse().ok()?, draft.day.parse().ok()?);
    let date = date().ok_or_else(|| Reason::at("day", "birth_impossible"))?;
    match tsunagari_kernel::age::age_on(date, today) {
        Some(age) if (YOUNGEST..OLDEST).contains(&age) => Ok(date),
        Some(_) | None => Err(Reason::at("year", "birth_out_of_range")),
    }
}

/// The years of birth that can be chosen, youngest first.
pub fn birth_years(today: NaiveDate) -> Vec<i32> {
    ((today.year() - 40)..=(today.year() - YOUNGEST)).rev().collect()
}

/// The fiscal years of graduation that can be chosen: three to come and the last twenty.
pub fn graduation_years(today: NaiveDate) -> Vec<FiscalYear> {
    let now = FiscalYear::of(today).0;
    ((now - 20)..=(now + 3)).rev().map(FiscalYear).collect()
}

fn check_school(draft: &JoinDraft, today: NaiveDate) -> Vec<Reason> {
    let mut found = Vec::new();
    if draft.school.is_empty() {
        found.push(Reason::at("school", "school_missing"));
    } else if draft.school == "other" && names::tidy(&draft.school_name).is_empty() {
        found.push(Reason::at("school_name", "school_name_missing"));
    } else if draft.school != "other" && draft.school.parse::<SchoolId>().is_err() {
        found.push(Reason::at("school", "school_missing"));
    }
    if draft.school_name.chars().count() > 60 {
        found.push(Reason::at("school_name", "name_too_long"));
    }
    let offered = |year: &FiscalYear| graduation_years(today).contains(year);
    match draft.graduation.parse().ok().map(FiscalYear).filter(offered) {
        None => found.push(Reason::at("graduation", "graduation_missing")),
        Some(year) if plausible::graduation(year, birth(draft, today).ok(), today).is_err() => {
            found.push(Reason::at("graduation", "graduation_against_birth"));
        }
        Some(_) => {}
    }
    found
}

fn check_now(draft: &JoinDraft) -> Vec<Reason> {
    let mut found = Vec::new();
    if !NOW.iter().any(|(code, _)| *code == draft.now) {
        found.push(Reason::at("now", "now_missing"));
    }
    if draft.place != "abroad" && place(&draft.place).is_none() {
        found.push(Reason::at("place", "place_missing"));
    }
    found
}

/// A prefecture, or a municipality: the town's own is offered beside the prefectures.
fn place(code: &str) -> Option<MunicipalityCode> {
    MunicipalityCode::known(code).ok().map(|known| known.code)
}

/// A whole draft as typed values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// Family, given, both in katakana.
    pub names: [String; 4],
    /// Birth date.
    pub birth: NaiveDate,
    /// A school the organisation keeps.
    pub school: Option<SchoolId>,
    /// The name of another one.
    pub school_name: String,
    /// The fiscal year of graduation.
    pub graduation: FiscalYear,
    /// What they do next or now.
    pub next: Next,
    /// The prefecture or municipality they live in; none abroad.
    pub place: Option<MunicipalityCode>,
    /// Codes of interests.
    pub interests: Vec<String>,
}

impl Answers {
    /// From a draft.
    ///
    /// # Errors
    /// Every reason of every question but the first, which `join` checks itself.
    pub fn of(draft: &JoinDraft, today: NaiveDate) -> Result<Self, Vec<Reason>> {
        let found: Vec<Reason> = Question::ALL.into_iter().flat_map(|question| check(draft, question, today)).collect();
        let next = NOW.iter().find(|(code, _)| *code == draft.now);
        let (Ok(born), Some((_, next)), true) = (birth(draft, today), next, found.is_empty()) else {
            return Err(found);
        };
        let kana = |text: &str| names::half_to_full(&names::tidy(text));
        Ok(Self {
            names: [
                names::tidy(&draft.family),
                names::tidy(&draft.given),
                kana(&draft.family_kana),
                kana(&draft.given_kana),
            ],
            birth: born,
            school: draft.school.parse().ok(),
            school_name: names::tidy(&draft.school_name),
            graduation: FiscalYear(draft.graduation.parse().unwrap_or_default()),
            next: *next,
            place: place(&draft.place),
            interests: draft.interests.clone().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> JoinDraft {
        JoinDraft {
            email: Some("hana@town.example".into()),
            family: " 石見 ".into(),
            given: "花".into(),
            family_kana: "いわみ".into(),
            given_kana: "ﾊﾅ".into(),
            year: "2008".into(),
            month: "2".into(),
            day: "29".into(),
            school: "other".into(),
            school_name: "架空高校".into(),
            graduation: "2025".into(),
            now: "university".into(),
            place: "270008".into(),
            interests: Some(vec![]),
            ..JoinDraft::default()
        }
    }

    fn today() -> NaiveDate {
        "2026-03-16".parse().unwrap()
    }

    #[test]
    fn a_whole_draft_becomes_typed_values() {
        let answers = Answers::of(&filled(), today()).unwrap();
        assert_eq!(answers.names, ["石見", "花", "イワミ", "ハナ"]);
        assert_eq!(answers.birth.to_string(), "2008-02-29");
        assert_eq!(answers.next, Next::Studies(SchoolKind::University));
        let latin = JoinDraft { family_kana: "O'Neill-García".into(), given_kana: "Ann".into(), ..filled() };
        assert_eq!(Answers::of(&latin, today()).unwrap().names[2..], ["O'Neill-García", "Ann"]);
        let works = JoinDraft { now: "working".into(), ..filled() };
        assert_eq!(Answers::of(&works, today()).unwrap().next, Next::Does(OccupationKind::Working));
        assert_eq!(open_question(&filled(), today()), None);
    }

    #[test]
    fn each_wrong_answer_is_told_at_its_field() {
        let wrong = |change: fn(&mut JoinDraft)| {
            let mut draft = filled();
            change(&mut draft);
            Answers::of(&draft, today())
                .unwrap_err()
                .into_iter()
                .map(|r| (r.field.unwrap_or(""), r.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(|d| d.email = None), [("email", "contact_missing")]);
        assert_eq!(wrong(|d| d.given_kana = "花".into()), [("given_kana", "not_kana")]);
        assert_eq!(wrong(|d| d.given_kana = "Hana 2".into()), [("given_kana", "not_kana")]);
        assert_eq!(wrong(|d| d.day = "30".into()), [("day", "birth_impossible")]);
        assert_eq!(wrong(|d| d.day = String::new()), [("day", "birth_missing")]);
        assert_eq!(wrong(|d| d.year = "2024".into()), [("year", "birth_out_of_range")]);
        assert_eq!(wrong(|d| d.school_name = "　".into()), [("school_name", "school_name_missing")]);
        assert_eq!(wrong(|d| d.graduation = "99999".into()), [("graduation", "graduation_missing")]);
        assert_eq!(wrong(|d| d.graduation = "2147483647".into()), [("graduation", "graduation_missing")]);
        assert_eq!(wrong(|d| d.graduation = "2020".into()), [("graduation", "graduation_against_birth")]);
        assert_eq!(wrong(|d| d.place = "999999".into()), [("place", "place_missing")]);
        assert_eq!(wrong(|d| d.interests = None), [("interests", "interests_unanswered")]);
    }
}
