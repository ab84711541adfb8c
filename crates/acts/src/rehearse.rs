//! A rehearsal: a blueprint is taken up in a throw-away installation, invented people who meet and miss each condition apply through the
//! same acts as everybody, and the season is played to its end: places, offers, who came, what was given. What it comes to is held
//! against the blueprint's own cases, and the ledgers against each other. Leaves making the installation to the caller, and drawing to
//! `run_draw`. Each blueprint is its own town's.

mod payout;
mod play;
mod room;
mod season;
mod town;

use std::collections::BTreeMap;

use serde::Serialize;
use tsunagari_blueprints::{Blueprint, Case, CaseVerdict};
use tsunagari_kernel::FixedClock;

use crate::{ActError, House};

pub use room::Room;

/// What a rehearsal came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// The blueprint's.
    pub slug: String,
    /// How many cases were played.
    pub cases: usize,
    /// How many people were invented.
    pub people: u64,
    /// How many applications came in.
    pub applications: u64,
    /// How many were refused, by reason.
    pub refused: BTreeMap<String, u64>,
    /// How many were left to the staff.
    pub for_staff: u64,
    /// How many waited for a place.
    pub waited: u64,
    /// How many had a place.
    pub chosen: u64,
    /// How many came.
    pub came: u64,
    /// How many did not.
    pub absent: u64,
    /// How many benefits were given.
    pub fulfilled: u64,
    /// How many notices applicants would have had.
    pub notices: u64,
    /// What each case came to.
    pub played: Vec<Played>,
    /// What is not as it should be, in words; empty when all is well.
    pub wrong: Vec<String>,
}

/// What a case came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Played {
    /// What it shows.
    pub name: String,
    /// What it says it comes to.
    pub said: CaseVerdict,
    /// What it came to; nothing where it could not be played.
    pub came: Option<CaseVerdict>,
    /// By which conditions, caps or questions.
    pub because: Vec<String>,
    /// How it differs from what it says, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
}

impl Rehearsal {
    /// Whether everything came to what it should.
    pub fn is_ok(&self) -> bool {
        self.wrong.is_empty()
    }

    fn refuse(&mut self, reason: &str) {
        *self.refused.entry(reason.to_owned()).or_default() += 1;
    }
}

/// Rehearses a blueprint with its cases in a house that is thrown away afterwards; `crowd` people besides apply at once.
///
/// # Errors
/// Storage's. What the programme does wrong is told in the rehearsal.
pub async fn rehearse(
    house: &House,
    calendar: &FixedClock,
    blueprint: &Blueprint,
    cases: &[Case],
    crowd: usize,
) -> Result<Rehearsal, ActError> {
    let mut told = Rehearsal { slug: blueprint.slug.clone(), cases: cases.len(), ..Rehearsal::default() };
    let town = town::Town::found(house, calendar, blueprint).await?;
    let before = house.org(town.org).read().await?.notices_counted().await?;
    for case in cases {
        let played = play::case(&town, case, &mut told).await?;
        told.wrong.extend(played.differs.as_ref().map(|problem| format!("{}: {problem}", case.name)));
        told.played.push(played);
    }
    // Somebody who may under these values: another town's may refuse whom the source's let in.
    let may = cases.iter().zip(&told.played).find(|(it, played)| play::is_plain(it) && played.differs.is_none());
    if let Some((case, _)) = may {
        season::crowd(&town, case, crowd, &mut told).await?;
    }
    let after = house.org(town.org).read().await?.notices_counted().await?;
    told.notices = u64::try_from(after - before).unwrap_or_default();
    for found in house.org(town.org).read().await?.findings().await? {
        told.wrong.push(format!("the doctor finds {} ({})", found.code, found.rows));
    }
    Ok(told)
}
