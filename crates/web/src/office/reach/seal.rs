//! What a frozen list says for itself, in words: whether number, people and seal belong together, and how many were erased
//! since. Leaves the checking to `tsunagari_figures::seal`.

use tsunagari_figures::seal::{Fault, Verdict};
use tsunagari_i18n::Texts;

use super::panel::count;
use crate::shell::Tone;
use crate::shell::components::Chip;

/// How an auditor checks the file that is taken out; the columns are those of `sheets`.
pub(super) const COMMAND: &str = "tail -n +2 list.csv | cut -d, -f1-3 | sha256sum";

/// A verdict as shown.
pub(super) struct Checked {
    /// In one chip.
    pub(super) chip: Chip,
    /// What was found, a sentence each.
    pub(super) said: Vec<String>,
}

impl Checked {
    pub(super) fn of(t: Texts, it: &Verdict) -> Self {
        let mut said: Vec<String> = it
            .faults
            .iter()
            .map(|fault| match fault {
                Fault::Number => t.count("reach-seal-number", count(it.counted)),
                Fault::People(n) => t.count("reach-seal-people", count(*n)),
                Fault::Seal => t.get("reach-seal-broken"),
            })
            .collect();
        let chip = if said.is_empty() {
            said.push(t.count("reach-seal-fits", count(it.counted)));
            Chip::of(Tone::Success, t.get("reach-seal-yes"))
        } else {
            Chip::of(Tone::Error, t.get("reach-seal-no"))
        };
        if it.erased > 0 {
            said.push(t.count("reach-seal-erased", count(it.erased)));
        }
        Self { chip, said }
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn a_fault_is_never_said_to_fit_and_the_erased_are_always_told() {
        let of = |erased, faults: &[Fault]| {
            let verdict = Verdict { entries: 9, counted: 7, erased, faults: faults.to_vec() };
            Checked::of(Texts::of(Locale::En), &verdict).said.join(" ")
        };
        assert!(of(0, &[]).contains("as it was sealed") && !of(0, &[]).contains("erased"));
        assert!(of(2, &[]).contains("as it was sealed") && of(2, &[]).contains("2 people were erased"));
        for fault in [Fault::Number, Fault::People(1), Fault::Seal] {
            let said = of(2, &[fault]);
            assert!(!said.contains("as it was sealed") && said.contains("2 people were erased"), "{said}");
        }
    }
}
