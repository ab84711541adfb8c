//! A parcel as a carrier is told of it: where to, from whom, what, when. Leaves what a carrier's file can hold to documents, and
//! stock and packing to acts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a parcel goes to or comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The name, as it is written.
    pub name: String,
    /// The telephone number.
    pub phone: String,
    /// The postal code, as labels write it: `NNN-NNNN`.
    pub postal_code: String,
    /// Prefecture, municipality, street and number.
    pub address: String,
    /// The building and room; may be empty.
    pub building: String,
}

/// How a parcel is kept cool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cool {
    /// Not at all.
    #[default]
    Plain,
    /// Frozen.
    Frozen,
    /// Chilled.
    Chilled,
}

/// A parcel to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// The office's number: how a tracking number finds its parcel again.
    pub reference: String,
    /// Where to.
    pub to: Place,
    /// What is in it, in a word.
    pub goods: String,
    /// The day it leaves.
    pub ships_on: NaiveDate,
    /// The day it is to arrive, where one was asked for.
    pub arrives_on: Option<NaiveDate>,
    /// The carrier's code of a time of day; empty for any.
    pub slot: String,
    /// How it is kept.
    pub cool: Cool,
}
