//! A link by e-mail: it proves the address, once and for half an hour, for joining, signing in or adding the address.
//! The letter leaves by a job, so that asking answers at once and alike for known and unknown addresses. A link that was
//! asked for by somebody signed in, or from a draft, gives whoever opens it elsewhere nothing of theirs: an address may
//! be typed wrongly, or be somebody else's on purpose. Leaves writing and sending the letter to `jobs::send_letter`.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_access::resident::SignInWay;
use tsunagari_access::session::{token_hash, token_text};
use tsunagari_access::{Act, Machine, Resident};
use tsunagari_i18n::Locale;
use tsunagari_kernel::{ContactPointId, LinkId, OrgId, PersonId, contact};
use tsunagari_people::ContactKind;
use tsunagari_storage::Tx;
use tsunagari_storage::session::OneTimeLink;

use crate::add_contact_point::add_email;
use crate::begin_join::{self, JoinDraft, hex};
use crate::confirm_address::{self, Asks};
use crate::jobs::send_letter::{Letter, LetterKind, enqueue};
use crate::line_friendship::Works;
use crate::sign_in_resident::{Entered, enter};
use crate::{ActError, House, Reason};

/// How long a link works (real time).
pub const LIFE: TimeDelta = TimeDelta::minutes(30);
/// Letters to one address within the life of a link.
const MOST_LETTERS: i64 = 5;
pub(crate) const PURPOSE: &str = "verify_email";
pub(crate) const CONTEXT: &[u8] = b"verify_email";

/// What the link is for; sealed in its row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) email: String,
    pub(crate) goal: Goal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    Join(LinkId),
    SignIn,
    Add(PersonId),
    /// The office asks whether this contact point is its owner's.
    Confirm {
        contact: ContactPointId,
        /// Whether the person's address was protected already when the office asked.
        protected: bool,
    },
}

fn normal(email: &str) -> Result<String, ActError> {
    contact::email(email).map_err(|error| ActError::refused_at("email", error.code()))
}

/// A letter can leave now: what cannot be sent is not promised.
pub(crate) async fn mail_works(house: &House, org: OrgId) -> Result<(), ActError> {
    let mail = house.org(org).read_by_key().await?.mail_channel().await?;
    if mail.is_some_and(|it| it.works()) { Ok(()) } else { Err(ActError::refused_at("email", "mail_not_working")) }
}

/// Mails a link that goes on with a draft.
///
/// # Errors
/// `not_email`, `address_empty`, `mail_not_working`, `too_many_mails`; storage's.
pub async fn ask_for_join(
    house: &House,
    org: OrgId,
    draft: LinkId,
    email: &str,
    locale: Locale,
) -> Result<(), ActError> {
    let email = normal(email)?;
    mail_works(house, org).await?;
    count_letter(house, org, &email).await?;
    mail(house, org, Payload { email, goal: Goal::Join(draft) }, LetterKind::Verify, locale).await
}

/// Mails a link that signs in; an unknown address gets nothing, and nobody is told.
///
/// # Errors
/// `not_email`, `address_empty`, `mail_not_working`, `too_many_mails`; storage's.
pub async fn ask_for_sign_in(house: &House, org: OrgId, email: &str, locale: Locale) -> Result<(), ActError> {
    let email = normal(email)?;
    // Before anybody is looked for: known and unknown addresses are answered alike.
    mail_works(house, org).await?;
    count_letter(house, org, &email).await?;
    let found = house.org(org).read_by_key().await?.person_by_contact(ContactKind::Email, &email, None).await?;
    if found.is_none() {
        return Ok(());
    }
    mail(house, org, Payload { email, goal: Goal::SignIn }, LetterKind::SignIn, locale).await
}

/// Mails a link that adds the address to who is signed in.
///
/// # Errors
/// `not_email`, `address_empty`, `mail_not_working`, `too_many_mails`; storage's.
pub async fn ask_to_add(house: &House, by: &Resident, email: &str, locale: Locale) -> Result<(), ActError> {
    let email = normal(email)?;
    mail_works(house, by.org()).await?;
    count_letter(house, by.org(), &email).await?;
    mail(house, by.org(), Payload { email, goal: Goal::Add(by.person()) }, LetterKind::Verify, locale).await
}

/// Counts a letter that is asked for, whether or not one will leave.
pub(crate) async fn count_letter(house: &House, org: OrgId, email: &str) -> Result<(), ActError> {
    let now = house.real_clock.now();
    let what = format!("mail:{}", hex(&Sha256::digest(format!("{}|{email}", org.0))[..12]));
    if house.org(org).count_step(&what, now.minus(LIFE), now).await? > MOST_LETTERS {
        return Err(ActError::Refused(vec![Reason::at("email", "too_many_mails").with("minutes", LIFE.num_minutes())]));
    }
    Ok(())
}

async fn mail(house: &House, org: OrgId, payload: Payload, kind: LetterKind, locale: Locale) -> Result<(), ActError> {
    let now = house.real_clock.now();
    let here = house.org(org);
    let code = here.read_by_key().await?.organisation().await?.code;
    let mut tx = here.write_by_key().await?;
    let token = keep_link(house, &mut tx, PURPOSE, CONTEXT, &payload, LIFE).await?;
    // Mail apps open a browser of their own, which knows of no language chosen before.
    let link = format!("{}/p/{code}/mail/{token}?lang={}", house.origin, locale.code());
    enqueue(house, &mut tx, &Letter { to: payload.email, kind, locale: locale.code().to_owned(), link }, now).await?;
    let act = Act::named("mail_link", Machine::working(org, "portal").actor(), house.operation());
    Ok(tx.commit(&act).await?)
}

/// Keeps a one-time link with a sealed payload and gives its token.
pub(crate) async fn keep_link<P: Serialize + Sync>(
    house: &House,
    tx: &mut Tx,
    purpose: &str,
    context: &[u8],
    payload: &P,
    life: TimeDelta,
) -> Result<String, ActError> {
    let now = house.real_clock.now();
    let token = token_text(&house.chance.bytes());
    let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
    let json = serde_json::to_string(payload).map_err(|error| ActError::Broken(error.to_string()))?;
    let link = OneTimeLink {
        id: LinkId::born(&house.chance, now),
        purpose: purpose.into(),
        user: None,
        person: None,
        payload: tx.seal_text(context, &json).await?,
        expires_at: now.plus(life),
    };
    tx.keep_link(&hash, &link, now).await?;
    Ok(token)
}

/// Who opens a link, as far as their browser tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opener {
    /// Who is signed in there.
    pub person: Option<PersonId>,
    /// The draft that goes on there.
    pub draft: Option<LinkId>,
}

/// What a mailed link would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Goes on joining.
    Joining,
    /// Opens one's page.
    MyPage,
    /// Adds the address to one's page.
    Address,
    /// The same, but whose page it is is not signed in there: nothing, until they are.
    AddressElsewhere,
    /// Confirms an address the office was given, once this is answered.
    Confirming(Asks),
}

/// The address a mailed link would prove and what it would do, without using it: mail scanners open links too.
///
/// # Errors
/// `link_spent`; storage's.
pub async fn look(house: &House, org: OrgId, token: &str, opener: Opener) -> Result<(String, Opens), ActError> {
    let spent = || ActError::refused("link_spent");
    let hash = token_hash(token).ok_or_else(spent)?;
    let mut reader = house.org(org).read_by_key().await?;
    let link = reader.look_at_link(&hash, PURPOSE, house.real_clock.now()).await?.ok_or_else(spent)?;
    let payload = read_payload(&reader.open_text(CONTEXT, &link.payload).await?)?;
    let opens = match payload.goal {
        Goal::Join(_) => Opens::Joining,
        Goal::SignIn => Opens::MyPage,
        Goal::Add(person) if opener.person == Some(person) => Opens::Address,
        Goal::Add(_) => Opens::AddressElsewhere,
        Goal::Confirm { .. } => Opens::Confirming(confirm_address::asked(&mut reader, &payload, house.now()).await?),
    };
    Ok((payload.email, opens))
}

pub(crate) fn read_payload(json: &str) -> Result<Payload, ActError> {
    serde_json::from_str(json).map_err(|error| ActError::Broken(error.to_string()))
}

/// Uses a mailed link; one the office sent is used by `confirm_address`.
///
/// # Errors
/// `link_spent`; `link_of_another` where an address is to be added to somebody's page who is not signed in: the link stays
/// good; storage's.
pub async fn confirm(house: &House, org: OrgId, token: &str, opener: Opener) -> Result<Entered, ActError> {
    let hash = token_hash(token).ok_or_else(|| ActError::refused("link_spent"))?;
    let mut tx = house.org(org).write_by_key().await?;
    let Some(link) = tx.use_link(&hash, PURPOSE, house.real_clock.now()).await? else {
        tx.undo().await?;
        return Err(ActError::refused("link_spent"));
    };
    let payload = read_payload(&tx.open_text(CONTEXT, &link.payload).await?)?;
    if matches!(payload.goal, Goal::Confirm { .. }) {
        tx.undo().await?;
        return Err(ActError::refused("link_spent"));
    }
    if matches!(payload.goal, Goal::Add(person) if opener.person != Some(person)) {
        tx.undo().await?;
        return Err(ActError::refused("link_of_another"));
    }
    tx.commit(&Act::named("use_mail_link", Machine::working(org, "portal").actor(), house.operation())).await?;
    match payload.goal {
        Goal::Add(person) => {
            let added = add_email(house, org, person, &payload.email).await?;
            Ok(Entered::Added(added.token, added.contact))
        }
        Goal::SignIn => Ok(sign_in(house, org, &payload.email).await?.map_or(Entered::Unknown, Entered::SignedIn)),
        Goal::Join(draft) => {
            if let Some(token) = sign_in(house, org, &payload.email).await? {
                return Ok(Entered::SignedIn(token));
            }
            go_on(house, org, draft, payload.email, opener).await
        }
        Goal::Confirm { .. } => Err(ActError::refused("link_spent")),
    }
}

async fn sign_in(house: &House, org: OrgId, email: &str) -> Result<Option<String>, ActError> {
    let found = house.org(org).read_by_key().await?.person_by_contact(ContactKind::Email, email, None).await?;
    match found {
        Some(found) if found.verified_at.is_some() => enter(house, org, found, SignInWay::EmailLink, Works::Yes).await,
        // Only the school's list has this address: its owner has not joined, and answers the questions first.
        Some(_) | None => Ok(None),
    }
}

/// Goes on with a draft where the link was opened. Where that is another browser, the answers move there: whoever asked
/// for the letter may be somebody else, who must neither read what is answered from now on nor stay a way to reach them.
async fn go_on(house: &House, org: OrgId, id: LinkId, email: String, opener: Opener) -> Result<Entered, ActError> {
    let row = house.org(org).read_by_key().await?.join_draft_by_id(id, house.real_clock.now()).await?;
    let mut draft = row.as_ref().and_then(|row| serde_json::from_str::<JoinDraft>(&row.json).ok()).unwrap_or_default();
    draft.email = Some(email);
    draft.mailed_to = String::new();
    draft.returning = false;
    if row.is_some() && opener.draft == Some(id) {
        begin_join::keep(house, org, id, &draft).await?;
        return Ok(Entered::GoOn(begin_join::open_again(house, org, id, &draft).await?));
    }
    let moved = JoinDraft { line: None, login: None, adding: None, ..draft };
    let begun = begin_join::open(house, org, &moved).await?;
    house.org(org).drop_join_draft(id).await?;
    Ok(Entered::GoOn(begun))
}
