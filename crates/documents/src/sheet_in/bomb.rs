//! Guards against archives that unpack to far more than they weigh: everything is unpacked once into nothing and counted,
//! because the sizes an archive states about itself cannot be trusted.

use std::io::{self, Cursor, Read};

use super::{Limit, Limits, SheetError};

/// More parts than any workbook made by an office program has.
const MAX_PARTS: usize = 5_000;

/// Refuses an archive whose parts together unpack to more than the limit, or that asks for a password.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), SheetError> {
    let damaged = |error: zip::result::ZipError| SheetError::Damaged(error.to_string());
    let too_large = SheetError::TooLarge { limit: Limit::UnpackedBytes, allowed: limits.unpacked_bytes };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(too_large);
    }
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        if archive.by_index_raw(index).map_err(damaged)?.encrypted() {
            return Err(SheetError::Encrypted);
        }
        let part = archive.by_index(index).map_err(damaged)?;
        let read = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|error| SheetError::Damaged(error.to_string()))?;
        left = left.checked_sub(read).ok_or_else(|| too_large.clone())?;
    }
    Ok(())
}
