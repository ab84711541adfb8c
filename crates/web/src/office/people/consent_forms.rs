//! Entering a consent signed on paper, with the version of the wording and who signed, and a withdrawal the office was told.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::record_consent::{PaperConsent, record_consent};
use tsunagari_acts::record_withdrawal::record_withdrawal;
use tsunagari_kernel::{Moment, PersonId};
use tsunagari_people::consent::OwnConsent;
use tsunagari_people::{GivenBy, Person, PersonRecord, Purpose, ReachReason, reach};
use tsunagari_storage::purpose::Wording;

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, record, telling_odd_days};
use super::words::{PeopleWords, card_href, coded, name, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Choices, Field};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    routes
        .get("/office/people/{person}/consents/add", edit, show_add)
        .post("/office/people/{person}/consents/add", edit, add)
        .get("/office/people/{person}/consents/{purpose}/withdraw", edit, show_withdraw)
        .post("/office/people/{person}/consents/{purpose}/withdraw", edit, withdraw)
}

/// What the form chooses among.
struct Choice {
    words: PeopleWords,
    wordings: Vec<Wording>,
    guardians: Vec<(PersonId, String)>,
    /// The age from which the person's own signature suffices, when they are below it or it is not known.
    minor: Option<u8>,
}

async fn choice(desk: &Desk, it: &PersonRecord) -> Result<Choice, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let mut wordings = Vec::new();
    for purpose in &words.purposes {
        let mut of_purpose = reader.wordings(&purpose.code).await.map_err(unreadable)?;
        // Versions are the same in every language; one row for each is enough to choose by.
        of_purpose.dedup_by_key(|wording| wording.version);
        wordings.extend(of_purpose);
    }
    let ids: Vec<uuid::Uuid> = it.guardianships.iter().map(|it| it.guardian.0).collect();
    let names = reader.names_of_persons(&ids).await.map_err(unreadable)?;
    let guardians = names.into_iter().map(|(id, name)| (PersonId(id), name)).collect();
    let at = Moment::now(&*desk.house.clock);
    let policy = reader.policy_at(at.instant).await.map_err(unreadable)?.reach;
    let own = policy.own_consent(it.person.birth_date, &at);
    let minor = (own == OwnConsent::NeedsGuardian).then_some(policy.guardian_age);
    Ok(Choice { words, wordings, guardians, minor })
}

fn add_form(shell: Shell, person: &Person, choice: &Choice, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let mut wording = Choices::select(t, "wording", t.get("people-consent-wording")).required();
    wording = wording.option("", t.get("people-consent-choose"));
    for it in &choice.wordings {
        let version = t.count("people-wording-version", it.version);
        let since = t.one("people-days-since", "from", t.date(it.from.jst_date()));
        let label = format!("{} {version}（{since}）", choice.words.purpose(&it.purpose));
        wording = wording.option(format!("{}/{}", it.purpose, it.version), label);
    }
    let mut signed = Choices::radio(t, "signed", t.get("people-signed")).required();
    signed = signed.option("self", coded(t, "consent-by", "self"));
    let guardian = coded(t, "consent-by", "guardian");
    for (id, name) in &choice.guardians {
        let label = t.two("people-guardian-named", "guardian", guardian.clone(), "name", name.clone());
        signed = signed.option(id.to_string(), label);
    }
    signed = signed.option_with("guardian", guardian, t.get("people-consent-guardian-unknown"));
    let on = Field::text(t, "on", t.get("people-consent-on")).value(typed.text("on")).error(wrong.at("on"));
    let parts = vec![
        Part::Choices(
            wording.chosen(typed.text("wording")).hint(t.get("people-consent-wording.hint")).error(wrong.at("wording")),
        ),
        Part::Choices(signed.chosen(typed.text("signed")).error(wrong.at("signed"))),
        Part::Field(on.hint(t.get("people-consent-on.hint"))),
    ];
    let mut page = FormPage::about(shell, person, t.get("people-consent-add"), parts);
    let notice = Banner::of(Tone::Info, t.get("people-slip-consents.hint"));
    page.notice = Some(match choice.minor {
        Some(age) => notice.text(t.one("people-consent-minor", "age", i64::from(age))),
        None => notice,
    });
    page
}

/// What a card says after a save (`done=`): where somebody's own signature does not suffice, that a guardian's is lacking.
///
/// # Errors
/// Storage's.
pub(super) async fn done(
    desk: &Desk,
    person: PersonId,
    purposes: impl IntoIterator<Item = &str>,
    done: &str,
) -> Result<String, AppError> {
    let at = Moment::now(&*desk.house.clock);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let policy = reader.policy_at(at.instant).await.map_err(unreadable)?.reach;
    let it = reader.person_record(person).await.map_err(unreadable)?;
    let lacks =
        |purpose: &str| reach(&it, &Purpose::of(purpose), &at, &policy).has_reason(ReachReason::GuardianConsentNeeded);
    Ok(if purposes.into_iter().any(lacks) { format!("{done}-guardian") } else { done.to_owned() })
}

/// The paper as typed; none where something was not chosen.
fn given(typed: &Typed) -> Result<PaperConsent, ActError> {
    let wording = typed
        .text("wording")
        .rsplit_once('/')
        .and_then(|(purpose, version)| version.parse().ok().map(|version: i64| (purpose.to_owned(), version)));
    let (purpose, version) = wording.ok_or_else(|| ActError::refused_at("wording", "choose_one"))?;
    let signed = match typed.text("signed") {
        "self" => GivenBy::Myself,
        "guardian" => GivenBy::Guardian(None),
        id => {
            let id = id.parse().map_err(|_| ActError::refused_at("signed", "choose_one"))?;
            GivenBy::Guardian(Some(id))
        }
    };
    Ok(PaperConsent { purpose, version, signed, on: typed.text("on").to_owned() })
}

async fn show_add(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let choice = choice(&desk, &it).await?;
    Ok(page(&add_form(desk.shell(), &it.person, &choice, &Typed::default(), &Wrong::default())))
}

async fn add(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let kept = match given(&typed) {
        Ok(given) => record_consent(&desk.house, &by, it.person.id, &given).await,
        Err(error) => Err(error),
    };
    let mut saved = "saved".to_owned();
    if let (Ok(_), Ok(given)) = (&kept, given(&typed)) {
        saved = done(&desk, it.person.id, [given.purpose.as_str()], "saved").await?;
    }
    let how = ended(desk.t, kept, |_| {
        telling_odd_days(&format!("{}?done={saved}#consents", card_href(it.person.id)), &typed, &["on"])
    })?;
    let choice = choice(&desk, &it).await?;
    Ok(answer(desk.t, how, |wrong| add_form(desk.shell(), &it.person, &choice, &typed, wrong)))
}

fn withdraw_form(shell: Shell, person: &Person, purpose: String) -> FormPage {
    let t = shell.t;
    let mut page = FormPage::about(shell, person, t.get("people-consent-withdraw"), Vec::new());
    let told = t.two("people-consent-withdraw-told", "name", name(t, person), "purpose", purpose);
    page.notice = Some(Banner::of(Tone::Warning, told).text(t.get("people-consent-withdraw.text")));
    page.button = t.get("people-consent-withdraw");
    page
}

async fn withdraw_page(desk: &Desk, it: &PersonRecord, purpose: &str) -> Result<FormPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    drop(reader);
    if !it.consents.iter().any(|consent| consent.purpose.code() == purpose) {
        return Err(AppError::NotFound);
    }
    Ok(withdraw_form(desk.shell(), &it.person, words.purpose(purpose)))
}

async fn show_withdraw(
    Extension(desk): Extension<Desk>,
    Path((person, purpose)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    Ok(page(&withdraw_page(&desk, &it, &purpose).await?))
}

async fn withdraw(
    Extension(desk): Extension<Desk>,
    Path((person, purpose)): Path<(String, String)>,
    Posted(_): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let kept = record_withdrawal(&desk.house, &by, it.person.id, &purpose).await;
    let how = ended(desk.t, kept, |()| saved_href(it.person.id, "consents"))?;
    let form = withdraw_page(&desk, &it, &purpose).await?;
    Ok(answer(desk.t, how, |_| form))
}

/// Invented faces for the forms' test.
pub(super) fn samples(shell: &Shell, words: &PeopleWords, record: &PersonRecord) -> Vec<FormPage> {
    let wording = Wording {
        purpose: "news".into(),
        version: 2,
        locale: "ja".into(),
        text: String::new(),
        sender: String::new(),
        from: record.person.created_at,
    };
    let guardians = vec![(PersonId(uuid::Uuid::from_u128(2)), "髙橋 海".to_owned())];
    let choice = Choice { words: words.clone(), wordings: vec![wording], guardians, minor: Some(18) };
    vec![
        add_form(shell.clone(), &record.person, &choice, &Typed::default(), &Wrong::default()),
        withdraw_form(shell.clone(), &record.person, words.purpose("news")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(wording: &str, signed: &str) -> Typed {
        Typed::default().with("wording", wording).with("signed", signed)
    }

    #[test]
    fn what_was_not_chosen_is_told_at_its_question() {
        let field = |typed: Typed| match given(&typed) {
            Err(ActError::Refused(reasons)) => reasons.first().and_then(|reason| reason.field),
            Ok(_) | Err(_) => None,
        };
        assert_eq!(field(typed("", "self")), Some("wording"));
        assert_eq!(field(typed("news/x", "self")), Some("wording"));
        assert_eq!(field(typed("news/2", "")), Some("signed"));
        let whole = given(&typed("news/2", "self"));
        assert!(matches!(whole, Ok(PaperConsent { version: 2, signed: GivenBy::Myself, .. })));
    }
}
