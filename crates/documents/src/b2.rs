//! A carrier's import file (ヤマト B2クラウド, basic layout of 95 columns; formats.md 4): CSV in code page 932 with CR LF. What
//! the carrier changes over time is in `B2Codes`. Nothing is cut or replaced: what the file cannot hold is told with row and
//! column. The columns for notices by mail stay empty: they would hand the resident's address to the carrier.

use tsunagari_benefits::shipment::{Cool, Place, Shipment};

use crate::carrier_file::{self, CarrierFault, Why};

/// Columns of a row.
pub const COLUMNS: usize = 95;

/// What the carrier gives or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct B2Codes {
    /// 送り状種類: the sort of slip.
    pub slip: String,
    /// ご請求先顧客コード: the customer who pays.
    pub customer: String,
    /// 運賃管理番号: the tariff's number.
    pub tariff: String,
}

/// The columns that are filled, by their number; and how many characters they hold.
mod column {
    pub const REFERENCE: (usize, usize) = (1, 20);
    pub const SLIP: usize = 2;
    pub const COOL: usize = 3;
    pub const SHIPS_ON: usize = 5;
    pub const ARRIVES_ON: usize = 6;
    pub const SLOT: usize = 7;
    /// Where to: telephone, postal code, address, building, name.
    pub const TO: [(usize, usize); 5] = [(9, 15), (11, 8), (12, 32), (13, 16), (16, 16)];
    /// From whom, likewise.
    pub const FROM: [(usize, usize); 5] = [(20, 15), (22, 8), (23, 32), (24, 16), (25, 16)];
    pub const GOODS: (usize, usize) = (28, 25);
    pub const CUSTOMER: usize = 40;
    pub const TARIFF: usize = 42;
    /// What must hold a 0 to say that it is not asked for: holding at an office, paying on the web, collecting for others, the
    /// three notices by mail of a parcel put into a box.
    pub const NOT_ASKED_FOR: [usize; 6] = [36, 43, 55, 87, 90, 93];
}

/// The file.
///
/// # Errors
/// The first cell that cannot be held.
pub fn render(shipments: &[Shipment], from: &Place, codes: &B2Codes) -> Result<Vec<u8>, CarrierFault> {
    let mut out = Vec::new();
    let sender = cells_of(from, &column::FROM, 0)?;
    for (row, it) in (1..).zip(shipments) {
        let mut cells = vec![String::new(); COLUMNS];
        let mut put = |column: usize, text: String| cells[column - 1] = text;
        for (column, text) in sender.iter().cloned().chain(cells_of(&it.to, &column::TO, row)?) {
            put(column, text);
        }
        for (column, text) in [(column::REFERENCE, &it.reference), (column::GOODS, &it.goods)] {
            put(column.0, fits(text, column, row)?);
        }
        put(column::SLIP, codes.slip.clone());
        put(column::COOL, cool(it.cool).into());
        put(column::SHIPS_ON, it.ships_on.format("%Y/%m/%d").to_string());
        put(column::ARRIVES_ON, it.arrives_on.map(|day| day.format("%Y/%m/%d").to_string()).unwrap_or_default());
        put(column::SLOT, it.slot.clone());
        put(column::CUSTOMER, codes.customer.clone());
        put(column::TARIFF, codes.tariff.clone());
        column::NOT_ASKED_FOR.iter().for_each(|column| put(*column, "0".into()));
        carrier_file::write(&cells, row, &mut out)?;
    }
    Ok(out)
}

const fn cool(it: Cool) -> &'static str {
    match it {
        Cool::Plain => "0",
        Cool::Frozen => "1",
        Cool::Chilled => "2",
    }
}

fn cells_of(it: &Place, columns: &[(usize, usize); 5], row: usize) -> Result<Vec<(usize, String)>, CarrierFault> {
    let (address, building) = split(it, columns[2].1);
    let texts = [it.phone.as_str(), &it.postal_code, &address, &building, &it.name];
    let must = |column: &(usize, usize), text: &str| {
        let empty = text.is_empty() && column.0 != columns[3].0;
        if empty { Err(CarrierFault { row, column: column.0, why: Why::Empty }) } else { fits(text, *column, row) }
    };
    columns.iter().zip(texts).map(|(column, text)| Ok((column.0, must(column, text)?))).collect()
}

/// An address that is too long gives what stands behind its last space to the building's column, where that is free.
fn split(it: &Place, most: usize) -> (String, String) {
    let whole = || (it.address.clone(), it.building.clone());
    if it.address.chars().count() <= most || !it.building.is_empty() {
        return whole();
    }
    match it.address.trim_end().rsplit_once([' ', '\u{3000}']) {
        Some((address, building)) => (address.trim_end().to_owned(), building.to_owned()),
        None => whole(),
    }
}

fn fits(text: &str, (column, most): (usize, usize), row: usize) -> Result<String, CarrierFault> {
    if text.chars().count() > most {
        return Err(CarrierFault { row, column, why: Why::TooLong(most) });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
