//! The demonstration's people: how many (`size`), when they joined (`timetable`), what they are called (`name`), the life of one graduate (`graduate`)
//! and of one guardian (`guardian`), and loading them (`load`). All of it from a seed.

pub mod draw;
pub mod graduate;
pub mod guardian;
pub mod load;
pub mod name;
pub mod size;
pub mod timetable;
