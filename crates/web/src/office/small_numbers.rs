//! Counts of people by a reason, as a reader may see them: exact for who may see the people, else as a publication would show
//! them (trust.md 10). Leaves what is small to `figures`, and who may see what to `access`.

use tsunagari_access::Code;
use tsunagari_figures::{Shown, protect_list};

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

/// A count that stands alone, the total of a breakdown above all: exact, it would tell what is hidden in the breakdown.
pub fn one_as_seen(count: i64, may: &dyn Fn(Code) -> bool) -> Option<i64> {
    as_seen(&[count], may).into_iter().next().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_may_see_people_reads_small_numbers() {
        let counts = [412, 3, 12, 0];
        assert_eq!(as_seen(&counts, &|_| true), counts.map(Some));
        let seen = as_seen(&counts, &|code| code != Code::ViewPeople);
        assert_eq!(seen, [Some(410), None, None, Some(0)], "and none from which a small one could be computed");
        let alone = |count| one_as_seen(count, &|code| code != Code::ViewPeople);
        assert_eq!([0, 1, 9, 10, 53].map(alone), [Some(0), None, None, Some(10), Some(55)]);
        assert_eq!(one_as_seen(1, &|_| true), Some(1));
    }
}
