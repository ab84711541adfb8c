//! The parts of the table, in the order in which they are measured: what reads a quiet town first, what fills it last.

pub mod audience;
pub mod bulk_entry;
pub mod campaign;
pub mod joining;
pub mod judging;
pub mod pages;
pub mod people_list;
pub mod personal;
pub mod rest;
pub mod roster;
pub mod rush;
pub mod webhooks;

use crate::part::Part;

/// Every part.
pub fn all() -> Vec<Box<dyn Part>> {
    vec![
        Box::new(rest::Rest),
        Box::new(judging::Judging),
        Box::new(audience::Audiences),
        Box::new(people_list::PeopleList),
        Box::new(pages::Pages),
        Box::new(campaign::Campaign),
        Box::new(personal::Personal),
        Box::new(webhooks::Webhooks),
        Box::new(joining::Joining),
        Box::new(rush::Rush),
        Box::new(roster::Roster),
        Box::new(bulk_entry::BulkEntry),
    ]
}
