//! Every kind of job the acts handle, for the worker. To add one: a line here.

use tsunagari_jobs::Handlers;

use crate::House;
use crate::jobs::apply_line_events::ApplyLineEvents;
use crate::jobs::send_letter::SendLetter;

/// All handlers of a house.
pub fn handlers(house: &House) -> Handlers {
    Handlers::default().with(ApplyLineEvents::of(house.clone())).with(SendLetter::of(house.clone()))
}
