//! Findings as a whole: waivers and order.

use super::{House, findings};

#[test]
fn a_waiver_needs_its_rule_and_a_reason() {
    let of = |comment: &str| {
        let text = format!("//! A header.\n{comment}\nlet a = Utc::now();\n");
        findings(&House::of(&[("crates/people/src/a.rs", &text)])).len()
    };
    assert_eq!(of("// plain"), 1);
    assert_eq!(of("// tidy: allow(purity)"), 1);
    assert_eq!(of("// tidy: allow(sql) the reason is long enough"), 1);
    assert_eq!(of("// tidy: allow(purity) the only place that may ask"), 0);
}
