//! A person's standing as columns of a file: the stage of life, whether they are reached for a purpose, and how or why not,
//! in the words of the screens. Leaves which people stand in the file, and its other columns, to whoever writes it.

use tsunagari_acts::export_list::Tells;
use tsunagari_documents::{Cell, Column};
use tsunagari_i18n::Texts;
use tsunagari_kernel::Moment;
use tsunagari_people::{LifeStage, PersonRecord, Policy, Purpose, Reach, reach};

use crate::office::people::words::{coded, reach_words};

/// The columns.
pub fn columns(t: Texts) -> [(Column, Tells); 3] {
    [("people-stage", 14), ("people-reach", 10), ("people-reach-why", 40)]
        .map(|(key, width)| (Column::titled(t.get(key), width), Tells::Plain))
}

/// A person's cells in them.
pub fn cells(t: Texts, record: &PersonRecord, purpose: &Purpose, at: &Moment, policy: &Policy) -> [Cell; 3] {
    let stage = LifeStage::on(&record.enrolments, at.date);
    let reach = reach(record, purpose, at, &policy.reach);
    let answer = match &reach {
        Reach::Reachable { .. } => "people-reach-yes",
        Reach::NotReachable(_) => "people-reach-no",
    };
    let why = reach_words(t, &reach);
    [
        stage.map_or(Cell::Empty, |it| Cell::from(coded(t, "life-stage", it.code()))),
        Cell::from(t.get(answer)),
        if why.is_empty() { Cell::Empty } else { Cell::from(why.join("、")) },
    ]
}
