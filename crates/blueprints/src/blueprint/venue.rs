//! The places a programme is held at, by their names: a town opens a round at each. Leaves days and addresses to the rounds, and
//! counting who comes to programmes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Amount, Blueprint, Values, compile};
use crate::BlueprintError;
use crate::error::Text;

/// A place a programme is held at: a city, a region, a school's hall, or online.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// Its code.
    pub code: String,
    /// Its name; nothing more of it is known before a round is opened there.
    pub name: String,
    /// How many places there are; without it as many as the programme says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Amount>,
    /// How many times a year it is held there, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Amount>,
}

/// A venue with a town's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenuePlaces {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many places there are: its own, or else the programme's; nothing where as many as come are let in.
    pub places: Option<u32>,
    /// How many times a year it is held there; nothing where that is not said.
    pub times: Option<u32>,
}

impl Blueprint {
    /// The places it is held at under these values, in order; none where nothing is said of them.
    ///
    /// # Errors
    /// A number that is missing or of another sort; the place in a file is not told.
    pub fn venues_with(&self, values: &Values) -> Result<Vec<VenuePlaces>, BlueprintError> {
        let file = format!("{}.toml", self.slug);
        self.venues_of(Text { file: &file, text: "" }, values)
    }

    fn venues_of(&self, text: Text<'_>, values: &Values) -> Result<Vec<VenuePlaces>, BlueprintError> {
        let amount = |it: Option<&Amount>| it.map(|it| compile::amount(text, values, it)).transpose();
        let resolved = |it: &Venue| -> Result<VenuePlaces, BlueprintError> {
            let places = amount(it.places.as_ref().or(self.choose.places.as_ref()))?;
            let times = amount(it.times.as_ref())?;
            Ok(VenuePlaces { code: it.code.clone(), name: it.name.clone(), places, times })
        };
        self.venues.iter().map(resolved).collect()
    }
}

/// Checks the venues as the file has them.
pub(super) fn check(text: Text<'_>, blueprint: &Blueprint) -> Result<(), BlueprintError> {
    let mut codes = BTreeSet::new();
    for venue in &blueprint.venues {
        let needle = format!("code = \"{}\"", venue.code);
        if !codes.insert(venue.code.as_str()) {
            return Err(text.at_last(&needle, "venues", "stands twice", "give each venue its own code"));
        }
        if venue.name.trim().is_empty() {
            return Err(text.at_last(&needle, "venues", "has no name", "write where it is"));
        }
    }
    blueprint.venues_of(text, &Values::of(&blueprint.parameters)).map(drop)
}

#[cfg(test)]
mod tests;
