//! Every record has 120 bytes and every field stands at its place; the same list gives the same bytes.

use rstest::rstest;
use tsunagari_benefits::{
    Account, AccountKind, AccountNumber, BankCode, BankKana, BranchCode, Requester, TransferList,
};
use tsunagari_kernel::Yen;

use super::*;

fn account(bank: &str, branch: &str, number: &str, holder: &str) -> Account {
    Account {
        bank: BankCode::parse(bank).unwrap(),
        branch: BranchCode::parse(branch).unwrap(),
        kind: AccountKind::Ordinary,
        number: AccountNumber::parse(number).unwrap(),
        holder: BankKana::parse(holder).unwrap(),
    }
}

fn list() -> TransferList {
    let requester = Requester {
        code: "0012345678".into(),
        name: BankKana::parse("マスダシ").unwrap(),
        bank: BankCode::parse("0167").unwrap(),
        branch: BranchCode::parse("001").unwrap(),
        kind: AccountKind::Current,
        number: AccountNumber::parse("7654321").unwrap(),
    };
    let lines = vec![
        Line { account: account("9900", "058", "1234567", "ヤマダ ハナコ"), yen: Yen(1_200), reference: 41 },
        Line { account: account("0001", "123", "9", "サトウ ジロウ"), yen: Yen(8_000), reference: 42 },
    ];
    TransferList::of(requester, "2026-11-24".parse().unwrap(), lines, "2026-11-20".parse().unwrap()).unwrap()
}

/// Reads a field as the banks do: CP932, of which one-byte signs are a part.
fn field(bytes: &[u8], record: usize, at: usize, width: usize) -> String {
    let start = record * RECORD + at;
    encoding_rs::SHIFT_JIS.decode(&bytes[start..start + width]).0.into_owned()
}

#[rstest]
#[case(0, 0, 1, "1")]
#[case(0, 1, 2, "21")]
#[case(0, 3, 1, "0")]
#[case(0, 4, 10, "0012345678")]
#[case(0, 14, 6, "ﾏｽﾀﾞｼ ")]
#[case(0, 54, 4, "1124")]
#[case(0, 58, 4, "0167")]
#[case(0, 77, 3, "001")]
#[case(0, 95, 1, "2")]
#[case(0, 96, 7, "7654321")]
#[case(1, 0, 1, "2")]
#[case(1, 1, 4, "9900")]
#[case(1, 20, 3, "058")]
#[case(1, 38, 4, "0000")]
#[case(1, 42, 1, "1")]
#[case(1, 43, 7, "1234567")]
#[case(1, 50, 9, "ﾔﾏﾀﾞ ﾊﾅｺ ")]
#[case(1, 80, 10, "0000001200")]
#[case(1, 90, 1, "0")]
#[case(1, 91, 10, "0000000041")]
#[case(1, 111, 1, "7")]
#[case(1, 112, 8, "        ")]
#[case(2, 43, 7, "0000009")]
#[case(2, 50, 9, "ｻﾄｳ ｼﾞﾛｳ ")]
#[case(3, 0, 19, "8000002000000009200")]
#[case(4, 0, 3, "9  ")]
fn a_field_stands_at_its_place(#[case] record: usize, #[case] at: usize, #[case] width: usize, #[case] want: &str) {
    assert_eq!(field(&render(&list(), Layout::default()), record, at, width), want);
}

#[test]
fn every_record_has_its_bytes_and_the_same_list_the_same() {
    let plain = render(&list(), Layout::default());
    assert_eq!(plain.len(), 5 * RECORD);
    assert_eq!(render(&list(), Layout::default()), plain);
    let broken = render(&list(), Layout { line_breaks: true, end_of_file: true, ..Layout::default() });
    assert_eq!(broken.len(), 5 * (RECORD + 2) + 1);
    assert!(broken.chunks(RECORD + 2).take(5).all(|record| record.ends_with(b"\r\n")));
    assert_eq!(broken.last(), Some(&0x1A));
    let blank = render(&list(), Layout { blank_clearing_house: true, ..Layout::default() });
    assert_eq!(field(&blank, 1, 38, 4), "    ");
}
