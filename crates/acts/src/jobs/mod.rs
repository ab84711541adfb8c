//! Background work of acts: one file per kind of job, each a `Handler`. Registered in `handlers`.

pub mod apply_line_events;
pub mod link_line_menu;
pub mod send_letter;
mod turns;
