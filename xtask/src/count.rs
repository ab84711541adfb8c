//! Counting tests: reads the closing lines of nextest, `cargo test` and the browser runner. Leaves running them to
//! their steps.

use std::ops::AddAssign;

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that ran and held.
    pub passed: u64,
    /// Tests that ran and did not hold, timed out or could not be started.
    pub failed: u64,
}

impl Count {
    /// Whether no test ran at all.
    pub fn is_empty(self) -> bool {
        self.passed + self.failed == 0
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Sums every closing line in what a test runner printed. What a failed test printed itself is shown indented, its own closing
/// line with it: that is the same failure once more.
pub fn read(output: &str) -> Count {
    let mut total = Count::default();
    for line in output.lines().map(str::trim_end) {
        if line.trim_start().starts_with("Summary [") || line.starts_with("test result: ") || is_plain(line) {
            total.passed += number_before(line, "passed");
            for word in ["failed", "timed out", "exec failed"] {
                total.failed += number_before(line, word);
            }
        }
    }
    total
}

/// `N passed, N failed` and nothing else.
fn is_plain(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    !line.starts_with(' ')
        && matches!(words.as_slice(), [passed, "passed,", failed, "failed"]
        if passed.parse::<u64>().is_ok() && failed.parse::<u64>().is_ok())
}

fn number_before(line: &str, word: &str) -> u64 {
    line.split([',', ';', ':', '.', ']'])
        .filter_map(|part| {
            let part = part.split('(').next().unwrap_or(part).trim();
            part.strip_suffix(word)?.trim().parse::<u64>().ok()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_summaries_are_read() {
        let text = "     Summary [   0.012s] 12 tests run: 9 passed (1 slow), 2 failed, 1 timed out, 3 skipped\n";
        assert_eq!(read(text), Count { passed: 9, failed: 3 });
    }

    #[test]
    fn cargo_test_results_are_summed() {
        let text = "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(read(text), Count { passed: 6, failed: 2 });
    }

    #[test]
    fn what_a_failed_test_printed_is_not_counted_again() {
        let text = "        FAIL [   5.090s] a::b\n  stdout ───\n    test result: FAILED. 0 passed; 1 failed; 0 ignored\n\
                    \n     Summary [   9.000s] 3 tests run: 2 passed, 1 failed, 0 skipped\n";
        assert_eq!(read(text), Count { passed: 2, failed: 1 });
    }

    #[test]
    fn the_plain_line_is_read_and_talk_about_tests_is_not() {
        assert_eq!(read("4 passed, 1 failed\nlast time 9 passed, 9 failed\n"), Count { passed: 4, failed: 1 });
    }
}
