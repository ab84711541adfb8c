//! Files that people exchange with the office: sheets in and out, files for banks and carriers, a carrier's list of numbers, QR codes, charts as SVG, tiles as a picture. Pure functions of bytes and
//! data; knows no person, no storage and no translated sentence. Leaves what a column means for a person to `acts`
//! (import), and where bytes come from or go to `web`. To add a document kind: a module here with one entry function.

pub mod b2;
pub mod carrier_file;
pub mod cell;
pub mod chart;
mod cp932;
pub mod ical;
pub mod qr;
pub mod sheet_in;
pub mod sheet_out;
pub mod tiles;
pub mod tracking;
pub mod yupri;
pub mod zengin;

pub use cell::Cell;
pub use sheet_in::{ImportField, Limits, Sheet, SheetError};
pub use sheet_out::{Column, SheetKind, SheetWriter, Written};
