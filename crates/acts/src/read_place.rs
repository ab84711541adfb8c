//! A place as an officer types it: a name as it is said, with or without its prefecture, or a code. Leaves where people live
//! to `keep_residence` and where schools are to `keep_enrolment` and `keep_school`.

use tsunagari_kernel::municipality::{Municipality, MunicipalityCode, named};

use crate::Reason;

/// A municipality or prefecture, when there is exactly one; nothing typed is none.
///
/// # Errors
/// `place_several`, `place_unknown` at `place`.
pub fn read_place(text: &str) -> Result<Option<Municipality>, Reason> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(known) = MunicipalityCode::known(text) {
        return Ok(Some(*known));
    }
    match named(text).as_slice() {
        [one] => Ok(Some(**one)),
        [] => Err(Reason::at("place", "place_unknown")),
        _ => Err(Reason::at("place", "place_several")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_by_name_or_code_and_doubt_is_told() {
        assert_eq!(read_place("島根県益田市").unwrap().map(|it| it.code.to_string()), Some("322041".into()));
        assert_eq!(read_place("322041").unwrap().map(|it| it.short_name()), Some("益田市"));
        assert!(read_place("").unwrap().is_none());
        for (text, code) in [("府中市", "place_several"), ("どこか", "place_unknown")] {
            assert_eq!(read_place(text).unwrap_err().code, code, "{text} is refused");
        }
    }
}
