//! The machine claims a batch of a message's deliveries: inside one transaction, with the consents locked, every person is
//! judged again (consent, guardian, tie, protected address, contact point, frequency), and what may leave is frozen into
//! requests with their keys. After the commit the requests are made by `make_request`, outside any transaction.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_access::{Act, Machine};
use tsunagari_channels::line::{MulticastBody, Notification, PushBody};
use tsunagari_kernel::{CampaignId, ChannelId, ContactPointId, DispatchId, PersonId, Timestamp};
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_outreach::dispatch::LEASE;
use tsunagari_outreach::message::Language;
use tsunagari_outreach::pace::FrequencyCap;
use tsunagari_outreach::{Channel, SkipReason, Way};
use tsunagari_storage::Tx;
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::delivery::Waiting;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::dispatch::OpenDispatch;
use tsunagari_storage::recipient::Judgement;
use uuid::Uuid;

use crate::judge_audience::terms_of;
use crate::render_message::{ReaderFields, Rendering, fill_in, language_of, line_messages, mail_text};
use crate::send_campaign::{Guard, Sender};
use crate::signed_token::unsubscribe_token;
use crate::{ActError, House};

/// A request that may be made now.
#[derive(Clone, PartialEq, Eq)]
pub struct Ready {
    /// Which.
    pub id: DispatchId,
    /// How it is formed.
    pub way: Way,
    /// The key sent with it.
    pub retry_key: Uuid,
    /// The frozen body.
    pub body: Vec<u8>,
    /// This attempt, from 1.
    pub attempt: u32,
    /// When the first attempt left.
    pub first_attempt_at: Timestamp,
    /// Until then nobody else makes it.
    pub lease_until: Timestamp,
}

/// A mail as frozen with its request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenMail {
    /// The part of the Message-ID before the @.
    pub id: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The one-click address.
    pub unsubscribe: String,
    /// The token of the return path.
    pub verp: String,
    /// The `Date` header.
    pub date: Timestamp,
}

/// A claimed batch.
pub struct Batch {
    /// The requests to make.
    pub ready: Vec<Ready>,
    /// How many deliveries were looked at; none: nothing waits.
    pub looked_at: usize,
}

/// How many deliveries one claim takes.
const fn most(way: Way) -> i64 {
    match way {
        Way::Multicast => 500,
        Way::Push => 128,
        Way::Mail => 16,
    }
}

struct Addressed {
    waiting: Waiting,
    address: String,
    fields: ReaderFields,
    unsubscribe: String,
}

/// Claims a batch of one channel's deliveries.
///
/// # Errors
/// `message_faulty` when LINE's limits refuse the frozen content; storage's.
pub async fn send_batch(
    sender: &Sender,
    by: &Machine,
    kept: &KeptCampaign,
    rendering: &Rendering,
    line: Option<ChannelId>,
    channel: Channel,
) -> Result<Batch, ActError> {
    let house = &sender.house;
    let way = Way::of(channel, kept.message.line_content());
    let candidates = addressed(house, by, kept, rendering, channel, most(way)).await?;
    if candidates.is_empty() {
        return Ok(Batch { ready: Vec::new(), looked_at: 0 });
    }
    let looked_at = candidates.len();
    let mut tx = house.org(by.org()).write().await?;
    // Held until the claim is committed: a channel that stops in between would leave its readers out as unreachable.
    let state = tx.campaign_for_move(kept.campaign.id).await?.campaign.state;
    if !matches!(state, CampaignState::Sending { .. }) {
        tx.undo().await?;
        return Ok(Batch { ready: Vec::new(), looked_at: 0 });
    }
    let organisation = tx.organisation().await?;
    let chosen = choose(sender, &mut tx, kept, &organisation, channel, candidates).await?;
    let now = house.real_clock.now();
    let lease_until = now.plus(LEASE);
    let open = freeze(house, kept, rendering, line, way, &chosen)?;
    tx.open_dispatches(&open, now, lease_until).await?;
    let act = Act::named("send_batch", by.actor(), house.operation())
        .on("campaign", kept.campaign.id)
        .counting("claimed", i64::try_from(chosen.len()).unwrap_or(0))
        .counting("requests", i64::try_from(open.len()).unwrap_or(0));
    tx.commit(&act).await?;
    let ready = open
        .into_iter()
        .map(|it| Ready {
            id: it.id,
            way: it.way,
            retry_key: it.retry_key,
            body: it.body,
            attempt: 1,
            first_attempt_at: now,
            lease_until,
        })
        .collect();
    Ok(Batch { ready, looked_at })
}

/// What waits, with addresses opened: before the transaction, because person keys lie in a file of their own.
async fn addressed(
    house: &House,
    by: &Machine,
    kept: &KeptCampaign,
    rendering: &Rendering,
    channel: Channel,
    most: i64,
) -> Result<Vec<Addressed>, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let waiting = reader.waiting(kept.campaign.id, channel, most, house.real_clock.now()).await?;
    let persons: Vec<PersonId> = waiting.iter().map(|it| it.person).collect();
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let keys = here.person_keys(&persons).await?;
    let pairs: Vec<(PersonId, ContactPointId)> = waiting.iter().map(|it| (it.person, it.contact)).collect();
    let mut clear: HashMap<PersonId, String> =
        reader.addresses(&keys, &pairs).await?.into_iter().map(|it| (it.person, it.clear.to_string())).collect();
    drop(reader);
    let mut found = Vec::with_capacity(waiting.len());
    for waiting in waiting {
        let unsubscribe = match channel {
            Channel::Email => {
                let token = unsubscribe_token(house, by.org(), kept.campaign.id, waiting.person).await?;
                format!("{}/u/{token}", rendering.origin)
            }
            Channel::Line => String::new(),
        };
        let fields = ReaderFields {
            name: waiting.name.clone(),
            school: waiting.school.clone().unwrap_or_default(),
            my_page: rendering.my_page.clone(),
        };
        let address = clear.remove(&waiting.person).unwrap_or_default();
        found.push(Addressed { waiting, address, fields, unsubscribe });
    }
    Ok(found)
}

/// Judges the candidates inside the claim: who stays is answered, the others are skipped or sent another way.
async fn choose(
    sender: &Sender,
    tx: &mut Tx,
    kept: &KeptCampaign,
    organisation: &Organisation,
    channel: Channel,
    candidates: Vec<Addressed>,
) -> Result<Vec<Addressed>, ActError> {
    let id = kept.campaign.id;
    let persons: Vec<PersonId> = candidates.iter().map(|it| it.waiting.person).collect();
    let taken = tx.take_waiting(id, &kept.purpose, &persons).await?;
    // Now that their consents are locked: a moment from before may be older than a withdrawal that was committed while this
    // waited for the lock, and would take it for one of the future.
    let now = sender.house.now();
    let terms = terms_of(tx, kept, now).await?;
    let judged: HashMap<PersonId, Judgement> = tx.judge(&terms, &taken).await?.into_iter().collect();
    let cap = FrequencyCap {
        most: u32::try_from(organisation.cap_messages).unwrap_or(0),
        days: u32::try_from(organisation.cap_days).unwrap_or(0),
    };
    let had = if cap.most == 0 {
        HashMap::new()
    } else {
        tx.sent_since(&kept.purpose, &taken, cap.window_start(now)).await?
    };
    let mut chosen = Vec::with_capacity(taken.len());
    let mut left: BTreeMap<SkipReason, Vec<PersonId>> = BTreeMap::new();
    for candidate in candidates {
        let person = candidate.waiting.person;
        let judgement = match sender.guard {
            Guard::On => judged.get(&person).copied(),
            #[cfg(any(test, feature = "testing"))]
            Guard::Off => Some(Judgement::Send(channel, candidate.waiting.contact)),
        };
        match judgement {
            None if taken.contains(&person) => left.entry(SkipReason::TieEnded).or_default().push(person),
            None => {}
            Some(Judgement::Leave(reason)) => left.entry(reason).or_default().push(person),
            Some(Judgement::Send(by, contact)) if by != channel || contact != candidate.waiting.contact => {
                tx.reroute(id, person, by, contact).await?;
            }
            Some(Judgement::Send(..)) if cap.most > 0 && !cap.allows_after(had.get(&person).copied().unwrap_or(0)) => {
                left.entry(SkipReason::FrequencyCap).or_default().push(person);
            }
            Some(Judgement::Send(..)) if candidate.address.is_empty() => {
                left.entry(SkipReason::NoContact).or_default().push(person);
            }
            Some(Judgement::Send(..)) => chosen.push(candidate),
        }
    }
    for (reason, persons) in left {
        tx.skip(id, &persons, reason, now).await?;
    }
    Ok(chosen)
}

/// The requests: readers of one language share a multicast; everything else is one request a person.
fn freeze(
    house: &House,
    kept: &KeptCampaign,
    rendering: &Rendering,
    line: Option<ChannelId>,
    way: Way,
    chosen: &[Addressed],
) -> Result<Vec<OpenDispatch>, ActError> {
    let request = |body: Vec<u8>, persons: Vec<PersonId>| {
        let now = house.real_clock.now();
        let id = DispatchId::born(&house.chance, now);
        OpenDispatch { id, campaign: kept.campaign.id, way, line, retry_key: house.chance.uuid_at(now), body, persons }
    };
    match way {
        Way::Multicast => {
            let mut groups: BTreeMap<Language, Vec<&Addressed>> = BTreeMap::new();
            for it in chosen {
                groups.entry(written_in(kept, language_of(&it.waiting.locale))).or_default().push(it);
            }
            let mut open = Vec::new();
            for (language, group) in groups {
                for part in group.chunks(way.most()) {
                    let bubbles = kept.message.bubbles_for(language).unwrap_or_default();
                    let messages = line_messages(bubbles, rendering, &ReaderFields::default());
                    let to = part.iter().map(|it| it.address.clone()).collect();
                    let body =
                        MulticastBody { to, messages, notification: Notification::Aloud, aggregation_unit: None };
                    let frozen = body.freeze().map_err(|_| ActError::refused("message_faulty"))?;
                    open.push(request(frozen.bytes().to_vec(), part.iter().map(|it| it.waiting.person).collect()));
                }
            }
            Ok(open)
        }
        Way::Push => chosen
            .iter()
            .map(|it| {
                let bubbles = kept.message.bubbles_for(language_of(&it.waiting.locale)).unwrap_or_default();
                let messages = line_messages(bubbles, rendering, &it.fields);
                let body = PushBody {
                    to: it.address.clone(),
                    messages,
                    notification: Notification::Aloud,
                    aggregation_unit: None,
                };
                let frozen = body.freeze().map_err(|_| ActError::refused("message_faulty"))?;
                Ok(request(frozen.bytes().to_vec(), vec![it.waiting.person]))
            })
            .collect(),
        Way::Mail => chosen
            .iter()
            .map(|it| {
                let mut open = request(Vec::new(), vec![it.waiting.person]);
                open.line = None;
                open.body = serde_json::to_vec(&frozen_mail(house, kept, rendering, it, open.id))
                    .map_err(|error| ActError::Broken(error.to_string()))?;
                Ok(open)
            })
            .collect(),
    }
}

fn written_in(kept: &KeptCampaign, language: Language) -> Language {
    let line = &kept.message.line;
    if line.contains_key(&language) {
        language
    } else if line.contains_key(&Language::Ja) {
        Language::Ja
    } else {
        line.keys().next().copied().unwrap_or(Language::Ja)
    }
}

fn frozen_mail(
    house: &House,
    kept: &KeptCampaign,
    rendering: &Rendering,
    it: &Addressed,
    id: DispatchId,
) -> FrozenMail {
    let language = language_of(&it.waiting.locale);
    let mail = kept.message.mail_for(language);
    let (subject, body) = mail.map_or((String::new(), String::new()), |mail| (mail.subject.clone(), mail.body.clone()));
    FrozenMail {
        id: message_id(kept.campaign.id, it.waiting.person),
        to: it.address.clone(),
        subject: fill_in(&subject, rendering, &it.fields),
        text: mail_text(&body, rendering, &it.fields, language, Some(&it.unsubscribe)),
        unsubscribe: it.unsubscribe.clone(),
        verp: id.0.as_simple().to_string(),
        date: house.now(),
    }
}

/// The same for every letter of one delivery, so that a mail server may notice a second one; it tells nothing.
fn message_id(campaign: CampaignId, person: PersonId) -> String {
    let digest = Sha256::digest([campaign.0.as_bytes().as_slice(), person.0.as_bytes()].concat());
    digest.iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}
