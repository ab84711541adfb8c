//! Charts: gaps stay gaps, text is escaped, numbers are grouped.

use super::*;

fn masuda() -> YearChart {
    let year = |label: &str, target, actual| YearPoint { label: label.to_owned(), target, actual, note: String::new() };
    YearChart {
        id: "reach".to_owned(),
        title: "就活期に情報を届けられる学生数 <R4-R7>".to_owned(),
        description: "R7 1,457".to_owned(),
        target_label: "目標".to_owned(),
        actual_label: "実績".to_owned(),
        blank: "—".to_owned(),
        years: vec![
            year("R4", None, None),
            year("R5", Some(520), Some(498)),
            year("R6", Some(990), None),
            year("R7", Some(1457), Some(0)),
        ],
    }
}

#[test]
fn a_blank_target_is_a_gap_and_never_a_zero() {
    let svg = masuda().svg();
    // Legend 2, R5 2, R6 1, R7 2, as columns and as rows: a counted zero is drawn (flat) and labelled, a blank is not.
    assert_eq!(svg.matches("<rect").count(), 2 * 7, "{svg}");
    assert!(svg.contains("height=\"0\"") && svg.contains("width=\"0.0%\""));
    for text in [">—</text>", ">1,457</text>", ">0</text>"] {
        assert!(svg.matches(text).count() >= 2, "{text} in both: {svg}");
    }
}

#[test]
fn words_are_escaped_and_named() {
    let svg = masuda().svg();
    assert!(svg.contains("&lt;R4-R7&gt;") && !svg.contains("<R4"));
    assert!(
        svg.contains("role=\"img\"") && svg.contains("<title id=\"reach-t\">") && svg.contains("<desc id=\"reach-d\">")
    );
    assert_eq!(escape("\u{8}a\"'&"), " a&quot;&#39;&amp;");
}

#[test]
fn reasons_are_bars_and_small_ones_are_hidden() {
    let bar = |label: &str, count| Bar { label: label.to_owned(), count };
    let bars = vec![bar("同意がない", Some(1200)), bar("ブロック", Some(3)), bar("未登録", None)];
    let chart =
        BarChart { id: "why".into(), title: "理由".into(), description: String::new(), hidden: "1〜9".into(), bars };
    let svg = chart.svg();
    assert!(svg.contains("width=\"82.0%\"") && svg.contains(">1,200</text>") && svg.contains(">1〜9</text>"));
    assert!(svg.contains("width=\"0.3%\""), "a small count stays visible");
    assert_eq!(svg.matches("<rect").count(), 2, "a hidden count has no bar");
}

#[test]
fn the_axis_ends_on_a_round_number() {
    for (top, want) in [(4, 4), (5, 8), (567, 800), (1457, 2000), (2366, 4000), (1, 4)] {
        assert_eq!(ceiling(top), want);
    }
}
