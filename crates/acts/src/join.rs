//! Somebody joins: the answers become a person, or are added to the row the school's list brought, and consents begin
//! with the wording that was shown. Who is plainly known is not made twice; who may be known is marked for the office.
//! Under the set age the consents wait for a guardian's (`guardian_consents`). Leaves the questions to `answer_question`.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use tsunagari_access::resident::SignInWay;
use tsunagari_access::session::{Session, Subject, token_hash, token_text};
use tsunagari_access::{Act, Actor};
use tsunagari_kernel::{
    ConsentId, ContactPointId, EnrolmentId, FiscalYear, LinkId, Moment, MunicipalityCode, OccupationId, OrgId,
    PersonId, ProviderId, ResidenceId, SessionId, Span, TieId, contact, names,
};
use tsunagari_people::consent::OwnConsent;
use tsunagari_people::contact_point::Working;
use tsunagari_people::matching::{self, Match, Traits};
use tsunagari_people::residence::{self, Place};
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, Enrolment, GivenBy, Interest, Occupation, Person, PersonLocale, PersonRecord,
    Purpose, ReachPolicy, Residence, School, SchoolKind, Tie, TieKind, occupation,
};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::erasure_request::PersonWork;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::Wording;
use tsunagari_storage::{Reader, StorageError, Tx};

use crate::answer_question::{Answers, Next};
use crate::begin_join::JoinDraft;
use crate::jobs::link_line_menu;
use crate::line_friendship::{self, Works, works_by_now};
use crate::remember_change::remember_difference;
use crate::{ActError, House};

/// A person who has joined and is signed in.
pub struct Joined {
    /// Who.
    pub person: PersonId,
    /// The session's token, for the cookie.
    pub token: String,
    /// Whether a guardian must consent before anything is sent.
    pub guardian: OwnConsent,
}

/// What the answers say, ready to be written.
struct Newcomer {
    answers: Answers,
    school: Option<School>,
    agreed: Vec<(Purpose, u32)>,
    locale: PersonLocale,
}

/// Who the newcomer is.
enum Who {
    /// A person already known, to whom everything is added, and what led there.
    Known(PersonId, Led),
    /// Nobody known; perhaps one of these.
    Unknown(Vec<PersonId>),
}

/// What leads a newcomer to somebody known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Led {
    /// An address they have proven.
    ByAddress,
    /// Name and birth date, to an entry nobody has proven to be theirs.
    ByName,
}

impl Led {
    /// Whether it still leads there.
    fn holds(self, record: &PersonRecord) -> bool {
        record.person.merged_into.is_none() && (self == Self::ByAddress || is_only_listed(record))
    }
}

/// The settings of an organisation that consents and reach depend on.
pub fn policy_of(org: &Organisation) -> ReachPolicy {
    ReachPolicy {
        guardian_age: u8::try_from(org.guardian_age).unwrap_or(u8::MAX),
        stale_after_days: u32::try_from(org.stale_after_days).unwrap_or(u32::MAX),
        stale_counts: org.stale_counts,
    }
}

/// Joins with a finished draft and the codes of the purposes agreed to.
///
/// # Errors
/// Reasons at the questions' fields, `consent_missing`, `Conflict` when the draft was used already; storage's.
pub async fn join(
    house: &House,
    org: OrgId,
    id: LinkId,
    draft: &JoinDraft,
    agreed: &[String],
    locale: PersonLocale,
) -> Result<Joined, ActError> {
    let at = Moment::now(&*house.clock);
    let mut answers = Answers::of(draft, at.date).map_err(ActError::Refused)?;
    let here = house.org(org);
    let mut reader = here.read_by_key().await?;
    let offered: BTreeSet<String> = reader.interest_kinds().await?.into_iter().map(|it| it.code).collect();
    answers.interests.retain(|code| offered.contains(code));
    let policy = policy_of(&reader.organisation().await?);
    let agreed = versions(&reader.wordings_in_use(at.instant).await?, agreed);
    if agreed.is_empty() {
        return Err(ActError::refused_at("agreed", "consent_missing"));
    }
    let school = match answers.school {
        Some(school) => match reader.school(school).await {
            Ok(known) => Some(known),
            // Taken away since it was chosen: the question is asked again.
            Err(StorageError::NotFound(_)) => return Err(ActError::refused_at("school", "school_missing")),
            Err(other) => return Err(other.into()),
        },
        None => None,
    };
    let who = recognise(&mut reader, draft, &answers).await?;
    drop(reader);
    let person = match &who {
        Who::Known(known, _) => *known,
        Who::Unknown(_) => PersonId::born(&house.chance, at.instant),
    };
    let keys = here.make_person_keys(&[person]).await?;
    let operation = house.operation();
    let guardian = policy.own_consent(Some(answers.birth), &at);
    let newcomer = Newcomer { answers, school, agreed, locale };
    let mut tx = here.write_by_key().await?;
    if !tx.end_join_draft(id).await? {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    let doubtful = match who {
        Who::Known(_, led) => {
            // As it stands now: since it was looked for an officer may have protected or merged the entry, or somebody else
            // of that name and birth date may have joined.
            tx.lock_persons(&[person]).await?;
            let record = tx.person_record(person).await?;
            if !led.holds(&record) {
                tx.undo().await?;
                return Err(ActError::Conflict);
            }
            let points = contact_points(house, &mut tx, draft, person, &at).await?;
            add_to(house, &mut tx, &newcomer, &record, points, &keys, &at).await?;
            // What the school wrote stays readable where the newcomer's own words took its place.
            let after = tx.person_record(person).await?;
            remember_difference(&mut tx, operation, at.instant, &record, &after).await?;
            Vec::new()
        }
        Who::Unknown(perhaps) => {
            let points = contact_points(house, &mut tx, draft, person, &at).await?;
            let record = record_of(house, &newcomer, person, &points, &at);
            let addresses: HashMap<ContactPointId, String> =
                points.into_iter().map(|it| (it.point.id, it.clear)).collect();
            tx.insert_people(&[Arrival { record, source: "join".into(), addresses }], &keys).await?;
            perhaps
        }
    };
    if !doubtful.is_empty() {
        let note = doubtful.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        tx.ask_office(PersonWork::DoubtfulJoin, person, &note, None, at.instant).await?;
    }
    if draft.line.is_some() {
        link_line_menu::enqueue(&mut tx, person, house.real_clock.now()).await?;
    }
    let way = if draft.line.is_some() { SignInWay::LineLogin } else { SignInWay::EmailLink };
    let token = open_session(house, &mut tx, person, way).await?;
    tx.commit(&Act::named("join", Actor::Resident(person), operation).on("person", person)).await?;
    if let Some(line) = &draft.line {
        crate::line_access::keep(house, org, line).await;
    }
    Ok(Joined { person, token, guardian })
}

/// Opens a session in a transaction and gives the token for the cookie.
pub(crate) async fn open_session(
    house: &House,
    tx: &mut Tx,
    person: PersonId,
    way: SignInWay,
) -> Result<String, ActError> {
    let now = house.real_clock.now();
    let token = token_text(&house.chance.bytes());
    let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
    tx.open_session(&hash, &Session::opened(SessionId::born(&house.chance, now), Subject::Resident(person, way), now))
        .await?;
    Ok(token)
}

fn versions(wordings: &[Wording], agreed: &[String]) -> Vec<(Purpose, u32)> {
    let shown: BTreeSet<(String, u32)> = wordings
        .iter()
        .filter(|wording| agreed.contains(&wording.purpose))
        .map(|wording| (wording.purpose.clone(), u32::try_from(wording.version).unwrap_or_default()))
        .collect();
    shown.into_iter().map(|(purpose, version)| (Purpose::of(purpose), version)).collect()
}

/// Who has proven an address of a known person is that person. A name and a birth date alone only lead to somebody whom
/// just a list or the office has entered: otherwise anybody who knows them could take over a page.
async fn recognise(reader: &mut Reader, draft: &JoinDraft, answers: &Answers) -> Result<Who, ActError> {
    let mut proven = Vec::new();
    if let Some(line) = &draft.line {
        proven.extend(reader.persons_by_contact(ContactKind::Line, &line.user_id, Some(line.provider)).await?);
    }
    if let Some(email) = &draft.email {
        proven.extend(reader.persons_by_contact(ContactKind::Email, email, None).await?);
    }
    let own: BTreeSet<PersonId> =
        proven.iter().filter(|found| found.verified_at.is_some()).map(|found| found.person).collect();
    let entry = traits_of_answers(answers);
    let known = reader.known_like(&entry, &own).await?;
    match matching::find(&entry, &known) {
        Match::Same(it) if own.contains(&it.person) => Ok(Who::Known(it.person, Led::ByAddress)),
        Match::Same(it) => {
            let record = reader.person_record(it.person).await?;
            Ok(if is_only_listed(&record) { Who::Known(it.person, Led::ByName) } else { Who::Unknown(vec![it.person]) })
        }
        Match::Doubtful(all) => Ok(Who::Unknown(all.into_iter().map(|it| it.person).collect())),
        Match::New => Ok(Who::Unknown(Vec::new())),
    }
}

/// Whether nobody has ever proven to be this person, and nobody is kept away from them: a removed way in was one all the
/// same, and whoever hides is hidden from those who know their name.
fn is_only_listed(record: &PersonRecord) -> bool {
    !record.person.address_protected && record.contact_points.iter().all(|point| point.verified_at.is_none())
}

fn traits_of_answers(answers: &Answers) -> Traits {
    let [family, given, family_kana, given_kana] = &answers.names;
    Traits {
        name_key: names::comparable(&format!("{family}{given}")),
        kana_key: names::comparable_kana(&format!("{family_kana}{given_kana}")),
        birth_date: Some(answers.birth),
        school: answers.school,
        cohort: Some(answers.graduation),
    }
}

/// A proven way to reach somebody.
pub(crate) struct Proven {
    pub(crate) point: ContactPoint,
    pub(crate) clear: String,
    pub(crate) works: Works,
}

impl Proven {
    /// An address proven now. Whether it works from the start: what was not said does not count as working.
    pub(crate) fn now(
        house: &House,
        kind: ContactKind,
        provider: Option<ProviderId>,
        clear: &str,
        works: Works,
        at: &Moment,
    ) -> Self {
        let since = Span::since(at.instant);
        let working = match works {
            Works::Yes => vec![Working { span: since, ended: None }],
            Works::No | Works::Unsaid => Vec::new(),
        };
        let point = ContactPoint {
            id: ContactPointId::born(&house.chance, at.instant),
            kind,
            provider,
            kept: since,
            verified_at: Some(at.instant),
            working,
            confirmed: Vec::new(),
        };
        Self { point, clear: clear.to_owned(), works }
    }
}

/// The proven ways to reach the newcomer.
async fn contact_points(
    house: &House,
    tx: &mut Tx,
    draft: &JoinDraft,
    person: PersonId,
    at: &Moment,
) -> Result<Vec<Proven>, ActError> {
    let mut all = Vec::new();
    if let Some(line) = &draft.line {
        let works = works_by_now(tx, person, line).await?;
        all.push(Proven::now(house, ContactKind::Line, Some(line.provider), &line.user_id, works, at));
    }
    if let Some(email) = draft.email.as_deref().and_then(|email| contact::email(email).ok()) {
        all.push(Proven::now(house, ContactKind::Email, None, &email, Works::Yes, at));
    }
    Ok(all)
}

fn consents_of(house: &House, newcomer: &Newcomer, at: &Moment) -> Vec<Consent> {
    let give = |(purpose, version): &(Purpose, u32)| Consent {
        id: ConsentId::born(&house.chance, at.instant),
        purpose: purpose.clone(),
        wording_version: *version,
        given_by: GivenBy::Myself,
        span: Span::since(at.instant),
        ended: None,
    };
    newcomer.agreed.iter().map(give).collect()
}

/// The stays at schools the answers tell of: the high school, and what follows it.
fn enrolments_of(house: &House, newcomer: &Newcomer, at: &Moment) -> Vec<Enrolment> {
    let id = || EnrolmentId::born(&house.chance, at.instant);
    let answers = &newcomer.answers;
    let kind = newcomer.school.as_ref().map_or(SchoolKind::HighSchool, |school| school.kind);
    let years = newcomer.school.as_ref().map_or(kind.usual_years(), |school| school.years);
    let name = newcomer.school.as_ref().map_or(answers.school_name.as_str(), |school| school.name.as_str());
    let mut high = Enrolment::ending(id(), kind, name, answers.graduation, years);
    high.school = answers.school;
    high.place = newcomer.school.as_ref().and_then(|school| school.municipality);
    let mut all = vec![high];
    let later = match answers.next {
        Next::Studies(SchoolKind::HighSchool) | Next::Does(_) => None,
        Next::Studies(kind) => Some(kind),
    };
    if let Some(kind) = later {
        // Who studies now, years after high school, began as late as the course's length allows.
        let earliest = FiscalYear::of(at.date).0 + 1 - i32::from(kind.usual_years());
        let start = FiscalYear((answers.graduation.0 + 1).max(earliest));
        let mut next = Enrolment::starting(id(), kind, "", start, kind.usual_years(), 0);
        // Where they live tells no more of the school than its prefecture.
        next.place = answers.place.map(MunicipalityCode::prefecture);
        all.push(next);
    }
    all
}

fn residence_of(house: &House, newcomer: &Newcomer, at: &Moment) -> Residence {
    let answers = &newcomer.answers;
    let place = match answers.place {
        Some(code) if code.is_prefecture() => Place::Prefecture(code),
        Some(code) => Place::Municipality(code),
        None => Place::Abroad("ZZ".into()),
    };
    Residence { id: ResidenceId::born(&house.chance, at.instant), place, span: Span::since(next_begins(answers, at)) }
}

/// "Where will you be, and what will you do" before graduation speaks of the first of April after it.
fn next_begins(answers: &Answers, at: &Moment) -> NaiveDate {
    let april = answers.graduation.plus(1).first_day();
    let stays = answers.next == Next::Studies(SchoolKind::HighSchool);
    if at.date < april && !stays { april } else { at.date }
}

/// What they do besides school, when that is their answer.
fn occupation_of(house: &House, newcomer: &Newcomer, at: &Moment) -> Option<Occupation> {
    let kind = match newcomer.answers.next {
        Next::Does(kind) => kind,
        Next::Studies(_) => return None,
    };
    let span = Span::since(next_begins(&newcomer.answers, at));
    Some(Occupation { id: OccupationId::born(&house.chance, at.instant), kind, span })
}

fn tie_of(house: &House, at: &Moment) -> Tie {
    Tie { id: TieId::born(&house.chance, at.instant), kind: TieKind::Origin, span: Span::since(at.date), ended: None }
}

fn record_of(house: &House, newcomer: &Newcomer, id: PersonId, points: &[Proven], at: &Moment) -> PersonRecord {
    let [family, given, family_kana, given_kana] = newcomer.answers.names.clone();
    let person = Person {
        id,
        family,
        given,
        family_kana,
        given_kana,
        birth_date: Some(newcomer.answers.birth),
        locale: newcomer.locale,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: at.instant,
    };
    let interest = |code: &String| Interest { code: code.clone(), span: Span::since(at.instant) };
    PersonRecord {
        ties: vec![tie_of(house, at)],
        enrolments: enrolments_of(house, newcomer, at),
        residences: vec![residence_of(house, newcomer, at)],
        occupations: occupation_of(house, newcomer, at).into_iter().collect(),
        contact_points: points.iter().map(|it| it.point.clone()).collect(),
        consents: consents_of(house, newcomer, at),
        interests: newcomer.answers.interests.iter().map(interest).collect(),
        ..PersonRecord::of(person)
    }
}

async fn add_to(
    house: &House,
    tx: &mut Tx,
    newcomer: &Newcomer,
    record: &PersonRecord,
    points: Vec<Proven>,
    keys: &tsunagari_storage::person_key::PersonKeys,
    at: &Moment,
) -> Result<(), ActError> {
    let id = record.person.id;
    let mut person = record.person.clone();
    // The school's spelling stays, unless it has the common character where they write the variant; what it left blank is
    // filled in.
    for (known, theirs) in [&mut person.family, &mut person.given].into_iter().zip(&newcomer.answers.names) {
        if names::is_plainer(known, theirs) {
            known.clone_from(theirs);
        }
    }
    if person.family_kana.is_empty() {
        person.family_kana.clone_from(&newcomer.answers.names[2]);
        person.given_kana.clone_from(&newcomer.answers.names[3]);
    }
    person.birth_date = person.birth_date.or(Some(newcomer.answers.birth));
    person.locale = newcomer.locale;
    tx.keep_person(&person).await?;
    if !record.ties.iter().any(|tie| tie.span.contains(at.date)) {
        tx.begin_tie(id, &tie_of(house, at)).await?;
    }
    for it in enrolments_of(house, newcomer, at) {
        if !record.enrolments.iter().any(|known| known.kind == it.kind && known.end_fy == it.end_fy) {
            tx.add_enrolment(id, &it).await?;
        }
    }
    let home = residence_of(house, newcomer, at);
    if !record.residences.iter().any(|known| known.place == home.place && known.span.until.is_none()) {
        let span = residence::lasting(&record.residences, home.span.from);
        tx.move_to(id, &Residence { span, ..home }).await?;
    }
    // Who is still at high school says nothing of the April after it: what a list said of that stands.
    if newcomer.answers.next != Next::Studies(SchoolKind::HighSchool) {
        turn_to(tx, record, occupation_of(house, newcomer, at), next_begins(&newcomer.answers, at)).await?;
    }
    tx.set_interests(id, &newcomer.answers.interests.iter().cloned().collect(), at.instant).await?;
    for proven in points {
        add_contact(tx, id, proven, keys, at).await?;
    }
    for consent in consents_of(house, newcomer, at) {
        tx.give_consent(id, &consent, "portal").await?;
    }
    Ok(())
}

/// What they do besides school from a day on: this, or school alone. Who says the same again has done it since they said it
/// first; what they told of a later day is told anew.
async fn turn_to(
    tx: &mut Tx,
    record: &PersonRecord,
    does: Option<Occupation>,
    from: NaiveDate,
) -> Result<(), ActError> {
    let id = record.person.id;
    for later in record.occupations.iter().filter(|it| it.span.from > from) {
        tx.remove_occupation(id, later.id).await?;
    }
    let known = occupation::current(&record.occupations, from);
    if known.map(|it| it.kind) == does.as_ref().map(|it| it.kind) {
        return Ok(());
    }
    tx.end_occupations(id, from).await?;
    if let Some(does) = does {
        tx.add_occupation(id, &does).await?;
    }
    Ok(())
}

/// Adds a proven address, or confirms the one that is there; which it is. A new LINE user takes the place of the person's old one.
pub(crate) async fn add_contact(
    tx: &mut Tx,
    person: PersonId,
    proven: Proven,
    keys: &tsunagari_storage::person_key::PersonKeys,
    at: &Moment,
) -> Result<ContactPointId, ActError> {
    let Proven { point, clear, works } = proven;
    let found = tx.persons_by_contact(point.kind, &clear, point.provider).await?;
    if let Some(known) = found.iter().find(|known| known.person == person) {
        tx.verify_contact(person, known.contact, at.instant).await?;
        tx.confirm_contact(person, known.contact, at.instant, "sign_in").await?;
        let record = tx.person_record(person).await?;
        line_friendship::settle(tx, &record, known.contact, works, at).await?;
        return Ok(known.contact);
    }
    if point.kind == ContactKind::Line {
        let record = tx.person_record(person).await?;
        for old in record
            .contact_points
            .iter()
            .filter(|old| old.kind == point.kind && old.provider == point.provider && old.kept.until.is_none())
        {
            tx.remove_contact(person, old.id, at.instant).await?;
        }
    }
    tx.add_contact(person, &point, &clear, keys).await?;
    Ok(point.id)
}
