//! The fake world behind one lock: providers, channels, people. Every handler takes the lock for microseconds and never across an await.
//! Leaves what may be asked of it to `api`, `login` and `phone`.

pub mod bodies;
pub mod channel;
pub mod people;
pub mod quota;
pub mod retry;
pub mod richmenu;
pub mod sends;
pub mod tie;
pub mod tokens;

use std::collections::HashMap;

pub use bodies::{Bodies, Body};
pub use channel::{Channel, ChannelKey};
pub use people::{Person, PersonKey, Provider};
pub use quota::QuotaPlan;
pub use sends::{Send, SendKind};
pub use tie::{ChatEntry, ChatSide, Standing, Tie};

use crate::ident::{self, UserKey};
use crate::login::state::LoginState;

/// Everything the simulator knows.
pub struct World {
    seed: u64,
    /// Providers by id.
    pub providers: HashMap<String, Provider>,
    /// Messaging channels, by position.
    pub channels: Vec<Channel>,
    /// Position of a messaging channel by its id.
    pub channel_ids: HashMap<String, ChannelKey>,
    /// Everyone with a phone, by position.
    pub people: Vec<Person>,
    /// Position of a person by the handle that also names their host.
    pub handles: HashMap<Box<str>, PersonKey>,
    /// Channel access tokens, reply tokens and link tokens.
    pub tokens: tokens::Tokens,
    /// Login channels, codes and sessions.
    pub login: LoginState,
    /// Message bodies, shared between recipients.
    pub bodies: Bodies,
    next_message: u64,
}

impl World {
    /// An empty world.
    pub fn empty(seed: u64) -> Self {
        Self {
            seed,
            providers: HashMap::new(),
            channels: Vec::new(),
            channel_ids: HashMap::new(),
            people: Vec::new(),
            handles: HashMap::new(),
            tokens: tokens::Tokens::default(),
            login: LoginState::default(),
            bodies: Bodies::default(),
            next_message: 510_000_000_000_000_001,
        }
    }

    /// Takes `count` consecutive message ids and gives the first.
    pub fn take_message_ids(&mut self, count: usize) -> u64 {
        let first = self.next_message;
        self.next_message += count as u64;
        first
    }

    /// The channel of a key; keys are only made by [`World::add_channel`].
    pub fn channel(&self, key: ChannelKey) -> &Channel {
        &self.channels[key.0]
    }

    /// As [`World::channel`], to change it.
    pub fn channel_mut(&mut self, key: ChannelKey) -> &mut Channel {
        &mut self.channels[key.0]
    }

    /// Adds a messaging channel; replaces nothing.
    pub fn add_channel(&mut self, channel: Channel) -> ChannelKey {
        let key = ChannelKey(self.channels.len());
        self.channel_ids.insert(channel.id.clone(), key);
        self.channels.push(channel);
        key
    }

    /// The person of a handle.
    pub fn person_of(&self, handle: &str) -> Option<PersonKey> {
        self.handles.get(handle.to_ascii_lowercase().as_str()).copied()
    }

    /// The person a provider knows under a user id.
    pub fn known_person(&self, provider: &str, id: UserKey) -> Option<PersonKey> {
        self.providers.get(provider)?.people.get(&id).copied()
    }

    /// The id of a person under a provider; from here on the provider knows it.
    pub fn introduce(&mut self, provider: &str, person: PersonKey) -> UserKey {
        let handle = &self.people[person.0 as usize].handle;
        let derived = ident::user_key(self.seed, provider, handle);
        let entry = self.providers.entry(provider.to_owned()).or_insert_with(|| Provider::named(provider));
        if let Some(id) = entry.ids.get(&person) {
            return *id;
        }
        entry.assign(person, derived);
        derived
    }

    /// A person by key.
    pub fn person(&self, key: PersonKey) -> &Person {
        &self.people[key.0 as usize]
    }
}
