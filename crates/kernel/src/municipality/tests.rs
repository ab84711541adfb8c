//! Vectors of formats.md 1 and the claims made about the check digit.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[rstest]
#[case("010006", "北海道")]
#[case("011002", "札幌市")]
#[case("122271", "浦安市")]
#[case("130001", "東京都")]
#[case("131016", "千代田区")]
#[case("221309", "浜松市")]
#[case("270008", "大阪府")]
#[case("401307", "福岡市")]
#[case("472018", "那覇市")]
fn vectors(#[case] code: &str, #[case] name: &str) {
    let found = MunicipalityCode::known(code).unwrap();
    assert_eq!(found.short_name(), name);
    assert_eq!(found.code.to_string(), code);
    assert_eq!(MunicipalityCode::complete(&code[..5]), Ok(found.code));
}

#[test]
fn the_table_is_whole() {
    assert_eq!(all().len(), 1788, "a line of the table has a wrong check digit or kind");
    assert_eq!(prefectures().count(), 47);
    assert_eq!(all().iter().filter(|m| m.kind != MunicipalityKind::Prefecture).count(), 1741);
    for m in all() {
        assert_eq!(m.code.prefecture().lookup().unwrap().prefecture, m.prefecture);
        assert_eq!(m.code.is_prefecture(), m.kind == MunicipalityKind::Prefecture);
        assert_eq!(named(&m.full_name()).iter().filter(|found| found.code == m.code).count(), 1);
    }
}

#[rstest]
#[case("32204", CodeError::NotSixDigits)]
#[case("322042", CodeError::CheckDigit)]
#[case("32204a", CodeError::NotSixDigits)]
#[case("", CodeError::NotSixDigits)]
#[case("322040", CodeError::CheckDigit)]
fn refused(#[case] text: &str, #[case] want: CodeError) {
    assert_eq!(MunicipalityCode::parse(text), Err(want));
}

#[test]
fn a_well_formed_code_may_be_unknown() {
    let code = MunicipalityCode::complete("32999").unwrap();
    assert_eq!(MunicipalityCode::known(&code.to_string()), Err(CodeError::Unknown));
}

#[test]
fn names_may_need_their_prefecture() {
    assert_eq!(named("府中市").len(), 2);
    assert_eq!(named("広島県府中市").len(), 1);
    assert_eq!(named_in("広島県", "府中市").unwrap().code.to_string(), "342084");
    assert_eq!(named("鹿足郡津和野町")[0].code.to_string(), "325015");
    assert_eq!(named("存在しない市").len(), 0);
    assert_eq!(named_in("島根県", "府中市"), None);
    assert_eq!(starting_with("益田", 3)[0].name, "益田市");
    assert!(starting_with("ますだ", 3).iter().any(|m| m.name == "益田市"));
    assert_eq!(MunicipalityCode::parse("３２２０４１").unwrap().to_string(), "322041");
}

#[test]
fn serde_keeps_the_leading_zero() {
    let code = MunicipalityCode::parse("010006").unwrap();
    assert_eq!(String::from(code), "010006");
    assert!(MunicipalityCode::try_from("010007".to_owned()).is_err());
}

fn residue(five: u32) -> u32 {
    [10_000, 1000, 100, 10, 1].iter().zip([6, 5, 4, 3, 2]).map(|(p, w)| five / p % 10 * w).sum::<u32>() % 11
}

proptest! {
    /// Modulus 11 with weights 6 to 2 finds every single wrong digit but those between the residues 0 and 10.
    #[test]
    fn a_wrong_digit_is_found(index in 0usize..1788, place in 0u32..5, add in 1u32..10) {
        let code = all()[index].code.0;
        let unit = 10u32.pow(place + 1);
        let old = code / unit % 10;
        let wrong = code - old * unit + (old + add) % 10 * unit;
        let blind = matches!((residue(code / 10), residue(wrong / 10)), (0, 10) | (10, 0));
        let refused = MunicipalityCode::parse(&format!("{wrong:06}")).is_err();
        prop_assert!(blind || refused);
    }

    #[test]
    fn swapped_neighbours_are_found(index in 0usize..1788, place in 1u32..5) {
        let code = all()[index].code.0;
        let (low, high) = (10u32.pow(place), 10u32.pow(place + 1));
        let (a, b) = (code / low % 10, code / high % 10);
        prop_assume!(a != b);
        let wrong = code - a * low - b * high + b * low + a * high;
        let blind = matches!((residue(code / 10), residue(wrong / 10)), (0, 10) | (10, 0));
        // A blind pair may still be refused for another reason: no prefecture begins so.
        let refused = MunicipalityCode::parse(&format!("{wrong:06}")).is_err();
        prop_assert!(blind || refused);
    }
}
