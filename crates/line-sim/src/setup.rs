//! Setting the world up: providers, channels, people, friendships; by library call or as JSON to `/_sim/setup`. Refused whole or applied whole.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::ident;
use crate::login::state::LoginChannel;
use crate::sim::Sim;
use crate::state::channel::NewChannel;
use crate::state::quota::Quota;
use crate::state::tokens::ChannelToken;
use crate::state::{Channel, Person, PersonKey, Provider, QuotaPlan, Standing, World};

/// A body of `/_sim/setup` to begin with: one town with its account, its login and one phone.
pub const EXAMPLE: &str = include_str!("../assets/setup.json");

/// What to add.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// Providers.
    pub providers: Vec<ProviderSetup>,
    /// Messaging API channels.
    pub messaging_channels: Vec<MessagingChannelSetup>,
    /// LINE Login channels.
    pub login_channels: Vec<LoginChannelSetup>,
    /// People, one by one.
    pub users: Vec<UserSetup>,
    /// People by the thousand.
    pub bulk_users: Vec<BulkUsers>,
    /// Where people stand with accounts.
    pub friendships: Vec<Friendship>,
}

/// A provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProviderSetup {
    /// Id.
    pub id: String,
    /// Name on the consent page.
    pub name: String,
}

/// A Messaging API channel with its official account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessagingChannelSetup {
    /// Channel id.
    pub id: String,
    /// Provider id.
    pub provider: String,
    /// Name of the account.
    pub name: String,
    /// Basic id without `@`.
    pub basic_id: String,
    /// Channel secret.
    pub secret: String,
    /// Long-lived channel access token.
    pub access_token: String,
    /// Quota, unlimited unless told.
    #[serde(default)]
    pub quota: Option<QuotaPlan>,
    /// Webhook endpoint, if already set.
    #[serde(default)]
    pub webhook_url: Option<String>,
    /// Bot user id; derived from the seed unless told.
    #[serde(default)]
    pub bot_user_id: Option<String>,
}

/// A LINE Login channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoginChannelSetup {
    /// Channel id.
    pub id: String,
    /// Provider id.
    pub provider: String,
    /// Name on the consent page.
    pub name: String,
    /// Channel secret.
    pub secret: String,
    /// Registered callbacks, compared exactly.
    pub callbacks: Vec<String>,
    /// Linked official account (channel id), for `bot_prompt` and the friendship call.
    #[serde(default)]
    pub linked_account: Option<String>,
}

/// A person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct UserSetup {
    /// `[a-z0-9-]`, the name of the phone's host.
    pub handle: String,
    /// Display name.
    pub name: String,
    /// E-mail registered with LINE.
    #[serde(default)]
    pub email: Option<String>,
    /// Profile picture.
    #[serde(default)]
    pub picture_url: Option<String>,
    /// Status message.
    #[serde(default)]
    pub status_message: Option<String>,
    /// User ids to have under providers instead of the derived ones: (provider, id).
    #[serde(default)]
    pub ids: Vec<(String, String)>,
}

/// People with numbered handles: `PREFIX1`, `PREFIX2`, …
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BulkUsers {
    /// Start of the handle.
    pub prefix: String,
    /// How many.
    pub count: u32,
    /// Channels they are friends of (ids).
    #[serde(default)]
    pub friends_of: Vec<String>,
}

/// Where a person stands with an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Friendship {
    /// Handle.
    pub user: String,
    /// Channel id.
    pub channel: String,
    /// Friend, blocked or stranger.
    pub standing: Standing,
}

/// Why a setup was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// A channel names a provider that does not exist.
    #[error("provider {0} does not exist; add it to `providers`")]
    NoProvider(String),
    /// A friendship names a channel that does not exist.
    #[error("channel {0} does not exist; add it to `messaging_channels`")]
    NoChannel(String),
    /// A friendship names a person who does not exist.
    #[error("user {0} does not exist; add them to `users`")]
    NoUser(String),
    /// An id is taken.
    #[error("{0} exists already")]
    Taken(String),
    /// A handle that cannot be a host name.
    #[error("handle {0}: use 1 to 40 of a-z, 0-9 and -")]
    Handle(String),
    /// A user id that is not `U[0-9a-f]{{32}}`.
    #[error("user id {0} is not U and 32 hexadecimal digits")]
    UserId(String),
}

impl Sim {
    /// Adds to the world.
    ///
    /// # Errors
    /// When anything does not fit; then nothing is added.
    pub fn set_up(&self, setup: &Setup) -> Result<(), SetupError> {
        let now = self.now();
        let seed = self.seed();
        let mut world = self.world();
        check(&world, setup)?;
        for p in &setup.providers {
            let fresh = Provider { name: p.name.clone(), ..Provider::named(&p.id) };
            world.providers.entry(p.id.clone()).or_insert(fresh);
        }
        for made in &setup.messaging_channels {
            add_channel(&mut world, made, seed, now);
        }
        for l in &setup.login_channels {
            let channel = LoginChannel { setup: l.clone() };
            world.login.channels.insert(l.id.clone(), channel);
        }
        for user in &setup.users {
            let key = add_person(&mut world, user);
            for (provider, id) in &user.ids {
                if let (Some(id), Some(known)) = (ident::parse_user(id), world.providers.get_mut(provider)) {
                    known.assign(key, id);
                }
            }
        }
        for bulk in &setup.bulk_users {
            add_bulk(&mut world, bulk);
        }
        for f in &setup.friendships {
            if let Some(person) = world.person_of(&f.user) {
                stand(&mut world, &f.channel, person, f.standing);
            }
        }
        Ok(())
    }

    /// The user id a person has under a provider (derived, unless set up otherwise); `None` for an unknown handle
    /// or provider.
    pub fn user_id(&self, provider: &str, handle: &str) -> Option<String> {
        let mut world = self.world();
        let person = world.person_of(handle).filter(|_| world.providers.contains_key(provider))?;
        Some(ident::format_user(world.introduce(provider, person)))
    }
}

fn check(world: &World, setup: &Setup) -> Result<(), SetupError> {
    let has_provider = |id: &String| world.providers.contains_key(id) || setup.providers.iter().any(|p| p.id == *id);
    let has_channel =
        |id: &String| world.channel_ids.contains_key(id) || setup.messaging_channels.iter().any(|c| c.id == *id);
    for c in &setup.messaging_channels {
        if !has_provider(&c.provider) {
            return Err(SetupError::NoProvider(c.provider.clone()));
        }
        if world.channel_ids.contains_key(&c.id) {
            return Err(SetupError::Taken(c.id.clone()));
        }
    }
    for l in &setup.login_channels {
        if !has_provider(&l.provider) {
            return Err(SetupError::NoProvider(l.provider.clone()));
        }
        if let Some(linked) = l.linked_account.as_ref().filter(|id| !has_channel(id)) {
            return Err(SetupError::NoChannel(linked.clone()));
        }
    }
    for user in &setup.users {
        check_handle(world, &user.handle)?;
        if let Some((provider, _)) = user.ids.iter().find(|(p, _)| !has_provider(p)) {
            return Err(SetupError::NoProvider(provider.clone()));
        }
        if let Some((_, id)) = user.ids.iter().find(|(_, id)| ident::parse_user(id).is_none()) {
            return Err(SetupError::UserId(id.clone()));
        }
    }
    for bulk in &setup.bulk_users {
        check_handle(world, &format!("{}1", bulk.prefix))?;
        if let Some(id) = bulk.friends_of.iter().find(|id| !has_channel(id)) {
            return Err(SetupError::NoChannel(id.clone()));
        }
    }
    // A million phones come at once: each handle is looked up, never searched for.
    let made: HashSet<&str> = setup.users.iter().map(|user| user.handle.as_str()).collect();
    let in_bulk = |handle: &str| setup.bulk_users.iter().any(|b| handle.starts_with(&b.prefix));
    for f in &setup.friendships {
        if !has_channel(&f.channel) {
            return Err(SetupError::NoChannel(f.channel.clone()));
        }
        if world.person_of(&f.user).is_none() && !made.contains(f.user.as_str()) && !in_bulk(&f.user) {
            return Err(SetupError::NoUser(f.user.clone()));
        }
    }
    Ok(())
}

fn check_handle(world: &World, handle: &str) -> Result<(), SetupError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if handle.is_empty() || handle.len() > 40 || !handle.bytes().all(fits) {
        return Err(SetupError::Handle(handle.to_owned()));
    }
    if world.handles.contains_key(handle) { Err(SetupError::Taken(handle.to_owned())) } else { Ok(()) }
}

fn add_channel(world: &mut World, made: &MessagingChannelSetup, seed: u64, now: i64) {
    let derived = ident::user_id(seed, &made.provider, &format!("bot {}", made.id));
    let mut channel = Channel::open(NewChannel {
        id: made.id.clone(),
        provider: made.provider.clone(),
        name: made.name.clone(),
        basic_id: made.basic_id.trim_start_matches('@').to_owned(),
        bot_user_id: made.bot_user_id.clone().unwrap_or(derived),
        secret: made.secret.clone(),
        quota: Quota::on(made.quota.unwrap_or(QuotaPlan::None)),
        made_at: now,
    });
    channel.webhook_url.clone_from(&made.webhook_url);
    let key = world.add_channel(channel);
    let token = ChannelToken { channel: key, ends_at: None, stateless: false };
    world.tokens.channel.insert(made.access_token.clone(), token);
}

fn add_person(world: &mut World, user: &UserSetup) -> PersonKey {
    let boxed = |text: &Option<String>| text.as_deref().map(Into::into);
    let key = PersonKey(u32::try_from(world.people.len()).unwrap_or(u32::MAX));
    world.handles.insert(user.handle.as_str().into(), key);
    world.people.push(Person {
        handle: user.handle.as_str().into(),
        name: user.name.as_str().into(),
        picture_url: boxed(&user.picture_url),
        status_message: boxed(&user.status_message),
        email: boxed(&user.email),
        language: "ja".into(),
    });
    key
}

fn add_bulk(world: &mut World, bulk: &BulkUsers) {
    for n in 1..=bulk.count {
        let handle = format!("{}{n}", bulk.prefix);
        if world.handles.contains_key(handle.as_str()) {
            continue;
        }
        let person = add_person(world, &UserSetup { name: handle.clone(), handle, ..UserSetup::default() });
        for channel in &bulk.friends_of {
            stand(world, channel, person, Standing::Friend);
        }
    }
}

fn stand(world: &mut World, channel: &str, person: PersonKey, standing: Standing) {
    let Some(key) = world.channel_ids.get(channel).copied() else { return };
    let provider = world.channel(key).provider.clone();
    world.introduce(&provider, person);
    world.channel_mut(key).stand(person, standing);
}
