//! A list for the post's label program (ゆうプリR). It has no fixed layout: each office registers a filter that says which column is what
//! (formats.md 5). This is the layout the filter is made for: 14 columns with a header, CSV in code page 932 with CR LF. The office
//! itself stands in the program, not in the list. Addresses and names go over to the next cell after 50 bytes, never within a
//! character; what does not fit is told.

use tsunagari_benefits::shipment::Shipment;

use crate::carrier_file::{self, CarrierFault, Why};
use crate::cp932;

/// The header: what the office's filter maps each column to.
pub const HEADER: [&str; 14] = [
    "お客様側管理番号",
    "発送予定日",
    "郵便種別",
    "元払・着払・代引",
    "お届け先郵便番号",
    "お届け先住所1",
    "お届け先住所2",
    "お届け先住所3",
    "お届け先名称1",
    "お届け先名称2",
    "お届け先電話番号",
    "配達希望日",
    "配達希望時間帯",
    "記事名1",
];

/// The most bytes of a cell of an address or a name.
const CELL: usize = 50;
/// The most bytes of a receipt.
const REFERENCE: usize = 15;
/// ゆうパック, and that the sender pays.
const PARCEL: &str = "0";
const PREPAID: &str = "0";

/// The list.
///
/// # Errors
/// The first cell that cannot be held; rows are counted without the header.
pub fn render(shipments: &[Shipment]) -> Result<Vec<u8>, CarrierFault> {
    let mut out = Vec::new();
    carrier_file::write(&HEADER.map(str::to_owned), 0, &mut out)?;
    for (row, it) in (1..).zip(shipments) {
        let to = &it.to;
        let address = [to.address.as_str(), &to.building].into_iter().filter(|part| !part.is_empty());
        let address = address.collect::<Vec<_>>().join("\u{3000}");
        for (column, text) in [(1, &it.reference), (5, &to.postal_code), (6, &address), (9, &to.name), (11, &to.phone)]
        {
            if text.is_empty() {
                return Err(CarrierFault { row, column, why: Why::Empty });
            }
        }
        let [one, two, three] = split::<3>(&address, (6, row))?;
        let [name, more] = split::<2>(&to.name, (9, row))?;
        let day = |it: chrono::NaiveDate| it.format("%Y%m%d").to_string();
        let cells = [
            within(&it.reference, REFERENCE, (1, row))?,
            day(it.ships_on),
            PARCEL.to_owned(),
            PREPAID.to_owned(),
            to.postal_code.clone(),
            one,
            two,
            three,
            name,
            more,
            to.phone.clone(),
            it.arrives_on.map(day).unwrap_or_default(),
            it.slot.clone(),
            within(&it.goods, CELL, (14, row))?,
        ];
        carrier_file::write(&cells, row, &mut out)?;
    }
    Ok(out)
}

fn bytes_of(sign: char) -> usize {
    // What the code page does not have is told when it is written.
    cp932::encode_one(sign).map_or(2, |bytes| bytes.len())
}

fn within(text: &str, most: usize, (column, row): (usize, usize)) -> Result<String, CarrierFault> {
    let bytes: usize = text.chars().map(bytes_of).sum();
    // Said in characters of full width, which is how people count.
    if bytes > most { Err(CarrierFault { row, column, why: Why::TooLong(most / 2) }) } else { Ok(text.to_owned()) }
}

/// A text in cells of at most `CELL` bytes, never within a character.
fn split<const CELLS: usize>(text: &str, (column, row): (usize, usize)) -> Result<[String; CELLS], CarrierFault> {
    let mut cells = [const { String::new() }; CELLS];
    let (mut at, mut bytes) = (0, 0);
    for sign in text.chars() {
        let more = bytes_of(sign);
        if bytes + more > CELL {
            (at, bytes) = (at + 1, 0);
        }
        let cell = cells.get_mut(at).ok_or(CarrierFault { row, column, why: Why::TooLong(CELLS * CELL / 2) })?;
        cell.push(sign);
        bytes += more;
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use tsunagari_benefits::shipment::{Cool, Place};

    use super::*;

    fn shipment(name: &str, address: &str, building: &str) -> Shipment {
        Shipment {
            reference: "P00041-1".into(),
            to: Place {
                name: name.into(),
                phone: "090-0000-0001".into(),
                postal_code: "104-0061".into(),
                address: address.into(),
                building: building.into(),
            },
            goods: "ふるさとの味".into(),
            ships_on: "2026-06-01".parse().unwrap(),
            arrives_on: "2026-06-03".parse().ok(),
            slot: String::new(),
            cool: Cool::Plain,
        }
    }

    fn rows(shipments: &[Shipment]) -> Vec<Vec<String>> {
        let bytes = render(shipments).unwrap();
        let text = encoding_rs::SHIFT_JIS.decode(&bytes).0.into_owned();
        assert!(text.ends_with("\r\n"));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_header_and_a_row_of_fourteen_cells_each() {
        let all = rows(&[shipment("石見　花", "東京都中央区架空1-2-3", "架空荘101")]);
        assert_eq!(all[0], HEADER);
        let want = [
            "P00041-1",
            "20260601",
            "0",
            "0",
            "104-0061",
            "東京都中央区架空1-2-3　架空荘101",
            "",
            "",
            "石見　花",
            "",
            "090-0000-0001",
            "20260603",
            "",
            "ふるさとの味",
        ];
        assert_eq!(all[1], want);
    }

    #[test]
    fn a_long_address_goes_over_between_characters_and_loses_nothing() {
        let long = format!("a{}", "県".repeat(60));
        let row = &rows(&[shipment("石見　花", &long, "")])[1];
        assert_eq!(row[5].chars().count(), 25, "49 bytes: one more character would be cut in two");
        assert_eq!(row[5..8].concat(), long);
        let too_long = render(&[shipment("石見　花", &"県".repeat(76), "")]).unwrap_err();
        assert_eq!(too_long, CarrierFault { row: 1, column: 6, why: Why::TooLong(75) });
    }

    #[test]
    fn what_the_list_cannot_hold_is_told() {
        let fault =
            |name: &str| render(&[shipment("石見　花", "東京都", ""), shipment(name, "東京都", "")]).unwrap_err();
        assert_eq!(fault("𠮷田　花"), CarrierFault { row: 2, column: 9, why: Why::Sign('𠮷') });
        assert_eq!(fault(""), CarrierFault { row: 2, column: 9, why: Why::Empty });
    }
}
