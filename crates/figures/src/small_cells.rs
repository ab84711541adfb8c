//! Small numbers in breakdowns and publications (trust.md 10): 1-9 are hidden, so are complementary cells from which they
//! could be computed, the rest is rounded to 5. Official totals of an indicator stay exact and do not pass through here.

use serde::Serialize;

/// Counts from 1 to this are hidden.
pub const SMALL: u64 = 9;

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Nobody, or a number rounded to 5.
    Rounded(u64),
    /// Hidden because it is small, or because a small one could be computed from it.
    Hidden,
}

/// One breakdown whose total may be known elsewhere.
pub fn protect_list(counts: &[u64]) -> Vec<Shown> {
    let mut hidden: Vec<bool> = counts.iter().map(|count| is_small(*count)).collect();
    hide_a_second(&mut hidden, counts);
    show(counts, &hidden)
}

/// A table of rows and columns whose margins may be known elsewhere. Rows must be equally long; missing cells of a short
/// row count as absent.
pub fn protect_table(rows: &[Vec<u64>]) -> Vec<Vec<Shown>> {
    let mut hidden: Vec<Vec<bool>> =
        rows.iter().map(|row| row.iter().map(|count| is_small(*count)).collect()).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    // Hiding one cell for its row can leave its column with a single hidden cell, so both are repeated until nothing
    // changes; every round hides at least one more cell, so it ends.
    let mut changed = true;
    while changed {
        changed = false;
        for (marks, counts) in hidden.iter_mut().zip(rows) {
            changed |= hide_a_second(marks, counts);
        }
        for column in 0..width {
            let present: Vec<usize> = (0..rows.len()).filter(|row| column < rows[*row].len()).collect();
            let counts: Vec<u64> = present.iter().map(|row| rows[*row][column]).collect();
            let mut marks: Vec<bool> = present.iter().map(|row| hidden[*row][column]).collect();
            if hide_a_second(&mut marks, &counts) {
                changed = true;
                for (row, mark) in present.iter().zip(marks) {
                    hidden[*row][column] = mark;
                }
            }
        }
    }
    rows.iter().zip(&hidden).map(|(counts, marks)| show(counts, marks)).collect()
}

const fn is_small(count: u64) -> bool {
    count >= 1 && count <= SMALL
}

/// A single hidden cell is its total minus the others: the smallest other one is hidden too, people before zeros.
fn hide_a_second(hidden: &mut [bool], counts: &[u64]) -> bool {
    if hidden.iter().filter(|mark| **mark).count() != 1 {
        return false;
    }
    let open = (0..counts.len()).filter(|index| !hidden[*index]);
    match open.min_by_key(|index| (counts[*index] == 0, counts[*index])) {
        Some(index) => {
            hidden[index] = true;
            true
        }
        None => false,
    }
}

fn show(counts: &[u64], hidden: &[bool]) -> Vec<Shown> {
    let rounded = |count: u64| (count.saturating_add(2)) / 5 * 5;
    counts
        .iter()
        .zip(hidden)
        .map(|(count, mark)| if *mark { Shown::Hidden } else { Shown::Rounded(rounded(*count)) })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Shown::*;
    use super::*;

    #[test]
    fn small_and_complementary_cells_are_hidden() {
        assert_eq!(protect_list(&[3, 40, 12, 0]), [Hidden, Rounded(40), Hidden, Rounded(0)]);
        assert_eq!(protect_list(&[9, 1, 13]), [Hidden, Hidden, Rounded(15)]);
        assert_eq!(protect_list(&[10, 12, 0]), [Rounded(10), Rounded(10), Rounded(0)]);
        assert_eq!(protect_list(&[4, 0]), [Hidden, Hidden]);
        assert_eq!(protect_list(&[4]), [Hidden]);
    }

    proptest! {
        #[test]
        fn no_row_or_column_hides_exactly_one(rows in prop::collection::vec(prop::collection::vec(0u64..40, 4), 2..6)) {
            let shown = protect_table(&rows);
            for (row, counts) in shown.iter().zip(&rows) {
                prop_assert_ne!(row.iter().filter(|cell| **cell == Hidden).count(), 1);
                for (cell, count) in row.iter().zip(counts) {
                    prop_assert!(!is_small(*count) || *cell == Hidden);
                }
            }
            for column in 0..4 {
                prop_assert_ne!(shown.iter().filter(|row| row[column] == Hidden).count(), 1);
            }
        }
    }
}
