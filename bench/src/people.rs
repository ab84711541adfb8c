//! Invented people of a measured town: enough variety for searches and rules to have something to do, and everybody
//! reachable by LINE for the purpose `info`, so that a message to all has as many recipients as the town has people.
//! The same seed makes the same people. Leaves what the demonstration's people are like to the demonstration.

use std::collections::HashMap;

use chrono::{Days, NaiveDate, TimeDelta};
use tsunagari_kernel::{
    Chance, ConsentId, ContactPointId, EnrolmentId, FiscalYear, MunicipalityCode, PersonId, ProviderId, ResidenceId,
    Span, TieId, Timestamp,
};
use tsunagari_people::contact_point::Working;
use tsunagari_people::residence::Place;
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, Enrolment, GivenBy, Interest, Person, PersonLocale, PersonRecord, Purpose,
    Residence, School, SchoolKind, Tie, TieKind,
};
use tsunagari_storage::person::Arrival;

type Part = (&'static str, &'static str);

const FAMILY_FIRST: &[Part] = &[
    ("石", "イシ"),
    ("山", "ヤマ"),
    ("川", "カワ"),
    ("田", "タ"),
    ("中", "ナカ"),
    ("大", "オオ"),
    ("小", "コ"),
    ("高", "タカ"),
    ("森", "モリ"),
    ("松", "マツ"),
    ("竹", "タケ"),
    ("吉", "ヨシ"),
    ("岡", "オカ"),
    ("西", "ニシ"),
    ("東", "ヒガシ"),
    ("北", "キタ"),
    ("南", "ミナミ"),
    ("青", "アオ"),
    ("白", "シラ"),
    ("黒", "クロ"),
    ("金", "カナ"),
    ("木", "キ"),
    ("桜", "サクラ"),
    ("渡", "ワタ"),
    ("宮", "ミヤ"),
    ("原", "ハラ"),
];
const FAMILY_SECOND: &[Part] = &[
    ("田", "ダ"),
    ("川", "カワ"),
    ("山", "ヤマ"),
    ("本", "モト"),
    ("村", "ムラ"),
    ("野", "ノ"),
    ("原", "ハラ"),
    ("島", "シマ"),
    ("崎", "サキ"),
    ("井", "イ"),
    ("口", "グチ"),
    ("橋", "ハシ"),
    ("谷", "タニ"),
    ("沢", "サワ"),
    ("木", "キ"),
    ("見", "ミ"),
    ("林", "バヤシ"),
    ("部", "ベ"),
    ("尾", "オ"),
    ("岡", "オカ"),
];
const GIVEN: &[Part] = &[
    ("蓮", "レン"),
    ("陽翔", "ハルト"),
    ("花子", "ハナコ"),
    ("結衣", "ユイ"),
    ("大翔", "ヒロト"),
    ("凛", "リン"),
    ("美咲", "ミサキ"),
    ("太郎", "タロウ"),
    ("さくら", "サクラ"),
    ("健一", "ケンイチ"),
    ("葵", "アオイ"),
    ("湊", "ミナト"),
    ("樹", "イツキ"),
    ("芽依", "メイ"),
    ("悠真", "ユウマ"),
    ("紬", "ツムギ"),
    ("莉子", "リコ"),
    ("蒼", "アオ"),
    ("陽菜", "ヒナ"),
    ("颯太", "ソウタ"),
    ("心春", "コハル"),
    ("海斗", "カイト"),
    ("楓", "カエデ"),
    ("直樹", "ナオキ"),
    ("千尋", "チヒロ"),
    ("拓海", "タクミ"),
    ("真央", "マオ"),
    ("翼", "ツバサ"),
];
/// Where they live now.
const ELSEWHERE: &[&str] =
    &["271004", "261009", "401307", "322016", "131041", "122271", "011002", "341002", "322041", "322041"];
/// Codes of interests of a measured town.
pub const INTERESTS: &[&str] = &["homecoming", "jobs", "events"];
/// Codes of purposes: everybody has agreed to the first.
pub const PURPOSES: &[&str] = &["info", "jobs"];
/// How many days earlier than in the last year people known for years have joined.
const LONG_KNOWN: i64 = 400;

/// The handle of person number `n` (from 0) in the simulator.
pub fn handle(n: u64) -> String {
    format!("p{}", n + 1)
}

/// Since when a measured town's people are known to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Since some day of the last year, and no fact of theirs has changed since.
    ThisYear,
    /// For more than a year, and all have confirmed their address in the last: their rows of `person_state` are right since
    /// then only, and a day before it is asked of the facts.
    Years,
}

/// What they have in common.
pub struct Home<'h> {
    /// Chance.
    pub chance: &'h Chance,
    /// Now.
    pub now: Timestamp,
    /// Whose user ids their LINE addresses are.
    pub provider: ProviderId,
    /// Since when they are known.
    pub known: Known,
    /// The town.
    pub town: MunicipalityCode,
    /// Its schools.
    pub schools: &'h [School],
}

impl Home<'_> {
    fn one<'t, T>(&self, of: &'t [T]) -> Option<&'t T> {
        of.get(usize::try_from(self.chance.below(of.len() as u64)).unwrap_or(0))
    }

    fn part(&self, of: &[Part]) -> Part {
        self.one(of).copied().unwrap_or(("架空", "カクウ"))
    }

    /// Person number `n`, whose LINE user id is given.
    pub fn person(&self, n: u64, line: String) -> Arrival {
        let lately = self.now.minus(TimeDelta::days(30 + i64::try_from(self.chance.below(300)).unwrap_or(0)));
        let (joined, confirmed) = match self.known {
            Known::ThisYear => (lately, Vec::new()),
            Known::Years => (lately.minus(TimeDelta::days(LONG_KNOWN)), vec![lately]),
        };
        let cohort = FiscalYear(2016 + i32::try_from(self.chance.below(10)).unwrap_or(0));
        let birth = FiscalYear(cohort.0 - 18).first_day() + Days::new(1 + self.chance.below(360));
        let id = PersonId::born(self.chance, joined);
        let mut record = PersonRecord::of(self.named(id, birth, joined));
        record.ties.push(Tie {
            id: TieId::born(self.chance, joined),
            kind: TieKind::Origin,
            span: Span::since(birth),
            ended: None,
        });
        self.life(&mut record, cohort, birth);
        for code in INTERESTS {
            if self.chance.below(3) == 0 {
                record.interests.push(Interest { code: (*code).to_owned(), span: Span::since(joined) });
            }
        }
        for (index, purpose) in PURPOSES.iter().enumerate() {
            if index == 0 || self.chance.below(10) < 6 {
                record.consents.push(Consent {
                    id: ConsentId::born(self.chance, joined),
                    purpose: Purpose::of(*purpose),
                    wording_version: 1,
                    given_by: GivenBy::Myself,
                    span: Span::since(joined),
                    ended: None,
                });
            }
        }
        let mut addresses = HashMap::new();
        let mut add = |kind, provider, clear: String| {
            let id = ContactPointId::born(self.chance, joined);
            addresses.insert(id, clear);
            record.contact_points.push(ContactPoint {
                id,
                kind,
                provider,
                kept: Span::since(joined),
                verified_at: Some(joined),
                working: vec![Working { span: Span::since(joined), ended: None }],
                confirmed: confirmed.clone(),
            });
        };
        add(ContactKind::Line, Some(self.provider), line);
        if self.chance.below(10) < 4 {
            add(ContactKind::Email, None, format!("{}@people.example", handle(n)));
        }
        Arrival { record, source: "demo".into(), addresses }
    }

    fn named(&self, id: PersonId, birth: NaiveDate, joined: Timestamp) -> Person {
        let ((first, first_kana), (second, second_kana)) = (self.part(FAMILY_FIRST), self.part(FAMILY_SECOND));
        let (given, given_kana) = self.part(GIVEN);
        Person {
            id,
            family: format!("{first}{second}"),
            given: given.to_owned(),
            family_kana: format!("{first_kana}{second_kana}"),
            given_kana: given_kana.to_owned(),
            birth_date: Some(birth),
            locale: PersonLocale::Ja,
            address_protected: false,
            team: None,
            merged_into: None,
            created_at: joined,
        }
    }

    fn life(&self, record: &mut PersonRecord, cohort: FiscalYear, birth: NaiveDate) {
        let name = |school: Option<&School>| school.map_or_else(|| "架空高等学校".to_owned(), |it| it.name.clone());
        let school = self.one(self.schools);
        let enrolment = EnrolmentId::born(self.chance, self.now);
        let mut high = Enrolment::ending(enrolment, SchoolKind::HighSchool, name(school), cohort, 3);
        high.school = school.map(|it| it.id);
        high.place = Some(self.town);
        record.enrolments.push(high);
        if self.chance.below(10) < 7 {
            let id = EnrolmentId::born(self.chance, self.now);
            let university = Enrolment::starting(id, SchoolKind::University, "架空大学", cohort.plus(1), 4, 0);
            record.enrolments.push(university);
        }
        let left = cohort.plus(1).first_day();
        let now = self.one(ELSEWHERE).and_then(|code| code.parse().ok()).unwrap_or(self.town);
        for (place, span) in [(self.town, Span { from: birth, until: Some(left) }), (now, Span::since(left))] {
            record.residences.push(Residence {
                id: ResidenceId::born(self.chance, self.now),
                place: Place::Municipality(place),
                span,
            });
        }
    }
}
