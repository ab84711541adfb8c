//! Every cell stands in its column; what the file cannot hold is told; nothing of the resident's mail is handed over.

use super::*;

fn place(name: &str, address: &str, building: &str) -> Place {
    Place {
        name: name.into(),
        phone: "090-0000-0001".into(),
        postal_code: "1040061".into(),
        address: address.into(),
        building: building.into(),
    }
}

fn shipment(to: Place) -> Shipment {
    Shipment {
        reference: "P-0041".into(),
        to,
        goods: "ふるさとの\"味\"".into(),
        ships_on: "2026-06-01".parse().unwrap(),
        arrives_on: None,
        slot: "0812".into(),
        cool: Cool::Chilled,
    }
}

fn codes() -> B2Codes {
    B2Codes { slip: "0".into(), customer: "0855000000".into(), tariff: "01".into() }
}

fn sender() -> Place {
    place("架空町 ふるさと係", "島根県益田市架空町1-1", "")
}

fn rows(shipments: &[Shipment]) -> Vec<Vec<String>> {
    let bytes = render(shipments, &sender(), &codes()).unwrap();
    let text = encoding_rs::SHIFT_JIS.decode(&bytes).0.into_owned();
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn every_cell_stands_in_its_column() {
    let row = &rows(&[shipment(place("石見　花", "東京都中央区架空1-2-3", "架空荘101"))])[0];
    assert_eq!(row.len(), COLUMNS);
    let at = |column: usize| row[column - 1].as_str();
    let want = [
        (1, "P-0041"),
        (2, "0"),
        (3, "2"),
        (5, "2026/06/01"),
        (6, ""),
        (7, "0812"),
        (9, "090-0000-0001"),
        (11, "1040061"),
        (12, "東京都中央区架空1-2-3"),
        (13, "架空荘101"),
        (16, "石見　花"),
        (23, "島根県益田市架空町1-1"),
        (25, "架空町 ふるさと係"),
        (28, "ふるさとの\"味\""),
        (36, "0"),
        (40, "0855000000"),
        (42, "01"),
        (87, "0"),
        (95, ""),
    ];
    for (column, text) in want {
        assert_eq!(at(column), text, "column {column}");
    }
    assert!((48..=54).all(|column| at(column).is_empty()), "no address for notices is handed over");
}

#[test]
fn a_long_address_gives_its_end_to_the_building_and_is_never_cut() {
    let street = "東京都中央区架空町一丁目二番地三号";
    let long = format!("{street} 架空中央マンション東館八〇一号");
    let row = &rows(&[shipment(place("石見　花", &long, ""))])[0];
    assert_eq!((row[11].as_str(), row[12].as_str()), (street, "架空中央マンション東館八〇一号"));
    let unsplittable = shipment(place("石見　花", &street.repeat(2), ""));
    let fault = render(&[shipment(place("石見　花", street, "")), unsplittable], &sender(), &codes()).unwrap_err();
    assert_eq!(fault, CarrierFault { row: 2, column: 12, why: Why::TooLong(32) });
}

#[test]
fn what_the_code_page_lacks_and_what_is_missing_is_told() {
    let fault = |to| render(&[shipment(to)], &sender(), &codes()).unwrap_err();
    let street = "東京都中央区架空1-2-3";
    assert_eq!(fault(place("𠮷田　花", street, "")), CarrierFault { row: 1, column: 16, why: Why::Sign('𠮷') });
    assert_eq!(fault(place("", street, "")), CarrierFault { row: 1, column: 16, why: Why::Empty });
    assert_eq!(rows(&[shipment(place("髙橋　花", street, ""))])[0][15], "髙橋　花", "the code page has this one");
    let nobody = render(&[], &place("", street, ""), &codes()).unwrap_err();
    assert_eq!(nobody, CarrierFault { row: 0, column: 25, why: Why::Empty }, "the sender is row 0");
}
