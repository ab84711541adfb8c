//! The figures a town published for the years that are over: as of each 31 March, in the April after, by its approver.

use chrono::{NaiveDate, NaiveTime};
use tsunagari_acts::House;
use tsunagari_acts::publish_figure::{Signed, publish_figure_at_setup};
use tsunagari_kernel::{FiscalYear, Timestamp};

use crate::demo::people::size::THIS_YEAR;
use crate::demo::towns::{Town, machine};

/// What stands beside each figure.
const NOTE: &str = "県への実績報告に使用（デモ）";

/// Publishes them.
///
/// # Errors
/// Storage's.
pub async fn enter(house: &House, town: &Town) -> anyhow::Result<()> {
    let approver = town.staff.iter().find(|it| it.staff.role.code() == "approver").map(|it| it.staff.id);
    let Some(by) = approver else { return Ok(()) };
    let indicators = house.org(town.org.id).read().await?.indicators().await?;
    for year in (town.plan.fiscal_years[0]..THIS_YEAR.0).map(FiscalYear) {
        let april = NaiveDate::from_ymd_opt(year.0 + 1, 4, 21).unwrap_or_default();
        let at = Timestamp::at_jst(april, NaiveTime::from_hms_opt(10, 30, 0).unwrap_or_default());
        for indicator in &indicators {
            let signed = Signed { by, at, note: NOTE.to_owned() };
            publish_figure_at_setup(house, &machine(town.org.id), indicator.id, year.last_day(), signed).await?;
        }
    }
    Ok(())
}
