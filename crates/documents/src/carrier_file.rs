//! What the files of carriers have in common: rows of quoted cells in code page 932 with CR LF, and a fault that names row and column.
//! Nothing is cut or replaced. Leaves which cell holds what to the carriers' own modules.

use crate::cp932;

/// What a file cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, column {column}: {why}")]
pub struct CarrierFault {
    /// The shipment's place, from 1; 0 for the sender.
    pub row: usize,
    /// The column, from 1.
    pub column: usize,
    /// Why.
    pub why: Why,
}

/// Why a cell cannot be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Why {
    /// Longer than so many characters.
    TooLong(usize),
    /// A character the code page does not have.
    Sign(char),
    /// Nothing where there must be something.
    Empty,
}

impl Why {
    /// The public code, as in the locale keys `carrier-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong(_) => "carrier_too_long",
            Self::Sign(_) => "carrier_sign",
            Self::Empty => "carrier_empty",
        }
    }
}

/// A row, each cell in quotes, a quotation mark doubled.
///
/// # Errors
/// The first cell with a character the code page does not have.
pub(crate) fn write(cells: &[String], row: usize, out: &mut Vec<u8>) -> Result<(), CarrierFault> {
    for (column, cell) in (1..).zip(cells) {
        if column > 1 {
            out.push(b',');
        }
        let quoted = format!("\"{}\"", cell.replace('"', "\"\"").replace(['\r', '\n'], " "));
        let bytes = cp932::encode(&quoted).map_err(|sign| CarrierFault { row, column, why: Why::Sign(sign) })?;
        out.extend(bytes);
    }
    out.extend(b"\r\n");
    Ok(())
}
