//! People with phones, and providers, under which each person has another id (LINE's user ids are per provider).

use std::collections::HashMap;

use crate::ident::UserKey;

/// Position of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonKey(pub u32);

/// A fake LINE user.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name of the phone's host: `[a-z0-9-]`.
    pub handle: Box<str>,
    /// Display name.
    pub name: Box<str>,
    /// Profile picture, if set.
    pub picture_url: Option<Box<str>>,
    /// Status message, if set.
    pub status_message: Option<Box<str>>,
    /// E-mail registered with LINE, if any (given to login channels with the `email` scope).
    pub email: Option<Box<str>>,
    /// BCP 47 language, `ja` unless told.
    pub language: Box<str>,
}

/// A provider and the people it knows.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// Its name, shown on the consent page.
    pub name: String,
    /// People by user id.
    pub people: HashMap<UserKey, PersonKey>,
    /// User ids by person.
    pub ids: HashMap<PersonKey, UserKey>,
}

impl Provider {
    /// A provider whose name is its id.
    pub fn named(id: &str) -> Self {
        Self { id: id.to_owned(), name: id.to_owned(), people: HashMap::new(), ids: HashMap::new() }
    }

    /// Gives a person an id under this provider, replacing an earlier one.
    pub fn assign(&mut self, person: PersonKey, id: UserKey) {
        if let Some(old) = self.ids.insert(person, id) {
            self.people.remove(&old);
        }
        self.people.insert(id, person);
    }
}
