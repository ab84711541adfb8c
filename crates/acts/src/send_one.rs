//! One message to one person: a notice with a link, over LINE where the account that sends reaches them, otherwise by mail. Nothing
//! personal stands in it. Whether they are reached is asked of what is known now. Leaves what is said to its caller, letters to
//! `send_letter`, and messages to many to campaigns.

use chrono::TimeDelta;
use tsunagari_channels::line::message::Message;
use tsunagari_channels::line::{Fault, FrozenBody, Notification, PushBody, RetryKey};
use tsunagari_i18n::{Locale, Texts};
use tsunagari_kernel::{ContactPointId, Moment, OrgId, ProviderId};
use tsunagari_people::{ContactKind, ContactPoint, PersonRecord, PointState, ReachPolicy};
use uuid::Uuid;

use crate::jobs::send_letter::{Letter, LetterKind};
use crate::join::policy_of;
use crate::line_gateway::{OpenLine, line_reason};
use crate::send_campaign::quiet_hours;
use crate::{ActError, House};

/// Who is written to at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    /// Those with a tie.
    Tied,
    /// Whoever asked something of the office.
    Anybody,
}

/// A message.
pub(crate) struct OneMessage<'m> {
    /// The text on LINE: of `town` and `link`.
    pub words: &'m str,
    /// The letter.
    pub letter: LetterKind,
    /// Where it leads.
    pub link: String,
    /// What LINE knows it by, whenever it is tried again.
    pub key: Uuid,
    /// To whom.
    pub whom: Whom,
}

/// How it went out.
pub(crate) enum WentOut {
    /// LINE has it.
    Line,
    /// A letter to be put in the queue, with the record of it.
    Mail(Letter),
    /// No message reaches them.
    Nowhere,
}

/// By which of their contact points somebody can be told now: LINE of the account that sends, then a proven address.
/// Closed on doubt: nobody with a protected address gets a message.
pub(crate) fn way(
    record: &PersonRecord,
    policy: &ReachPolicy,
    at: &Moment,
    line: Option<ProviderId>,
    whom: Whom,
) -> Option<(ContactKind, ContactPointId)> {
    let tied = record.ties.iter().any(|tie| tie.span.contains(at.date));
    if record.person.address_protected || whom == Whom::Tied && !tied {
        return None;
    }
    let works = |point: &&ContactPoint| {
        let sends = point.kind != ContactKind::Line || line.is_some() && point.provider == line;
        sends && matches!(point.state(at.instant, policy.stale_after()), PointState::Fresh | PointState::Stale)
    };
    let of = |kind: ContactKind| record.contact_points.iter().filter(works).find(|point| point.kind == kind);
    of(ContactKind::Line).or_else(|| of(ContactKind::Email)).map(|point| (point.kind, point.id))
}

/// Sends it, or makes the letter.
///
/// # Errors
/// Refused by LINE for good; another fault of the channel, to be tried again; storage's.
pub(crate) async fn send_one(
    house: &House,
    org: OrgId,
    record: &PersonRecord,
    message: OneMessage<'_>,
) -> Result<WentOut, ActError> {
    let at = Moment::now(&*house.clock);
    let here = house.org(org);
    let person = record.person.id;
    let keys = here.person_keys(&[person]).await?;
    let mut reader = here.read().await?;
    let organisation = reader.organisation().await?;
    let addresses = reader.addresses_of(&keys, person).await?;
    let line = reader.sending_line_channel().await?;
    drop(reader);
    let provider = line.as_ref().map(|channel| channel.provider);
    let Some((kind, point)) = way(record, &policy_of(&organisation), &at, provider, message.whom) else {
        return Ok(WentOut::Nowhere);
    };
    let Some(address) = addresses.iter().find(|address| address.contact == point) else { return Ok(WentOut::Nowhere) };
    let locale = Locale::parse(record.person.locale.code()).unwrap_or_default();
    match (kind, line) {
        (ContactKind::Line, Some(line)) => {
            let town = organisation.name.as_str();
            let text = Texts::of(locale).two(message.words, "town", town, "link", message.link);
            let open = house.line.open(&here, line.id).await?;
            let body = PushBody {
                to: address.clear.to_string(),
                messages: vec![Message::text(text)],
                notification: Notification::Aloud,
                aggregation_unit: None,
            };
            let frozen = body.freeze().map_err(|error| ActError::Broken(format!("{error:?}")))?;
            push(&open, &frozen, message.key).await?;
            Ok(WentOut::Line)
        }
        (ContactKind::Line, None) => Ok(WentOut::Nowhere),
        (ContactKind::Email | ContactKind::Phone | ContactKind::Postal, _) => {
            let to = address.clear.to_string();
            let locale = locale.code().to_owned();
            Ok(WentOut::Mail(Letter { to, kind: message.letter, locale, link: message.link }))
        }
    }
}

async fn push(open: &OpenLine, frozen: &FrozenBody, key: Uuid) -> Result<(), ActError> {
    match open.api.push(&open.token, frozen, RetryKey(key)).await.map_err(|error| error.fault) {
        Ok(_) | Err(Fault::AlreadyAccepted { .. }) => Ok(()),
        Err(fault @ (Fault::Rejected { .. } | Fault::MonthlyLimit)) => Err(ActError::refused(line_reason(&fault))),
        Err(fault) => Err(ActError::Broken(line_reason(&fault).into())),
    }
}

/// How long no message may be sent from now on.
pub(crate) async fn quiet_for(house: &House, org: OrgId) -> Result<TimeDelta, ActError> {
    let organisation = house.org(org).read().await?.organisation().await?;
    let now = house.now();
    Ok(quiet_hours(&organisation).map_or_else(TimeDelta::zero, |quiet| quiet.next_allowed(now).since(now)))
}
