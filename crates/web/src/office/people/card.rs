//! A person's card: who, where they stand in life, reach for each purpose with every reason on any day, and the record part
//! by part. Addresses stay closed until opened by a button, which is on the record. Leaves the parts to `card_parts`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::open_contact_points::open_contact_points;
use tsunagari_i18n::Texts;
use tsunagari_kernel::contact::national;
use tsunagari_kernel::{ContactPointId, Moment, OutcomeId, PersonId, Timestamp, UserId, age, era};
use tsunagari_people::protection::change_tells_whereabouts;
use tsunagari_people::{ContactKind, LifeStage, PersonRecord, Policy, Purpose, reach};
use tsunagari_storage::staff::Staff;
use tsunagari_storage::{Reader, StorageError};

use super::card_parts::{self, Around, May, Section};
use super::card_past;
use super::confirm_form;
use super::form::odd_days_told;
use super::words::{PeopleWords, card_href, coded, name, reach_chip, reach_words};
use crate::joined::joined;
use crate::office::desk::Desk;
use crate::office::policy_words::set_then;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Chip, ConfirmForm, Crumbs, Facts, Field, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// How many changes and events are read and shown at once.
const EVENTS: i64 = 30;
const SHOWN: usize = 30;
/// How many lines of the record are looked through for who entered what.
const MAKERS: i64 = 300;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/people/{person}", Needs::Permission(Code::ViewPeople), show).post(
        "/office/people/{person}/contacts",
        Needs::Permission(Code::EditPeople),
        open,
    )
}

/// Reach for one purpose.
struct ReachLine {
    purpose: String,
    chip: Chip,
    words: Vec<String>,
}

#[derive(Template)]
#[template(path = "office/people/card.html")]
struct CardPage {
    shell: Shell,
    crumbs: Crumbs,
    name: String,
    kana: String,
    notices: Vec<Banner>,
    facts: Facts,
    as_of: Field,
    at: String,
    reach: Vec<ReachLine>,
    sections: Vec<Section>,
    /// What was set on the day asked for, when it was something else than today.
    set_then: Option<String>,
    edit: Option<Link>,
    merge: Option<Link>,
    uses: Link,
    erasure: Link,
    open: Option<ConfirmForm>,
    undo: Vec<ConfirmForm>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    done: String,
    /// Whether a day just kept lies outside the era it was written in.
    #[serde(default)]
    odd: String,
    /// Who was taken apart from this entry just now.
    #[serde(default)]
    apart: String,
}

/// Crumbs from the list to a card.
pub(super) fn crumbs(t: Texts, card: Option<(PersonId, String)>) -> Crumbs {
    let mut links = vec![Link::to("/office/people", t.get("shell-nav-people"))];
    links.extend(card.map(|(id, name)| Link::to(card_href(id), name)));
    Crumbs::of(t, links)
}

fn facts(words: &PeopleWords, it: &PersonRecord, at: &Moment, policy: &Policy, joined: Option<Timestamp>) -> Facts {
    let t = words.t;
    let person = &it.person;
    let birth = person.birth_date.map(|birth| {
        let years = age::age_on(birth, at.date).unwrap_or_default();
        t.two("people-birth", "date", t.date(birth), "age", years)
    });
    let stage = LifeStage::on(&it.enrolments, at.date).map(|stage| coded(t, "life-stage", stage.code()));
    let hunting = match policy.job_hunting.on(&it.enrolments, at.date) {
        Some(true) => t.get("people-hunting-yes"),
        Some(false) => t.get("people-hunting-no"),
        None => String::new(),
    };
    let alive = it.interests.iter().filter(|interest| interest.span.contains(at.instant));
    let interests: Vec<String> = alive.map(|interest| words.interest(&interest.code)).collect();
    Facts::default()
        .row(t.get("people-birth-date"), birth.unwrap_or_default())
        .row(t.get("people-stage"), stage.unwrap_or_default())
        .row(t.get("people-hunting"), hunting)
        .row(t.get("people-interests"), interests.join("・"))
        .row(t.get("people-locale"), coded(t, "person-locale", person.locale.code()))
        .row(t.get("people-team"), words.team(person.team))
        .row(t.get("people-entered"), t.date(person.created_at.jst_date()))
        .row(t.get("people-joined"), joined.map_or_else(|| t.get("people-joined-not"), |at| t.date(at.jst_date())))
}

fn reach_lines(words: &PeopleWords, it: &PersonRecord, at: &Moment, policy: &Policy) -> Vec<ReachLine> {
    let line = |purpose: &tsunagari_storage::purpose::Labelled| {
        let answer = reach(it, &Purpose::of(purpose.code.as_str()), at, &policy.reach);
        ReachLine {
            purpose: words.purpose(&purpose.code),
            chip: reach_chip(words.t, &answer),
            words: reach_words(words.t, &answer),
        }
    };
    words.purposes.iter().map(line).collect()
}

impl CardPage {
    fn of(shell: Shell, words: &PeopleWords, it: &PersonRecord, at: &Moment, policy: &Policy, as_of: &str) -> Self {
        let t = shell.t;
        let mut notices = Vec::new();
        if let Some(kept) = it.person.merged_into {
            notices.push(
                Banner::of(Tone::Warning, t.get("people-merged"))
                    .action(card_href(kept), t.get("people-merged.action")),
            );
        }
        if it.person.address_protected {
            notices.push(Banner::of(Tone::Warning, t.get("people-protected")).text(t.get("people-protected.text")));
        }
        Self {
            set_then: None,
            crumbs: crumbs(t, None),
            name: name(t, &it.person),
            kana: it.person.kana(),
            notices,
            facts: Facts::default(),
            as_of: Field::text(t, "as_of", t.get("people-as-of")).value(as_of).hint(t.get("people-as-of.hint")),
            at: t.one("people-reach-at", "date", t.date(at.date)),
            reach: reach_lines(words, it, at, policy),
            sections: Vec::new(),
            edit: None,
            merge: None,
            uses: Link::to(format!("{}/uses", card_href(it.person.id)), t.get("people-uses")),
            erasure: Link::to(format!("{}/erasure", card_href(it.person.id)), t.get("erasure-open")),
            open: None,
            undo: Vec::new(),
            shell,
        }
    }
}

/// The names of people, for showing beside a card.
async fn named(
    reader: &mut Reader,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<(uuid::Uuid, String)>, StorageError> {
    let ids: Vec<uuid::Uuid> = ids.into_iter().map(|id| id.0).collect();
    reader.names_of_persons(&ids).await
}

/// The entry an address names as taken apart from this one, with its name; none where it names nobody.
/// Who recorded what came of it for them, and when.
async fn recorders(
    reader: &mut Reader,
    id: PersonId,
    (t, staff): (Texts, &[Staff]),
) -> Result<Vec<(OutcomeId, String)>, StorageError> {
    let named = |by: UserId| staff.iter().find(|it| it.id == by).map(|it| it.name.clone()).unwrap_or_default();
    let all = reader.outcome_recorders(id).await?;
    Ok(all
        .into_iter()
        .map(|(id, by, at)| (id, t.two("run-by", "name", named(by), "at", t.date_short(at.jst_date()))))
        .collect())
}

async fn apart(reader: &mut Reader, other: &str) -> Result<Option<(PersonId, String)>, StorageError> {
    let Ok(other) = other.parse::<PersonId>() else { return Ok(None) };
    Ok(named(reader, [other]).await?.pop().map(|(_, name)| (other, name)))
}

async fn around(
    reader: &mut Reader,
    it: &PersonRecord,
    day: NaiveDate,
) -> Result<(Around, Vec<(uuid::Uuid, String)>), StorageError> {
    let wards = reader.children_of(it.person.id).await?;
    let mut household = Vec::new();
    for member in it.households.iter().filter(|member| member.span.contains(day)) {
        household.extend(reader.household_people(member.household, day).await?);
    }
    let consenting = it.consents.iter().filter_map(|consent| match consent.given_by {
        tsunagari_people::GivenBy::Guardian(guardian) => guardian,
        tsunagari_people::GivenBy::Myself => None,
    });
    let everyone = it.guardianships.iter().map(|g| g.guardian).chain(wards.iter().map(|(id, _)| *id));
    let names = named(reader, everyone.chain(household.iter().copied()).chain(consenting)).await?;
    let name =
        |id: PersonId| names.iter().find(|(known, _)| *known == id.0).map(|(_, name)| name.clone()).unwrap_or_default();
    let around = Around {
        guardians: it.guardianships.iter().map(|g| (g.clone(), name(g.guardian))).collect(),
        wards: wards.into_iter().map(|(id, g)| (id, g, name(id))).collect(),
        household: household.into_iter().map(|id| (id, name(id))).collect(),
    };
    Ok((around, names))
}

/// A day in an address, in any form people write it; none asked means now. What is no day, or has not come, is told at its
/// field, and the card is shown as it is now.
fn day_asked(t: Texts, text: &str, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    match era::eras().read(text) {
        Ok(read) if read.day > today => Err(t.get("people-day-to-come")),
        Ok(read) => Ok(Some(read.day)),
        Err(era::DateError::Empty) => Ok(None),
        Err(_) => Err(t.get("people-bad-date")),
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let t = desk.t;
    let (day, wrong_day) = match day_asked(t, &asked.as_of, desk.house.clock.today()) {
        Ok(day) => (day, None),
        Err(said) => (None, Some(said)),
    };
    let at = day.map_or_else(|| Moment::now(&*desk.house.clock), |day| Moment::as_of(day, &*desk.house.clock));
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let policy = reader.policy_at(at.instant).await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, t).await.map_err(unreadable)?;
    // Protection is asked of the record just read: what tells where somebody is goes no further than here.
    let it = reader.person_record(id).await.map_err(unreadable)?.shown();
    let (around, names) = around(&mut reader, &it, at.date).await.map_err(unreadable)?;
    let mut changes = reader.person_changes(id, EVENTS).await.map_err(unreadable)?;
    let joins = reader.joins(id).await.map_err(unreadable)?;
    let makers = reader.makers(id, MAKERS).await.map_err(unreadable)?;
    let joined = joined(&it, &reader.person_source(id).await.map_err(unreadable)?, &joins);
    if it.person.address_protected {
        changes.retain(|change| !change_tells_whereabouts(&change.what));
    }
    let merges = reader.merges_into(id).await.map_err(unreadable)?;
    let staff = reader.staff().await.map_err(unreadable)?;
    let recorders = recorders(&mut reader, id, (t, &staff)).await.map_err(unreadable)?;
    let mail = confirm_form::mail_leaves(&mut reader).await.map_err(unreadable)?;
    let apart = apart(&mut reader, &asked.apart).await.map_err(unreadable)?;
    drop(reader);
    let living = it.person.merged_into.is_none();
    let may = May { edit: living && desk.may(Code::EditPeople), end: living && desk.may(Code::EndTies) };
    let shell = match t.find(format!("people-done-{}", asked.done)) {
        Some(news) if !asked.done.is_empty() => desk.shell_with(Tone::Success, news),
        _ => desk.shell(),
    };
    let mut card = CardPage::of(shell, &words, &it, &at, &policy, &asked.as_of);
    card.notices.extend(odd_days_told(t, &asked.odd));
    card.notices.extend(apart.map(|(other, name)| {
        let told = Banner::of(Tone::Success, t.one("people-unmerged", "name", name));
        told.action(card_href(other), t.get("people-unmerged.action"))
    }));
    card.facts = facts(&words, &it, &at, &policy, joined);
    card.as_of = card.as_of.error(wrong_day);
    card.set_then = set_then(t, &policy, &desk.org.policy());
    let mut contacts = card_parts::contacts(t, &it, &at, &policy.reach, may);
    if may.edit && mail {
        confirm_form::offer(&mut contacts, &desk, &it);
    }
    card.sections = vec![
        card_parts::ties(t, &it, may),
        card_parts::enrolments(t, &it, may),
        card_parts::occupations(t, &it, may),
        card_parts::residences(t, &it, may),
        card_parts::outcomes(t, &it, &recorders, may),
        card_parts::family(t, &it, &around, &at, may),
        contacts,
        card_parts::consents(&words, &it, &names, may),
        card_parts::changes(
            &words,
            &changes,
            card_past::made_by(t, card_past::events(&words, &it, joins.last().copied().or(joined)), &makers, &staff),
            &staff,
            SHOWN,
        ),
    ];
    let base = card_href(id);
    if may.edit {
        card.edit = Some(Link::to(format!("{base}/edit"), t.get("people-edit")));
        let form = ConfirmForm::of(&card.shell, format!("{base}/contacts"), t.get("people-contacts-open"));
        card.open = Some(form.look("outlined"));
    }
    if desk.may(Code::MergePeople) {
        card.merge = living.then(|| Link::to(format!("{base}/merge"), t.get("people-merge")));
        for merge in merges {
            let label = t.one("people-unmerge", "date", t.date_short(merge.at.jst_date()));
            let form = ConfirmForm::of(&card.shell, format!("/office/people/merges/{}/undo", merge.id), label);
            card.undo.push(form.ask(t.get("people-unmerge.ask")));
        }
    }
    Ok(page(&card))
}

#[derive(Template)]
#[template(path = "office/people/contacts.html")]
struct ContactsPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    note: Banner,
    rows: Vec<(String, String, Link)>,
    empty: String,
}

async fn open(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<EditPeople>()?;
    let addresses = open_contact_points(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let who = reader.person(id).await.map_err(unreadable)?;
    drop(reader);
    let shown = addresses.iter().map(|it| (it.contact, it.kind, it.clear.to_string())).collect();
    Ok(page(&ContactsPage::of(desk.shell(), id, &name(desk.t, &who), shown)))
}

impl ContactsPage {
    fn of(shell: Shell, id: PersonId, name: &str, addresses: Vec<(ContactPointId, ContactKind, String)>) -> Self {
        let t = shell.t;
        let row = |(point, kind, clear): (ContactPointId, ContactKind, String)| {
            // A LINE user id is of no use to a reader and stays closed.
            let said = match kind {
                ContactKind::Line => t.get("people-line-id"),
                ContactKind::Phone => national(&clear),
                ContactKind::Email | ContactKind::Postal => clear,
            };
            let change = format!("{}/contacts/{point}/change", card_href(id));
            (coded(t, "contact-kind", kind.code()), said, Link::to(change, t.get("people-contact-change")))
        };
        Self {
            crumbs: crumbs(t, Some((id, name.to_owned()))),
            title: t.get("people-contacts"),
            note: Banner::of(Tone::Info, t.get("people-contacts-opened")),
            rows: addresses.into_iter().map(row).collect(),
            empty: t.get("people-contacts.nothing"),
            shell,
        }
    }
}

impl Sample for ContactsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let point = ContactPointId(uuid::Uuid::nil());
        let some =
            vec![(point, ContactKind::Line, String::new()), (point, ContactKind::Email, "hana@example.jp".to_owned())];
        let person = PersonId(uuid::Uuid::nil());
        vec![Self::of(shell.clone(), person, "髙橋 花", some), Self::of(shell, person, "髙橋 花", Vec::new())]
    }
}

impl Sample for CardPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (words, record) = super::words::sample(shell.t);
        let at = Moment::end_of(NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default());
        let policy = Policy::default();
        let t = shell.t;
        let may = May { edit: true, end: true };
        let around = Around {
            guardians: Vec::new(),
            wards: Vec::new(),
            household: vec![(PersonId(uuid::Uuid::from_u128(2)), "髙橋 海".into())],
        };
        let change = tsunagari_storage::person_history::PersonChange {
            at: at.instant,
            what: "person".into(),
            before: Some(r#"{"family":"高橋"}"#.into()),
            after: Some(r#"{"family":"髙橋","locale":"ja"}"#.into()),
            act: None,
        };
        let mut full = Self::of(shell.clone(), &words, &record, &at, &policy, "令和7年3月31日");
        full.facts = facts(&words, &record, &at, &policy, Some(at.instant));
        full.sections = vec![
            card_parts::ties(t, &record, may),
            card_parts::enrolments(t, &record, may),
            card_parts::occupations(t, &record, may),
            card_parts::residences(t, &record, may),
            card_parts::outcomes(t, &record, &[], may),
            card_parts::family(t, &record, &around, &at, may),
            card_parts::contacts(t, &record, &at, &policy.reach, may),
            card_parts::consents(&words, &record, &[], may),
            card_parts::changes(&words, &[change], card_past::events(&words, &record, Some(at.instant)), &[], SHOWN),
        ];
        full.as_of = full.as_of.error(Some(t.get("people-day-to-come")));
        full.edit = Some(Link::to("#", t.get("people-edit")));
        full.merge = Some(Link::to("#", t.get("people-merge")));
        full.open = Some(ConfirmForm::of(&shell, "#", t.get("people-contacts-open")));
        full.undo = vec![
            ConfirmForm::of(&shell, "#", t.one("people-unmerge", "date", "2026/03/16"))
                .ask(t.get("people-unmerge.ask")),
        ];
        vec![full]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<CardPage>(office_shell), Vec::<String>::new());
        assert_eq!(faults::<ContactsPage>(office_shell), Vec::<String>::new());
    }

    #[test]
    fn a_day_that_is_none_or_has_not_come_is_told() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let today = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
        let asked = |text: &str| day_asked(t, text, today);
        assert_eq!(asked(" "), Ok(None));
        assert_eq!(asked("令和8年3月16日"), Ok(Some(today)));
        assert_eq!(asked("令和8年3月17日"), Err(t.get("people-day-to-come")));
        assert_eq!(asked("2026/13/1"), Err(t.get("people-bad-date")));
    }

    #[test]
    fn the_hint_names_days_that_have_passed() {
        for locale in tsunagari_i18n::Locale::ALL {
            let hint = Texts::of(locale).get("people-as-of.hint");
            let words = hint.split(['、', '。', ' ']).map(|word| word.trim_end_matches('.'));
            let days: Vec<_> = words.filter_map(|word| era::eras().read(word).ok()).collect();
            assert!(!days.is_empty() && days.iter().all(|it| it.day < NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()));
        }
    }
}
