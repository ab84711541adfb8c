//! The countries of ISO 3166-1 by their two-letter codes. Leaves their names to whoever shows them.

/// Every code that is assigned (ISO 3166-1 alpha-2, 249 of them), in order.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM \
    FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR \
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS \
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ \
    UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// The code of a country as typed, in capitals; none when no country has it.
pub fn read(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    CODES.split_whitespace().any(|it| it == code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_country_has_is_none() {
        assert_eq!(CODES.split_whitespace().count(), 249);
        assert!(CODES.split_whitespace().all(|it| it.len() == 2) && CODES.split_whitespace().is_sorted());
        assert_eq!(read(" kr ").as_deref(), Some("KR"));
        assert_eq!(read("JP").as_deref(), Some("JP"));
        for nothing in ["", "XX", "ZZ", "K", "KOR", "KR JP", "韓国"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
