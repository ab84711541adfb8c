//! Telephone numbers as people in Japan write them: from the one form they are stored in to `090-1234-5678`. The digits are
//! always those of the number; the hyphens go by the length of its area code, and where that is not listed here by the
//! commonest length. Leaves reading numbers to `contact`.

/// Area codes of one digit after the 0, with what follows where that decides.
const ONE: &[&str] = &["3", "6", "429", "4709", "471"];
/// Area codes of two digits after the 0 (large towns), with the first digit of their exchanges where the same two digits
/// begin longer codes as well.
const TWO: &[&str] = &[
    "11", "177", "188", "196", "222", "227", "236", "245", "249", "252", "253", "262", "272", "273", "286", "292",
    "298", "423", "424", "425", "426", "427", "432", "433", "434", "44", "45", "462", "468", "473", "474", "482",
    "483", "484", "485", "486", "487", "488", "489", "492", "52", "534", "542", "543", "546", "552", "559", "582",
    "583", "592", "593", "722", "724", "726", "727", "728", "729", "734", "75", "762", "764", "775", "78", "792",
    "822", "825", "828", "832", "839", "849", "862", "864", "869", "878", "886", "888", "899", "922", "923", "924",
    "925", "926", "927", "928", "929", "932", "933", "934", "935", "936", "937", "938", "939", "958", "962", "963",
    "975", "988", "989", "992",
];
/// Area codes of four digits after the 0: small islands and valleys, Oki among them.
const FOUR: &[&str] = &[
    "1267", "1372", "1374", "1377", "1392", "1397", "1398", "1456", "1457", "1466", "1547", "1558", "1564", "1586",
    "1587", "1632", "1634", "1635", "1648", "1654", "1655", "1656", "1658", "4992", "4994", "4996", "4998", "5769",
    "5979", "7468", "8387", "8388", "8396", "8477", "8512", "8514", "8636", "9496", "9802", "9912", "9913", "9969",
];
/// Free and shared-cost numbers: three digits, three, three.
const SHARED: &[&str] = &["120", "570", "990"];

/// A number in E.164 as it is written in Japan; anything else as it stands.
pub fn national(e164: &str) -> String {
    let Some(digits) = e164.strip_prefix("+81").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) else {
        return e164.to_owned();
    };
    let begins = |list: &[&str]| list.iter().any(|code| digits.starts_with(code));
    let (area, line) = match digits.len() {
        // Mobile, IP and M2M numbers.
        10 => (2, 4),
        9 if begins(SHARED) => (3, 3),
        9 if begins(FOUR) => (4, 4),
        9 if begins(TWO) => (2, 4),
        9 if begins(ONE) => (1, 4),
        9 => (3, 4),
        _ => return format!("0{digits}"),
    };
    let (code, rest) = digits.split_at(area);
    let (exchange, line) = rest.split_at(rest.len() - line);
    format!("0{code}-{exchange}-{line}")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::phone;
    use super::*;

    #[rstest]
    #[case("090-1234-5678")]
    #[case("050-1234-5678")]
    #[case("0854-31-0000")]
    #[case("0856-31-0000")]
    #[case("08514-2-0000")]
    #[case("03-1234-5678")]
    #[case("06-1234-5678")]
    #[case("011-200-0000")]
    #[case("082-200-0000")]
    #[case("0826-20-0000")]
    #[case("04-7100-0000")]
    #[case("0120-000-000")]
    fn a_number_is_written_as_at_home_and_read_again(#[case] written: &str) {
        assert_eq!(national(&phone(written).unwrap()), written);
    }

    #[rstest]
    #[case("")]
    #[case("+12125550100")]
    #[case("hanako@example.jp")]
    #[case("+81 90")]
    fn what_is_no_japanese_number_stays(#[case] text: &str) {
        assert_eq!(national(text), text);
    }

    #[test]
    fn a_number_of_another_length_keeps_its_digits() {
        assert_eq!(national("+8112345"), "012345");
        assert_eq!(national("+81"), "0");
    }
}
