//! When a town's graduates of the demonstration joined: so many of each school year in each fiscal year of the plan that
//! the figures of past Marches lie around the plan's targets, some above and some below. Most join in the year they leave
//! school, some later; a town that promised more than one school year holds finds the rest among older ones.
//! Leaves how many graduates there are to `size`, the day to `graduate`.

use tsunagari_blueprints::Plan;
use tsunagari_kernel::FiscalYear;

use super::size::{ELSEWHERE, counts_who_left};

/// Fiscal years a plan runs through.
pub const YEARS: usize = 4;
/// School years a plan covers at a time.
const COVERED: i32 = 4;
/// Of a thousand graduates of a school year, so many join at most.
const MOST: u64 = 955;
/// Of a thousand joining in a year, so many are leaving school in it.
const LEAVING: u64 = 820;
/// Where only those count who live elsewhere, nobody counts in the year of leaving, and so many of a thousand join in it.
const LEAVING_AWAY: u64 = 500;
/// Of a thousand who joined, so many are still reached at the end of each year: the longer ago, the more blocked,
/// withdrew or left. Measured on the demonstration's own people.
const STILL: [u64; YEARS] = [955, 935, 915, 890];
/// The figure of each year against its target, in per mille: towns take turns.
const AGAINST: [[u64; YEARS]; 3] = [[1_070, 960, 1_040, 930], [940, 1_050, 970, 915], [1_000, 1_030, 950, 905]];
/// A year without a target begins with this part of the next one's, per mille.
const BEFORE_A_TARGET: u64 = 420;

/// Joining of the school years that leave at the end of `first_leaving` and after, one row each: people by fiscal year of
/// the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    first_leaving: i32,
    rows: Vec<[u64; YEARS]>,
}

impl Timetable {
    /// For a plan whose school years have `size` graduates.
    pub fn of(plan: &Plan, size: u64) -> Self {
        let first = plan.fiscal_years[0];
        let first_leaving = first - COVERED + 1;
        let away = counts_who_left(plan);
        let wanted = wanted(plan).map(|people| if away { people * 1_000 / ELSEWHERE } else { people });
        let school_years = YEARS + usize::try_from(COVERED).unwrap_or(0) - 1;
        let mut it = Self { first_leaving, rows: vec![[0; YEARS]; school_years] };
        let most = size * MOST / 1_000;
        for (index, wanted) in wanted.into_iter().enumerate() {
            // The rows of the school years covered in this fiscal year, those leaving in it last.
            let leaving = index + usize::try_from(COVERED).unwrap_or(1) - 1;
            let covered = index..=leaving;
            let counted = if away { index..=leaving - 1 } else { covered.clone() };
            let there: u64 = counted.clone().map(|row| it.rows[row].iter().sum::<u64>()).sum();
            let mut need = wanted.saturating_sub(there);
            let mut give = |row: usize, people: u64, need: &mut u64| {
                let room = most.saturating_sub(it.rows[row].iter().sum());
                let people = people.min(room).min(*need);
                it.rows[row][index] += people;
                *need -= people;
            };
            if away {
                let mut beside = size * LEAVING_AWAY / 1_000;
                give(leaving, beside, &mut beside);
            } else {
                give(leaving, need * LEAVING / 1_000, &mut need);
            }
            let older = need;
            for row in (index..leaving).rev() {
                give(row, older.div_ceil(3), &mut need);
            }
            for row in counted.rev() {
                give(row, need, &mut need);
            }
        }
        it
    }

    fn row(&self, leaves: FiscalYear) -> Option<&[u64; YEARS]> {
        usize::try_from(leaves.0 - self.first_leaving).ok().and_then(|row| self.rows.get(row))
    }

    /// How many of a school year join in all.
    pub fn joining(&self, leaves: FiscalYear) -> u64 {
        self.row(leaves).map_or(0, |row| row.iter().sum())
    }

    /// In which year of the plan (from 0) the graduate at `place` of a school year joins, if at all. Places are numbers
    /// below the school year's size; each is given to one graduate.
    pub fn year_of(&self, leaves: FiscalYear, place: u64) -> Option<usize> {
        let mut until = 0;
        self.row(leaves)?.iter().position(|people| {
            until += people;
            place < until
        })
    }
}

/// How many must have joined for each year's figure to lie where it should.
fn wanted(plan: &Plan) -> [u64; YEARS] {
    let turn = plan.slug.bytes().map(usize::from).sum::<usize>() % AGAINST.len();
    let target = |index: usize| {
        let year = FiscalYear(plan.fiscal_years[0] + i32::try_from(index).unwrap_or(0));
        plan.indicators.first().and_then(|it| it.target(year))
    };
    let mut wanted = [0; YEARS];
    for (index, wanted) in wanted.iter_mut().enumerate() {
        let stated = target(index).or_else(|| target(index + 1).map(|next| next * BEFORE_A_TARGET / 1_000));
        *wanted = stated.unwrap_or(0) * AGAINST[turn][index] / STILL[index];
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(slug: &str) -> Plan {
        tsunagari_blueprints::plans().unwrap().into_iter().find(|it| it.slug == slug).unwrap()
    }

    #[test]
    fn whoever_joined_by_a_year_lies_around_its_target() {
        for (slug, size) in [("shimane/matsue", 1_335), ("shimane/izumo", 825), ("shimane/unnan", 202)] {
            let plan = plan(slug);
            let timetable = Timetable::of(&plan, size);
            for index in 0..YEARS {
                let year = FiscalYear(2022 + i32::try_from(index).unwrap());
                let target = plan.indicators[0].target(year).unwrap();
                let joined: u64 = (index..index + 4).map(|row| timetable.rows[row][..=index].iter().sum::<u64>()).sum();
                assert!(
                    joined * 10 >= target * 9 && joined * 10 <= target * 12,
                    "{slug} {index}: {joined} of {target}"
                );
            }
        }
    }

    #[test]
    fn no_school_year_joins_more_than_it_has() {
        for plan in tsunagari_blueprints::plans().unwrap() {
            let timetable = Timetable::of(&plan, 54);
            for leaves in 2019..=2025 {
                assert!(timetable.joining(FiscalYear(leaves)) <= 54, "{} {leaves}", plan.slug);
            }
        }
    }

    #[test]
    fn a_place_tells_the_year() {
        let timetable = Timetable { first_leaving: 2025, rows: vec![[1, 0, 2, 0]] };
        let years: Vec<_> = (0..4).map(|place| timetable.year_of(FiscalYear(2025), place)).collect();
        assert_eq!(years, [Some(0), Some(2), Some(2), None]);
        assert_eq!(timetable.year_of(FiscalYear(2030), 0), None);
    }
}
