//! Events people joined at: each high school's slips of this and last year's graduation, and last January's gathering of
//! those who turned twenty.

use chrono::NaiveDate;
use tsunagari_acts::House;
use tsunagari_acts::open_join_event::{NewJoinEvent, load_join_event};
use tsunagari_kernel::{FiscalYear, Span, Timestamp};
use tsunagari_people::SchoolKind;

use crate::demo::people::size::THIS_YEAR;
use crate::demo::towns::{Town, machine};

/// Enters them.
///
/// # Errors
/// Storage's.
pub async fn enter(house: &House, town: &Town) -> anyhow::Result<()> {
    let by = machine(town.org.id);
    let schools = house.org(town.org.id).read().await?.schools().await?;
    let last = THIS_YEAR.plus(-1);
    for school in schools.iter().filter(|it| it.kind == SchoolKind::HighSchool) {
        for year in [last, THIS_YEAR] {
            let event = NewJoinEvent {
                name: format!("{}の卒業式（令和{}年度）", school.name, year.0 - 2018),
                school: Some(school.id),
                graduation: Some(year),
            };
            load_join_event(house, &by, event, slips(year)).await?;
        }
    }
    let gathering = NewJoinEvent { name: "はたちのつどい 2026".into(), ..NewJoinEvent::default() };
    let during = Span::between(day(2026, 1, 11), day(2026, 2, 1));
    load_join_event(house, &by, gathering, during).await?;
    Ok(())
}

fn day(year: i32, month: u32, day: u32) -> Timestamp {
    Timestamp::start_of(NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default())
}

/// Slips are handed out from the February before the graduation on; last year's are closed.
fn slips(year: FiscalYear) -> Span<Timestamp> {
    let from = day(year.0 + 1, 2, 10);
    if year < THIS_YEAR { Span::between(from, day(year.0 + 1, 6, 1)) } else { Span::since(from) }
}
