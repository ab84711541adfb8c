//! Counts of people by a reason, as a reader may see them: exact for who may see the people, else as a publication would show
//! them (trust.md 10). Leaves what is small to `figures`, and who may see what to `access`.

use tsunagari_access::Code;
use tsunagari_figures::{Shown, protect_list};
use tsunagari_i18n::Texts;

/// Counts that belong together, in their order; none where one is hidden. `may` is what the reader may do.
pub fn as_seen(counts: &[i64], may: &dyn Fn(Code) -> bool) -> Vec<Option<i64>> {
    if may(Code::ViewPeople) {
        return counts.iter().copied().map(Some).collect();
    }
    let counts: Vec<u64> = counts.iter().map(|count| u64::try_from(*count).unwrap_or_default()).collect();
    let seen = |shown: Shown| match shown {
        Shown::Rounded(people) => i64::try_from(people).ok(),
        Shown::Hidden => None,
    };
    protect_list(&counts).into_iter().map(seen).collect()
}

/// The same in words.
pub fn small_numbers(t: Texts, counts: &[i64], may: &dyn Fn(Code) -> bool) -> Vec<String> {
    let word = |seen: Option<i64>| seen.map_or_else(|| t.get("network-hidden"), |n| t.number(n));
    as_seen(counts, may).into_iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn only_who_may_see_people_reads_small_numbers() {
        let t = Texts::of(Locale::Ja);
        let counts = [412, 3, 12, 0];
        assert_eq!(small_numbers(t, &counts, &|_| true), ["412", "3", "12", "0"]);
        let told = small_numbers(t, &counts, &|code| code != Code::ViewPeople);
        assert_eq!(told, ["410", "―", "―", "0"], "and none from which a small one could be computed");
    }
}
