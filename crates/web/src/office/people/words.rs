//! The words pages about people share: names of schools, purposes and departments, places, spans of days, and a person's
//! reach in a chip with its reasons. Leaves rules' words to `rule_words`.

use std::collections::HashMap;

use chrono::NaiveDate;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{MunicipalityCode, PersonId, SchoolId, Span, TeamId, Timestamp};
use tsunagari_people::residence::Place;
use tsunagari_people::{Person, PersonRecord, Reach, ReachReason, School, SchoolKind};
use tsunagari_storage::person_list::Guardians;
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::team::Team;
use tsunagari_storage::{Reader, StorageError};

use crate::shell::Tone;
use crate::shell::components::{Chip, Choices};

/// What a list does with those known only as guardians: as chosen; where nothing is chosen they are left out, but a search
/// by name finds them too.
pub fn guardians(who: &str, text: &str) -> Guardians {
    match who {
        "own" => Guardians::Without,
        "guardians" => Guardians::Only,
        "everybody" => Guardians::Among,
        _ if !text.trim().is_empty() => Guardians::Among,
        _ => Guardians::Without,
    }
}

/// Names of the organisation's own things.
#[derive(Debug, Clone)]
pub struct PeopleWords {
    /// Texts.
    pub t: Texts,
    /// The schools.
    pub schools: Vec<School>,
    /// The purposes, in their order.
    pub purposes: Vec<Labelled>,
    /// The kinds of interest.
    pub interests: Vec<Labelled>,
    /// The departments.
    pub teams: Vec<Team>,
    school_names: HashMap<SchoolId, String>,
}

impl PeopleWords {
    /// From their parts.
    pub fn of(
        t: Texts,
        schools: Vec<School>,
        purposes: Vec<Labelled>,
        interests: Vec<Labelled>,
        teams: Vec<Team>,
    ) -> Self {
        let school_names = schools.iter().map(|school| (school.id, school.name.clone())).collect();
        Self { t, schools, purposes, interests, teams, school_names }
    }

    /// Reads them.
    ///
    /// # Errors
    /// Storage's.
    pub async fn read(reader: &mut Reader, t: Texts) -> Result<Self, StorageError> {
        let schools = reader.schools().await?;
        let purposes = reader.purposes().await?;
        let interests = reader.interest_kinds().await?;
        let teams = reader.teams().await?;
        Ok(Self::of(t, schools, purposes, interests, teams))
    }

    fn locale(&self) -> &'static str {
        self.t.locale().code()
    }

    /// A school's name.
    pub fn school(&self, id: Option<SchoolId>) -> String {
        id.and_then(|id| self.school_names.get(&id).cloned()).unwrap_or_default()
    }

    /// A purpose's name; the code of one that is gone.
    pub fn purpose(&self, code: &str) -> String {
        let found = self.purposes.iter().find(|it| it.code == code);
        found.map_or_else(|| code.to_owned(), |it| it.label(self.locale()).to_owned())
    }

    /// An interest's name; the code of one that is gone.
    pub fn interest(&self, code: &str) -> String {
        let found = self.interests.iter().find(|it| it.code == code);
        found.map_or_else(|| code.to_owned(), |it| it.label(self.locale()).to_owned())
    }

    /// A department's name.
    pub fn team(&self, id: Option<TeamId>) -> String {
        id.and_then(|id| self.teams.iter().find(|team| team.id == id)).map(|team| team.name.clone()).unwrap_or_default()
    }

    /// The departments as a select.
    pub fn team_choice(&self, chosen: &str) -> Choices {
        let mut choices =
            Choices::select(self.t, "team", self.t.get("people-team")).option("", self.t.get("people-team-none"));
        for team in &self.teams {
            choices = choices.option(team.id.to_string(), team.name.clone());
        }
        choices.chosen(chosen)
    }
}

/// The text of a code of a closed list: `life-stage-university-1`.
pub fn coded(t: Texts, prefix: &str, code: &str) -> String {
    t.get(format!("{prefix}-{}", code.replace('_', "-")))
}

/// What tells entries of one name apart: reading, birth date, high school, as far as they are known.
pub fn known_of(t: Texts, it: &PersonRecord) -> String {
    let birth = it.person.birth_date.map_or_else(|| t.get("people-birth-unknown"), |day| t.date_short(day));
    let school = it.enrolments.iter().find(|stay| stay.kind == SchoolKind::HighSchool).map(|stay| &stay.school_name);
    let parts = [it.person.kana(), birth, school.cloned().unwrap_or_default()];
    let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    known.join(&t.get("people-known.and"))
}

/// A municipality's or prefecture's name.
pub fn place_name(code: MunicipalityCode) -> String {
    code.lookup().map_or_else(|| code.to_string(), |place| place.full_name())
}

/// A place of residence.
pub fn place(t: Texts, it: &Place) -> String {
    match it {
        Place::Municipality(code) | Place::Prefecture(code) => place_name(*code),
        Place::Abroad(country) => t.one("people-abroad", "country", country.clone()),
    }
}

/// Days from until; half-open spans are told by their last day.
pub fn days(t: Texts, span: Span<NaiveDate>) -> String {
    let from = t.date_short(span.from);
    match span.until.and_then(|until| until.pred_opt()) {
        Some(last) => t.two("people-days-between", "from", from, "until", t.date_short(last)),
        None => t.one("people-days-since", "from", from),
    }
}

/// Instants from until, by their days.
pub fn instants(t: Texts, span: Span<Timestamp>) -> String {
    let from = t.date_short(span.from.jst_date());
    match span.until {
        Some(until) => t.two("people-days-between", "from", from, "until", t.date_short(until.jst_date())),
        None => t.one("people-days-since", "from", from),
    }
}

/// How many a list made by a rule does not name, and why; nothing when it names everybody.
pub fn unnamed_words(t: Texts, unnamed: i64) -> Option<String> {
    (unnamed > 0).then(|| t.count("people-unnamed", unnamed))
}

/// Reach in one chip.
pub fn reach_chip(t: Texts, reach: &Reach) -> Chip {
    match reach {
        Reach::Reachable { only_stale: false, .. } => Chip::of(Tone::Success, t.get("people-reach-yes")),
        Reach::Reachable { only_stale: true, .. } => Chip::of(Tone::Warning, t.get("people-reach-stale")),
        Reach::NotReachable(_) => Chip::of(Tone::Error, t.get("people-reach-no")),
    }
}

/// The reasons in words, or the ways when reachable.
pub fn reach_words(t: Texts, reach: &Reach) -> Vec<String> {
    match reach {
        Reach::Reachable { via, only_stale } => {
            let mut words: Vec<String> = via.iter().map(|kind| coded(t, "contact-kind", kind.code())).collect();
            if *only_stale {
                words.push(coded(t, "reason", ReachReason::Stale.code()));
            }
            words
        }
        Reach::NotReachable(reasons) => reasons.iter().map(|reason| coded(t, "reason", reason.code())).collect(),
    }
}

/// A person's name; a sign when there is none.
pub fn name(t: Texts, person: &Person) -> String {
    let name = person.name();
    if name.is_empty() { t.blank() } else { name }
}

/// The address of a person's card.
pub fn card_href(id: PersonId) -> String {
    format!("/office/people/{id}")
}

/// The address of a person's card at the part in which something was just saved.
pub fn saved_href(id: PersonId, part: &str) -> String {
    format!("{}?done=saved#{part}", card_href(id))
}

/// Invented words and an invented person for the samples of the pages.
pub(crate) fn sample(t: Texts) -> (PeopleWords, tsunagari_people::PersonRecord) {
    use tsunagari_kernel::{
        ConsentId, ContactPointId, EnrolmentId, FiscalYear, OccupationId, OutcomeId, ResidenceId, TieId,
    };
    use tsunagari_people::contact_point::ContactPoint;
    use tsunagari_people::{
        Consent, ContactKind, Enrolment, GivenBy, Occupation, OccupationKind, Outcome, OutcomeKind, PersonLocale,
        PersonRecord, Purpose, Residence, SchoolKind, Tie, TieEnd, TieKind,
    };
    let id = uuid::Uuid::from_u128;
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
    let at = |y, m, d| Timestamp::start_of(day(y, m, d));
    let news =
        Labelled { code: "news".into(), ja: "お知らせ".into(), easy: "お知らせ".into(), en: "News".into() };
    let words = PeopleWords::of(
        t,
        Vec::new(),
        vec![news],
        Vec::new(),
        vec![Team { id: TeamId(id(9)), name: "ひとづくり推進課".into() }],
    );
    let mut record = PersonRecord::of(Person {
        id: PersonId(id(1)),
        family: "髙橋".into(),
        given: "花".into(),
        family_kana: "タカハシ".into(),
        given_kana: "ハナ".into(),
        birth_date: Some(day(2007, 6, 1)),
        locale: PersonLocale::Ja,
        address_protected: true,
        team: Some(TeamId(id(9))),
        merged_into: Some(PersonId(id(2))),
        created_at: at(2025, 4, 1),
    });
    let ended = Span::between(day(2022, 4, 1), day(2025, 4, 1));
    record.ties.push(Tie { id: TieId(id(3)), kind: TieKind::Origin, span: Span::since(day(2022, 4, 1)), ended: None });
    record.ties.push(Tie {
        id: TieId(id(4)),
        kind: TieKind::Enrolled,
        span: ended,
        ended: Some(TieEnd::EndedByOffice),
    });
    record.enrolments.push(Enrolment::starting(
        EnrolmentId(id(5)),
        SchoolKind::University,
        "架空大学",
        FiscalYear(2025),
        4,
        0,
    ));
    for (n, kind) in OccupationKind::ALL.iter().enumerate() {
        let span = Span::since(day(2025, 4, 1));
        record.occupations.push(Occupation { id: OccupationId(id(20 + n as u128)), kind: *kind, span });
    }
    for (n, kind) in OutcomeKind::ALL.iter().enumerate() {
        let id = OutcomeId(id(40 + n as u128));
        record.outcomes.push(Outcome { id, kind: *kind, on: day(2025, 4, 1), evidence: "内定通知".into() });
    }
    record.residences.push(Residence {
        id: ResidenceId(id(6)),
        place: Place::Abroad("KR".into()),
        span: Span::since(day(2025, 4, 1)),
    });
    record.contact_points.push(ContactPoint {
        id: ContactPointId(id(7)),
        kind: ContactKind::Line,
        provider: None,
        kept: Span::since(at(2025, 4, 1)),
        verified_at: None,
        working: Vec::new(),
        confirmed: Vec::new(),
    });
    record.consents.push(Consent {
        id: ConsentId(id(8)),
        purpose: Purpose::of("news"),
        wording_version: 1,
        given_by: GivenBy::Guardian(None),
        span: Span::since(at(2025, 4, 1)),
        ended: None,
    });
    (words, record)
}
