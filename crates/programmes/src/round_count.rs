//! What a round came to, counted from where its applications stand: how many applied, have a place, came, and what that costs. Nothing
//! is kept: it follows from the ledgers. Leaves who became reachable to acts.

use tsunagari_kernel::Yen;

use crate::ledger::BenefitNo;
use crate::standing::{Came, Place, Standing};

/// What one of a benefit costs, and which classes get it; all of them where none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// Its order in the programme.
    pub benefit: BenefitNo,
    /// Classes.
    pub only_for: Vec<String>,
    /// Yen.
    pub yen: i64,
}

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoundCount {
    /// Applications that came in.
    pub applied: u32,
    /// Those that have a place.
    pub chosen: u32,
    /// Those that wait for one.
    pub waiting: u32,
    /// Those that are over without one.
    pub over: u32,
    /// Those who came.
    pub came: u32,
    /// Those who did not.
    pub absent: u32,
    /// What was promised to those with a place, where its worth is said.
    pub committed: Yen,
    /// What was given of that and did not come back.
    pub given: Yen,
}

impl RoundCount {
    /// Counts the applications of a round: each standing with its class.
    pub fn of<'a>(applications: impl IntoIterator<Item = (&'a Standing, Option<&'a str>)>, worth: &[Worth]) -> Self {
        let mut all = Self::default();
        for (standing, class) in applications {
            all.add(standing, class, worth);
        }
        all
    }

    fn add(&mut self, it: &Standing, class: Option<&str>, worth: &[Worth]) {
        let held = it.place == Place::Held;
        self.applied += 1;
        self.chosen += u32::from(held);
        self.waiting += u32::from(matches!(it.place, Place::Waiting { .. } | Place::Offered { .. }));
        self.over += u32::from(matches!(it.place, Place::Over { .. }));
        self.came += u32::from(it.came == Some(Came::Yes));
        self.absent += u32::from(it.came == Some(Came::No));
        for one in worth {
            let theirs = one.only_for.is_empty() || class.is_some_and(|it| one.only_for.iter().any(|of| of == it));
            let given = it.given.get(&one.benefit).map_or(0, |given| i64::try_from(given.kept()).unwrap_or(i64::MAX));
            let given = given.saturating_add(i64::from(it.rewarded.contains(&one.benefit)));
            self.given.0 = self.given.0.saturating_add(one.yen.saturating_mul(given));
            if held && theirs {
                // Given more often than once, it was promised as often.
                let promised = one.yen.saturating_mul(given.max(1));
                self.committed.0 = self.committed.0.saturating_add(promised);
            }
        }
    }

    /// What was given for each who took part, or has a place where nobody comes anywhere; nothing where there is nobody.
    pub fn yen_each(&self) -> Option<Yen> {
        let people = if self.came + self.absent > 0 { self.came } else { self.chosen };
        (people > 0 && self.given.0 > 0).then(|| Yen(self.given.0 / i64::from(people)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standing::{Given, Over};

    fn held() -> Standing {
        Standing { place: Place::Held, ..Standing::asked() }
    }

    fn given(of: Standing, numbers: &[u16], returned: &[u16]) -> Standing {
        let mut it = of;
        let it_given =
            Given { numbers: numbers.iter().copied().collect(), returned: returned.iter().copied().collect() };
        it.given.insert(BenefitNo(1), it_given);
        it
    }

    #[test]
    fn a_season_is_counted_from_where_everybody_stands() {
        let worth = [
            Worth { benefit: BenefitNo(1), only_for: vec![], yen: 1_000 },
            Worth { benefit: BenefitNo(2), only_for: vec!["first".into()], yen: 500 },
        ];
        let all = [
            (given(Standing { came: Some(Came::Yes), ..held() }, &[1], &[]), Some("first")),
            (Standing { came: Some(Came::No), ..held() }, Some("second")),
            // Sent twice, come back once: paid once more than kept is not counted as kept.
            (given(held(), &[1, 2], &[1]), None),
            (Standing { place: Place::Waiting { order: 1 }, ..Standing::asked() }, None),
            (Standing { place: Place::Over { why: Over::Withdrawn }, ..Standing::asked() }, None),
            (Standing::asked(), None),
        ];
        let counted = RoundCount::of(all.iter().map(|(it, class)| (it, *class)), &worth);
        let want = RoundCount {
            applied: 6,
            chosen: 3,
            waiting: 1,
            over: 1,
            came: 1,
            absent: 1,
            committed: Yen(3_500),
            given: Yen(2_000),
        };
        assert_eq!(counted, want);
        assert_eq!(counted.yen_each(), Some(Yen(2_000)), "for each who came");
        assert_eq!(RoundCount::default().yen_each(), None);
        let parcels = RoundCount { chosen: 4, given: Yen(4_002), ..RoundCount::default() };
        assert_eq!(parcels.yen_each(), Some(Yen(1_000)), "where nobody comes anywhere, for each with a place");
    }
}
