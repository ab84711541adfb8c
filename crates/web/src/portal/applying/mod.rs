//! Applying, one question a screen: venue, home, whom it is for, the group, then the programme's own questions, and a last look before it
//! is handed in. What was answered is kept with the resident at every step. Leaves what is kept to `acts::fill_in`.

pub mod answers;
pub mod check;
pub mod group;
pub mod question;
pub mod step;

pub use question::routes;
