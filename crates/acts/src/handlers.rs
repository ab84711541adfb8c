//! Every kind of job the acts handle, for the worker. To add one: a line here.

use tsunagari_jobs::Handlers;

use crate::House;
use crate::answer_offer::LapseOffers;
use crate::apply_import::ApplyImport;
use crate::apply_retention::Retention;
use crate::ask_reconfirmation::{AskReconfirmation, SendAsking};
use crate::jobs::apply_line_events::ApplyLineEvents;
use crate::jobs::link_line_menu::LinkLineMenu;
use crate::jobs::send_letter::SendLetter;
use crate::launch_campaign::LaunchCampaign;
use crate::line_access::EndLineAccess;
use crate::preview_import::PreviewImport;
use crate::recount_figures::RecountFigures;
use crate::remind_participants::RemindParticipants;
use crate::send_campaign::SendCampaign;
use crate::tell_step::TellStep;
use crate::undo_import::UndoImport;

/// All handlers of a house.
pub fn handlers(house: &House) -> Handlers {
    Handlers::default()
        .with(ApplyImport(house.clone()))
        .with(PreviewImport(house.clone()))
        .with(UndoImport(house.clone()))
        .with(ApplyLineEvents::of(house.clone()))
        .with(SendLetter::of(house.clone()))
        .with(LinkLineMenu(house.clone()))
        .with(Retention(house.clone()))
        .with(RecountFigures(house.clone()))
        .with(AskReconfirmation(house.clone()))
        .with(SendAsking::of(house.clone()))
        .with(TellStep(house.clone()))
        .with(EndLineAccess(house.clone()))
        .with(LapseOffers(house.clone()))
        .with(RemindParticipants(house.clone()))
        .with(LaunchCampaign(house.clone()))
        .with(SendCampaign::of(house.clone()))
}
