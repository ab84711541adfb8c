//! Stored webhook events take effect, in the order in which they happened, once each: follows and blocks become working
//! intervals, follows are greeted, words are answered with a link, taken-back words are forgotten, everything else is marked ignored.
//! Leaves receiving to `receive_line_event`. To apply one more kind: its arm in `apply`.

use async_trait::async_trait;
use tokio::task::JoinSet;
use tsunagari_access::{Act, Machine};
use tsunagari_channels::Secret;
use tsunagari_channels::line::message::Message;
use tsunagari_channels::line::webhook::{Event, EventKind, Mode, Source, WebhookBody};
use tsunagari_channels::line::{Notification, ReplyBody};
use tsunagari_i18n::{Locale, Texts};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{ChannelId, InboundId, OrgId, Timestamp};
use tsunagari_outreach::rich_menu::MenuFace;
use tsunagari_people::{ContactKind, EndReason};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::LineChannel;
use tsunagari_storage::line_follower::Following;
use tsunagari_storage::line_inbound::{Inbound, InboundState};
use tsunagari_storage::{Reader, Tx};

use crate::begin_join::hex;
use crate::jobs::link_line_menu::dress;
use crate::jobs::turns::Turns;
use crate::keep_line_greeting::{greeting_words, join_address, my_page_address};
use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "apply_line_events.1";
/// Events taken in one look.
const AT_ONCE: i64 = 200;
/// Events applied in one turn at the writer: few enough that webhooks are stored in between.
const SLICE: usize = 20;
/// Answers on the network at once.
const ANSWERS: usize = 16;

/// The job's payload: the channel.
pub fn payload(channel: ChannelId) -> String {
    serde_json::json!({ "channel": channel }).to_string()
}

/// The handler.
pub struct ApplyLineEvents {
    house: House,
    turns: Turns<ChannelId>,
}

impl ApplyLineEvents {
    /// For a house.
    pub fn of(house: House) -> Self {
        Self { house, turns: Turns::default() }
    }
}

#[async_trait]
impl Handler for ApplyLineEvents {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let value: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
        let channel: ChannelId =
            serde_json::from_value(value["channel"].clone()).map_err(|error| JobError::Fail(error.to_string()))?;
        // Every webhook brings a job; one of them applies for all.
        let mut turn = self.turns.begin(channel);
        while let Some(mine) = turn {
            apply_all(&self.house, org, channel).await.map_err(|error| JobError::Retry(error.to_string()))?;
            turn = mine.end();
        }
        Ok(())
    }
}

/// Applies what waits for a channel.
///
/// # Errors
/// Storage's.
pub async fn apply_all(house: &House, org: OrgId, channel: ChannelId) -> Result<(), ActError> {
    let here = house.org(org);
    loop {
        // Jobs that wait for the same are done with: their events stand, and are looked at now.
        here.drop_waiting_jobs(KIND, &payload(channel)).await?;
        let mut reader = here.read_by_key().await?;
        let waiting = reader.new_inbound(channel, AT_ONCE).await?;
        let line = reader.line_channel(channel).await?;
        drop(reader);
        if waiting.is_empty() {
            return Ok(());
        }
        for slice in waiting.chunks(SLICE) {
            let applied = apply_slice(house, org, &line, slice).await?;
            answer_all(house, org, &line, applied).await;
        }
    }
}

/// Applies some events in one transaction; those that are to be answered.
async fn apply_slice(house: &House, org: OrgId, line: &LineChannel, slice: &[Inbound]) -> Result<Vec<Event>, ActError> {
    let mut tx = house.org(org).write_by_key().await?;
    let ids: Vec<InboundId> = slice.iter().map(|it| it.id).collect();
    let mine = tx.take_inbound(&ids).await?;
    let mut applied = Vec::with_capacity(slice.len());
    for it in slice.iter().filter(|it| mine.contains(&it.id)) {
        let now = house.real_clock.now();
        let Some(event) = event_of(&it.raw) else {
            tx.end_inbound(it.id, InboundState::Unreadable, None, now).await?;
            continue;
        };
        let (state, note) = apply(house, &mut tx, line, &event, it.at).await?;
        tx.end_inbound(it.id, state, note.as_deref(), now).await?;
        if let (InboundState::Unsent, Some(message)) = (state, &note) {
            tx.forget_inbound_message(line.id, message).await?;
        }
        applied.push(event);
    }
    if mine.is_empty() {
        tx.undo().await?;
        return Ok(applied);
    }
    let act = Act::named("apply_line_event", Machine::working(org, "apply_line_events").actor(), house.operation());
    tx.commit(&act.counting("rows", i64::try_from(mine.len()).unwrap_or(0))).await?;
    Ok(applied)
}

/// Answers these events, a few at the same time.
async fn answer_all(house: &House, org: OrgId, line: &LineChannel, events: Vec<Event>) {
    let mut under_way = JoinSet::new();
    for event in events {
        if under_way.len() >= ANSWERS {
            under_way.join_next().await;
        }
        let (house, line) = (house.clone(), line.clone());
        under_way.spawn(async move { answer(&house, org, &line, &event).await });
    }
    while under_way.join_next().await.is_some() {}
}

fn event_of(raw: &str) -> Option<Event> {
    let body = format!("{{\"destination\":\"\",\"events\":[{raw}]}}");
    WebhookBody::parse(body.as_bytes()).ok()?.events.into_iter().next()
}

/// What an event changes; the state it ends in, and LINE's id of the message it is about.
async fn apply(
    house: &House,
    tx: &mut Tx,
    line: &LineChannel,
    event: &Event,
    at: Timestamp,
) -> Result<(InboundState, Option<String>), ActError> {
    let done = match (&event.kind, &event.user_id) {
        (EventKind::Follow(_), Some(user)) => follow(house, tx, line, user, Following::Follows, at).await?,
        (EventKind::Unfollow, Some(user)) => follow(house, tx, line, user, Following::Not, at).await?,
        (EventKind::Text { message_id, .. } | EventKind::OtherMessage { message_id, .. }, _) => {
            return message(tx, line, message_id).await;
        }
        (EventKind::Unsend { message_id }, _) => {
            tx.forget_inbound_message(line.id, message_id).await?;
            return Ok((InboundState::Applied, Some(message_id.clone())));
        }
        (EventKind::Unreadable, _) => InboundState::Unreadable,
        (EventKind::Follow(_) | EventKind::Unfollow | EventKind::Postback { .. }, _) => InboundState::Ignored,
        (EventKind::AccountLink { .. } | EventKind::Unknown(_), _) => InboundState::Ignored,
    };
    Ok((done, None))
}

async fn message(tx: &mut Tx, line: &LineChannel, id: &str) -> Result<(InboundState, Option<String>), ActError> {
    // It may have been taken back before it was applied: then its words must not stay.
    if tx.was_unsent(line.id, id).await? {
        return Ok((InboundState::Unsent, Some(id.to_owned())));
    }
    Ok((InboundState::Applied, Some(id.to_owned())))
}

async fn follow(
    house: &House,
    tx: &mut Tx,
    line: &LineChannel,
    user: &str,
    following: Following,
    at: Timestamp,
) -> Result<InboundState, ActError> {
    tx.keep_following(line.provider, line.id, user, following, at).await?;
    // The programme's calendar may stand before LINE's: what has happened has happened by now.
    let at = at.min(house.now());
    for found in tx.persons_by_contact(ContactKind::Line, user, Some(line.provider)).await? {
        match following {
            Following::Follows => tx.contact_works(found.person, found.contact, at).await?,
            Following::Not => {
                tx.contact_fails(found.person, found.contact, at, EndReason::Blocked).await?;
            }
        }
    }
    Ok(InboundState::Applied)
}

/// What an event is answered with: a follow with the greeting, words of a resident with a link to the portal, at most once a
/// day. A reply that fails is not repeated: its token lives a minute. Leaves the phone's menu to `link_line_menu`.
async fn answer(house: &House, org: OrgId, line: &LineChannel, event: &Event) {
    let wanted = event.mode == Mode::Active && event.from == Source::User;
    let (true, Some(user)) = (wanted, &event.user_id) else { return };
    let done = match (&event.kind, &event.reply_token) {
        (EventKind::Follow(_), token) => greet(house, org, line, user, token.as_ref()).await,
        (EventKind::Text { .. } | EventKind::OtherMessage { .. }, Some(token)) => {
            reply_once(house, org, line, user, token).await
        }
        (
            EventKind::Unfollow
            | EventKind::Text { .. }
            | EventKind::OtherMessage { .. }
            | EventKind::Unsend { .. }
            | EventKind::Postback { .. }
            | EventKind::AccountLink { .. }
            | EventKind::Unknown(_)
            | EventKind::Unreadable,
            _,
        ) => Ok(()),
    };
    if let Err(error) = done {
        tracing::info!(%error, "an event was not answered");
    }
}

/// Whom the account hears from: their town, their language, and whether they have joined.
struct Hearer {
    organisation: Organisation,
    t: Texts,
    joined: bool,
}

async fn hearer(house: &House, reader: &mut Reader, line: &LineChannel, user: &str) -> Result<Hearer, ActError> {
    let organisation = reader.organisation().await?;
    let found = reader.person_by_contact(ContactKind::Line, user, Some(line.provider)).await?;
    let (locale, joined) = match found {
        Some(found) => {
            let locale = Locale::parse(reader.person(found.person).await?.locale.code()).unwrap_or_default();
            (locale, reader.has_joined(found.person, house.now().jst_date()).await?)
        }
        None => (Locale::Ja, false),
    };
    Ok(Hearer { organisation, t: Texts::of(locale), joined })
}

/// Who adds the account is greeted with the way to join; who has joined already, with the way to their page. Whoever
/// comes back from a block is shown the menu of their state again.
async fn greet(
    house: &House,
    org: OrgId,
    line: &LineChannel,
    user: &str,
    token: Option<&Secret>,
) -> Result<(), ActError> {
    let mut reader = house.org(org).read_by_key().await?;
    let it = hearer(house, &mut reader, line, user).await?;
    let written = reader.greetings(line.id).await?;
    let menu = reader.live_line_menu(line.id, MenuFace::Member).await?;
    drop(reader);
    if let Some(token) = token {
        let words = if it.joined {
            let page = my_page_address(house, &it.organisation);
            it.t.two("line-welcome-back", "organisation", it.organisation.name.as_str(), "link", page)
        } else {
            greeting_words(house, &it.organisation, written.first(), it.t)
        };
        reply(house, org, line, token, words).await?;
    }
    // Most towns have none. Where there is one, whether they have joined is judged anew: it may have happened meanwhile.
    if menu.is_some() { dress(house, org, line, user).await } else { Ok(()) }
}

async fn reply_once(house: &House, org: OrgId, line: &LineChannel, user: &str, token: &Secret) -> Result<(), ActError> {
    let here = house.org(org);
    let now = house.real_clock.now();
    let what = format!(
        "line_reply:{}",
        hex(&<sha2::Sha256 as sha2::Digest>::digest(format!("{}|{user}", line.provider))[..12])
    );
    if here.count_step(&what, now.minus(chrono::TimeDelta::days(1)), now).await? > 1 {
        return Ok(());
    }
    let it = hearer(house, &mut here.read_by_key().await?, line, user).await?;
    let place =
        if it.joined { my_page_address(house, &it.organisation) } else { join_address(house, &it.organisation) };
    let mut words = it.t.one("line-reply-received", "link", place);
    if !it.organisation.contact.is_empty() {
        words = format!("{words}\n{}", it.t.one("line-reply-contact", "contact", it.organisation.contact.as_str()));
    }
    reply(house, org, line, token, words).await
}

async fn reply(house: &House, org: OrgId, line: &LineChannel, token: &Secret, words: String) -> Result<(), ActError> {
    let body = ReplyBody {
        reply_token: token.clone(),
        messages: vec![Message::text(words)],
        notification: Notification::Silent,
    };
    let body = body.freeze().map_err(|error| ActError::Broken(format!("{error:?}")))?;
    let open = house.line.open(&house.org(org), line.id).await?;
    open.api.reply(&open.token, &body).await.map_err(|error| ActError::Broken(error.to_string()))?;
    Ok(())
}
