//! A place as an officer types it: a name as it is said, with or without its prefecture, or a code.

use tsunagari_acts::ActError;
use tsunagari_kernel::municipality::{Municipality, MunicipalityCode, named};

/// A municipality or prefecture, when there is exactly one; nothing typed is none.
///
/// # Errors
/// `place_several`, `place_unknown` at `place`.
pub(in crate::office) fn place_typed(text: &str) -> Result<Option<Municipality>, ActError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(known) = MunicipalityCode::known(text) {
        return Ok(Some(*known));
    }
    match named(text).as_slice() {
        [one] => Ok(Some(**one)),
        [] => Err(ActError::refused_at("place", "place_unknown")),
        _ => Err(ActError::refused_at("place", "place_several")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_by_name_or_code_and_doubt_is_told() {
        assert_eq!(place_typed("島根県益田市").unwrap().map(|it| it.code.to_string()), Some("322041".into()));
        assert_eq!(place_typed("322041").unwrap().map(|it| it.short_name()), Some("益田市"));
        assert!(place_typed("").unwrap().is_none());
        for (text, code) in [("府中市", "place_several"), ("どこか", "place_unknown")] {
            let Err(ActError::Refused(reasons)) = place_typed(text) else { panic!("{text} is refused") };
            assert_eq!(reasons[0].code, code);
        }
    }
}
