//! Addresses as people type them.

use rstest::rstest;

use super::*;

#[rstest]
#[case("Hanako.Sato@Example.JP", "hanako.sato@example.jp")]
#[case("ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ", "hana@example.jp")]
#[case(" a..b@docomo.ne.jp ", "a..b@docomo.ne.jp")]
#[case("abc.@docomo.ne.jp", "abc.@docomo.ne.jp")]
#[case(".abc-_/@ezweb.ne.jp", ".abc-_/@ezweb.ne.jp")]
#[case("a+tag@sub.example.co.jp", "a+tag@sub.example.co.jp")]
fn emails(#[case] text: &str, #[case] want: &str) {
    assert_eq!(email(text).as_deref(), Ok(want));
}

#[rstest]
#[case("", AddressError::Empty)]
#[case("abc", AddressError::NotEmail)]
#[case("@example.jp", AddressError::NotEmail)]
#[case("a@", AddressError::NotEmail)]
#[case("a@localhost", AddressError::NotEmail)]
#[case("a@b@example.jp", AddressError::NotEmail)]
#[case("a@-example.jp", AddressError::NotEmail)]
#[case("a@example..jp", AddressError::NotEmail)]
#[case("a@192.168.0.1", AddressError::NotEmail)]
#[case("a\r\nBcc: b@example.jp", AddressError::NotEmail)]
#[case("a b@example.jp", AddressError::NotEmail)]
#[case("花子@example.jp", AddressError::NotEmail)]
#[case("<a@example.jp>", AddressError::NotEmail)]
fn no_emails(#[case] text: &str, #[case] want: AddressError) {
    assert_eq!(email(text), Err(want));
}

#[rstest]
#[case("090-1234-5678", "+819012345678")]
#[case("０９０−１２３４−５６７８", "+819012345678")]
#[case("090 1234 5678", "+819012345678")]
#[case("+81 90-1234-5678", "+819012345678")]
#[case("+81 (0)90 1234 5678", "+819012345678")]
#[case("0856-31-0000", "+81856310000")]
#[case("(03)1234-5678", "+81312345678")]
#[case("050-1234-5678", "+815012345678")]
#[case("0120-000-000", "+81120000000")]
fn phones(#[case] text: &str, #[case] want: &str) {
    assert_eq!(phone(text).as_deref(), Ok(want));
}

#[rstest]
#[case("")]
#[case("1234567")]
#[case("090-1234-567")]
#[case("03-1234-56789")]
#[case("+1 212 555 0100")]
#[case("00-1234-5678")]
#[case("090-1234-abcd")]
fn no_phones(#[case] text: &str) {
    assert!(phone(text).is_err());
}

#[rstest]
#[case("698-8650", Ok("698-8650"))]
#[case("〒６９８−８６５０", Ok("698-8650"))]
#[case("6988650", Ok("698-8650"))]
#[case("698-865", Err(AddressError::NotPostalCode))]
#[case("abc-defg", Err(AddressError::NotPostalCode))]
#[case("", Err(AddressError::Empty))]
fn postal_codes(#[case] text: &str, #[case] want: Result<&str, AddressError>) {
    assert_eq!(postal_code(text), want.map(str::to_owned));
}

#[rstest]
#[case("益田市常盤町１－２", "益田市 常盤町1-2", true)]
#[case("常盤町１−２ー３", "常盤町1-2‐3", true)]
#[case("常盤町１番２号　コーポＡ", "常盤町1番2号 コーポA", true)]
#[case("常盤町1-2", "常盤町12", false)]
#[case("コーポ常盤", "コ-ポ常盤", false)]
fn one_house_in_two_spellings(#[case] one: &str, #[case] other: &str, #[case] same: bool) {
    assert_eq!(comparable_address(one) == comparable_address(other), same);
}
