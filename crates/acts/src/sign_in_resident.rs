//! A resident signs in, or proves the LINE user they will join with: the link to LINE Login with state, nonce and PKCE,
//! and what comes back. The ID token is verified by LINE itself. Leaves the mailed link to `verify_email`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tsunagari_access::resident::SignInWay;
use tsunagari_access::{Act, Actor};
use tsunagari_channels::Secret;
use tsunagari_channels::line::LineApi;
use tsunagari_channels::line::login::{Authorize, BotPrompt, CodeVerifier};
use tsunagari_kernel::{ContactPointId, LinkId, Moment, OrgId, PersonId, ProviderId};
use tsunagari_people::{ContactKind, PersonRecord};
use tsunagari_storage::Reader;
use tsunagari_storage::contact::Found;
use tsunagari_storage::line_channel::LineChannel;

use crate::begin_join::{self, Begun, GivenAccess, JoinDraft, LineLogin, LineProof};
use crate::line_friendship::{self, Works};
use crate::line_gateway::line_reason;
use crate::{ActError, House};

/// Where proving who they are has led somebody.
pub enum Entered {
    /// A person already known: the session's token.
    SignedIn(String),
    /// Who was signed in has proven an e-mail address: the session's token, and which contact point it is.
    Added(String, ContactPointId),
    /// Nobody known: go on joining.
    Newcomer,
    /// Nobody known who wanted to sign in.
    Unknown,
    /// Go on joining on this device with this draft.
    GoOn(Begun),
}

/// The organisation's LINE Login channel, opened.
pub(crate) struct LoginDoor {
    pub(crate) api: LineApi,
    pub(crate) channel: LineChannel,
    pub(crate) secret: Secret,
}

/// Opens the login channel.
///
/// # Errors
/// `line_login_missing` when there is none.
pub(crate) async fn login_door(house: &House, mut reader: Reader) -> Result<LoginDoor, ActError> {
    let channel = reader.login_line_channel().await?.ok_or_else(|| ActError::refused("line_login_missing"))?;
    let secret = Secret::of(reader.line_secret(channel.id).await?);
    let api = house.line.api(&channel).map_err(|error| ActError::Broken(error.to_string()))?;
    Ok(LoginDoor { api, channel, secret })
}

/// A draft for who is signed in and wants to add LINE.
///
/// # Errors
/// Storage's.
pub async fn begin_adding(house: &House, by: &tsunagari_access::Resident) -> Result<(Begun, JoinDraft), ActError> {
    let draft = JoinDraft { adding: Some(by.person()), ..JoinDraft::default() };
    Ok((begin_join::open(house, by.org(), &draft).await?, draft))
}

/// A draft for somebody who wants to sign in.
///
/// # Errors
/// Storage's.
pub async fn begin_sign_in(house: &House, org: OrgId) -> Result<(Begun, JoinDraft), ActError> {
    let draft = JoinDraft { returning: true, ..JoinDraft::default() };
    Ok((begin_join::open(house, org, &draft).await?, draft))
}

fn redirect_of(house: &House) -> Result<url::Url, ActError> {
    url::Url::parse(&format!("{}/line/callback", house.origin)).map_err(|error| ActError::Broken(error.to_string()))
}

/// The address of LINE Login for a draft, which remembers what must come back; asked in a look that is open.
///
/// # Errors
/// `line_login_missing`; storage's.
pub async fn leave_for_line(
    house: &House,
    org: OrgId,
    id: LinkId,
    (draft, look): (&mut JoinDraft, Reader),
    ui_locale: &str,
) -> Result<String, ActError> {
    let door = login_door(house, look).await?;
    let random = || URL_SAFE_NO_PAD.encode(house.chance.bytes::<24>());
    let verifier = CodeVerifier::of(house.chance.bytes());
    let login = LineLogin { state: random(), nonce: random(), verifier: verifier.reveal().to_owned() };
    let url = door.api.authorize_url(&Authorize {
        channel_id: &door.channel.number,
        redirect_uri: &redirect_of(house)?,
        state: &login.state,
        nonce: &login.nonce,
        verifier: &verifier,
        bot_prompt: BotPrompt::Normal,
        ui_locales: Some(ui_locale),
    });
    draft.login = Some(login);
    begin_join::keep(house, org, id, draft).await?;
    Ok(url.into())
}

/// What LINE Login sends back.
#[derive(Debug, Clone, Copy)]
pub struct Back<'b> {
    /// To be exchanged for tokens, once.
    pub code: &'b str,
    /// What the draft sent along.
    pub state: &'b str,
}

/// Comes back from LINE Login with a code; what LINE is asked with is read in a look that is open.
///
/// # Errors
/// `line_login_stale` when the state is not this draft's, or it was to be added to the page of somebody who is not signed
/// in (`here`) any more; `line_login_failed` when LINE refuses; storage's.
pub async fn return_from_line(
    house: &House,
    org: OrgId,
    id: LinkId,
    (draft, look): (&mut JoinDraft, Reader),
    back: Back<'_>,
    here: Option<PersonId>,
) -> Result<Entered, ActError> {
    if draft.adding.is_some() && draft.adding != here {
        drop(look);
        house.org(org).drop_join_draft(id).await?;
        return Err(ActError::refused("line_login_stale"));
    }
    let login = draft
        .login
        .take()
        .filter(|login| login.state == back.state)
        .ok_or_else(|| ActError::refused("line_login_stale"))?;
    let proof = prove(house, look, back.code, &login).await?;
    if let Some(person) = draft.adding {
        let token = crate::add_contact_point::add_line(house, org, person, &proof).await?;
        crate::line_access::keep(house, org, &proof).await;
        house.org(org).drop_join_draft(id).await?;
        return Ok(Entered::SignedIn(token));
    }
    let works = Works::of(proof.friend);
    let entered = enter_by_line(house, org, proof.provider, &proof.user_id, works).await?;
    if entered.is_some() {
        crate::line_access::keep(house, org, &proof).await;
    }
    draft.line = Some(proof);
    if let Some(token) = entered {
        // Nobody joins here: what was typed is not for whoever uses this device next.
        house.org(org).drop_join_draft(id).await?;
        return Ok(Entered::SignedIn(token));
    }
    let unknown = draft.returning;
    draft.returning = false;
    begin_join::keep(house, org, id, draft).await?;
    Ok(if unknown { Entered::Unknown } else { Entered::Newcomer })
}

async fn prove(house: &House, look: Reader, code: &str, login: &LineLogin) -> Result<LineProof, ActError> {
    let door = login_door(house, look).await?;
    let failed = |error: tsunagari_channels::line::LineError| {
        tracing::info!(call = error.call, reason = line_reason(&error.fault), "LINE Login failed");
        ActError::refused("line_login_failed")
    };
    let verifier = CodeVerifier::stored(login.verifier.as_str());
    let tokens = door
        .api
        .exchange_code(&door.channel.number, &door.secret, &redirect_of(house)?, code, &verifier)
        .await
        .map_err(failed)?
        .value;
    let id_token = tokens.id_token.ok_or_else(|| ActError::refused("line_login_failed"))?;
    let claims =
        door.api.verify_id_token(&door.channel.number, &id_token, Some(&login.nonce)).await.map_err(failed)?.value;
    // Whether they are friends can be asked again; joining must not fail for it.
    let asked_at = house.real_clock.now();
    let friend = line_friendship::ask(&door.api, &tokens.access_token).await;
    let access = Some(GivenAccess::of(door.channel.id, &tokens.access_token));
    Ok(LineProof { provider: door.channel.provider, user_id: claims.sub, friend, asked_at, access })
}

/// Signs a known LINE user in; nothing for an unknown one or one whose ties have all ended.
///
/// # Errors
/// Storage's.
pub(crate) async fn enter_by_line(
    house: &House,
    org: OrgId,
    provider: ProviderId,
    user_id: &str,
    works: Works,
) -> Result<Option<String>, ActError> {
    let found =
        house.org(org).read_by_key().await?.person_by_contact(ContactKind::Line, user_id, Some(provider)).await?;
    let Some(found) = found else { return Ok(None) };
    enter(house, org, found, SignInWay::LineLogin, works).await
}

/// Signs in who has proven an address: it is confirmed, and known to work or not.
pub(crate) async fn enter(
    house: &House,
    org: OrgId,
    found: Found,
    way: SignInWay,
    works: Works,
) -> Result<Option<String>, ActError> {
    enter_if(house, org, found, (way, works), |_| true).await
}

/// The same, if it holds of them as they stand when they are let in.
pub(crate) async fn enter_if(
    house: &House,
    org: OrgId,
    found: Found,
    (way, works): (SignInWay, Works),
    holds: impl Fn(&PersonRecord) -> bool,
) -> Result<Option<String>, ActError> {
    let at = Moment::now(&*house.clock);
    let mut tx = house.org(org).write_by_key().await?;
    tx.lock_persons(&[found.person]).await?;
    let record = tx.person_record(found.person).await?;
    let kept = record.contact_points.iter().any(|it| it.id == found.contact && it.kept.until.is_none());
    if !kept || !holds(&record) || !record.ties.iter().any(|tie| tie.span.contains(at.date)) {
        tx.undo().await?;
        return Ok(None);
    }
    tx.verify_contact(found.person, found.contact, at.instant).await?;
    tx.confirm_contact(found.person, found.contact, at.instant, "sign_in").await?;
    line_friendship::settle(&mut tx, &record, found.contact, works, &at).await?;
    let token = crate::join::open_session(house, &mut tx, found.person, way).await?;
    tx.commit(&signed_in(house, found.person)).await?;
    Ok(Some(token))
}

fn signed_in(house: &House, person: PersonId) -> Act {
    Act::named("sign_in_resident", Actor::Resident(person), house.operation()).on("person", person)
}

/// Signs a resident out.
///
/// # Errors
/// Storage's.
pub async fn sign_out(house: &House, by: &tsunagari_access::Resident, hash: &[u8; 32]) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write_by_key().await?;
    tx.end_session(hash, house.real_clock.now()).await?;
    Ok(tx.commit(&Act::named("sign_out_resident", by.actor(), house.operation()).on("person", by.person())).await?)
}
