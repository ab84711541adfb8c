//! What an entry of the record counts, in words: how many of what, what a setting was and is, an answer of yes or no.
//! Codes without words are shown as they are kept. To add a setting: `audit-count-CODE`, where it is no number
//! `audit-answer-CODE-N`, in each locale.

use tsunagari_access::ActCode;
use tsunagari_i18n::Texts;
use tsunagari_kernel::FiscalYear;

/// What a setting was has the setting's code with this behind it.
const BEFORE: &str = "_before";

/// All counts of an entry in one line.
pub(super) fn words(t: Texts, counts: &[(ActCode, i64)]) -> String {
    let told: Vec<String> = counts
        .iter()
        .filter(|(what, _)| what.as_str().strip_suffix(BEFORE).is_none_or(|now| count_of(counts, now).is_none()))
        .map(|(what, n)| one(t, what.as_str(), *n, count_of(counts, &format!("{}{BEFORE}", what.as_str()))))
        .collect();
    told.join(t.get("audit-count-next").as_str())
}

fn count_of(counts: &[(ActCode, i64)], code: &str) -> Option<i64> {
    counts.iter().find(|(what, _)| what.as_str() == code).map(|(_, n)| *n)
}

/// The year of a target's code and which indicator's it is, from 1; a target that was or is blank has no number and stands
/// with a dash.
fn target(code: &str) -> Option<(FiscalYear, i64)> {
    let rest = code.strip_prefix("target_")?;
    let (year, of) = rest.split_once("_of_").unwrap_or((rest, "1"));
    Some((FiscalYear(year.parse().ok()?), of.parse().ok()?))
}

fn one(t: Texts, code: &str, n: i64, before: Option<i64>) -> String {
    if let Some((year, of)) = target(code.strip_suffix(BEFORE).unwrap_or(code)) {
        let year = t.fiscal_year(year);
        let what = match of {
            1 => t.one("audit-count-target", "year", year),
            of => t.two("audit-count-target-of", "year", year, "of", of),
        };
        let (was, is) = if code.ends_with(BEFORE) { (Some(n), None) } else { (before, Some(n)) };
        let value = |n: Option<i64>| n.map_or_else(|| t.blank(), |n| t.number(n));
        let told = [("what", what.into()), ("before", value(was).into()), ("after", value(is).into())];
        return t.with("audit-count-changed-to", &told);
    }
    let key = code.replace('_', "-");
    let what = t.find(format!("audit-count-{key}")).unwrap_or_else(|| code.to_owned());
    let value = |n: i64| t.find(format!("audit-answer-{key}-{n}")).unwrap_or_else(|| t.number(n));
    match before {
        Some(before) => t.with(
            "audit-count-changed-to",
            &[("what", what.into()), ("before", value(before).into()), ("after", value(n).into())],
        ),
        None => t.two("audit-count-is", "what", what, "n", value(n)),
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    fn told(counts: &[(&'static str, i64)]) -> String {
        let counts: Vec<(ActCode, i64)> = counts.iter().map(|(code, n)| (ActCode::of(code), *n)).collect();
        words(Texts::of(Locale::Ja), &counts)
    }

    #[test]
    fn a_setting_stands_with_what_it_was() {
        assert_eq!(told(&[("rows", 1_412), ("new", 3)]), "行 1,412、新規 3");
        assert_eq!(told(&[("guardian_age_before", 16), ("guardian_age", 18)]), "保護者の同意が要る年齢 16 → 18");
        assert_eq!(
            told(&[("past_put_right", 1), ("stale_counts_before", 1), ("stale_counts", 0)]),
            "過去の日の数え方 すべて変えた設定で数える、古い連絡先 数える → 数えない"
        );
        assert_eq!(told(&[("job_years_before", 1), ("job_years", 2)]), "就活期の年数 1 → 2");
        assert_eq!(told(&[("target_2025_before", 30), ("target_2025", 1_457)]), "令和7年度の目標 30 → 1,457");
        assert_eq!(
            told(&[("target_2024_before", 30), ("target_2026", 5)]),
            "令和6年度の目標 30 → —、令和8年度の目標 — → 5"
        );
        assert_eq!(told(&[("target_2025_of_2_before", 30)]), "2番目の指標の令和7年度の目標 30 → —");
        assert_eq!(told(&[("unheard_of", 2)]), "unheard_of 2");
    }
}
