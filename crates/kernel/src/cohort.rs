//! School years from birth dates, and the years in which they leave school (School Education Act, formats.md 7). A child
//! born on 1 April belongs to the older class, because the age is attained on the eve. Leaves real enrolments, with
//! their repeats and detours, to `people`.

use chrono::NaiveDate;

use crate::FiscalYear;

/// The school class by birth: the fiscal year of the day before birth.
pub fn birth_cohort(birth: NaiveDate) -> FiscalYear {
    FiscalYear::of(birth.pred_opt().unwrap_or(birth))
}

/// The fiscal year in which the class starts primary school.
pub fn primary_school_start(birth: NaiveDate) -> FiscalYear {
    birth_cohort(birth).plus(7)
}

/// The fiscal year at whose end (March of `birth_cohort + 16`) the class leaves junior high school.
pub fn junior_high_graduation(birth: NaiveDate) -> FiscalYear {
    birth_cohort(birth).plus(15)
}

/// The fiscal year at whose end (March of `birth_cohort + 19`) the class leaves high school.
pub fn high_school_graduation(birth: NaiveDate) -> FiscalYear {
    birth_cohort(birth).plus(18)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2008-03-31", 2007)]
    #[case("2008-04-01", 2007)]
    #[case("2008-04-02", 2008)]
    #[case("2008-02-29", 2007)]
    fn classes(#[case] birth: NaiveDate, #[case] cohort: i32) {
        assert_eq!(birth_cohort(birth), FiscalYear(cohort));
        assert_eq!(high_school_graduation(birth).last_day().to_string(), format!("{}-03-31", cohort + 19));
        assert_eq!(junior_high_graduation(birth).last_day().to_string(), format!("{}-03-31", cohort + 16));
        assert_eq!(primary_school_start(birth).first_day().to_string(), format!("{}-04-01", cohort + 7));
    }
}
