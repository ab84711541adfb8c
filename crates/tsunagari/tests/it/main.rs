//! Stories at the HTTP door, on both databases; one binary so that it links once. To add one: a file and a line here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod authorisation;
mod canaries;
mod controls;
mod counted;
mod disk_full;
mod figure_words;
mod foreign_ids;
mod frozen;
mod heard;
mod hostile;
mod impossible;
mod installation;
mod kill_nine;
mod kill_sending;
mod mail_in;
mod message_again;
mod message_pages;
mod needles;
mod office_forms;
mod operations;
mod overload;
mod own_figures;
mod past_days;
mod protected;
mod reach;
mod residents;
mod rush;
mod settings;
mod shared_devices;
mod sign_in;
mod ties;
mod upgrade;
mod uploads;
mod waiting;
mod webhooks;
