//! Lists of transfers over all programmes: what waits to be paid and what keeps it waiting, a new list for a day, and each list with its
//! lines, released by a second person. Leaves every rule to the acts.

mod list;
mod run;

use tsunagari_benefits::transfer_run::State;
use tsunagari_i18n::Texts;

use crate::routes::Routes;
use crate::shell::Tone;
use crate::shell::components::Chip;

/// Where they lie.
pub(super) const HERE: &str = "/office/programmes/transfers";

/// Every route of transfers.
pub(super) fn routes(routes: Routes) -> Routes {
    let routes = list::routes(routes);
    run::routes(routes)
}

/// Where a list lies.
pub(super) fn run_href(no: u32) -> String {
    format!("{HERE}/{no}")
}

fn state_chip(t: Texts, it: State) -> Chip {
    let tone = match it {
        State::Proposed => Tone::Warning,
        State::Released => Tone::Info,
        State::CarriedOut => Tone::Success,
        State::CalledOff => return Chip::plain(t.get("run-state-called-off")),
    };
    Chip::of(tone, t.get(format!("run-state-{}", it.code().replace('_', "-"))))
}

/// A list in a state, for the samples of pages.
#[cfg(test)]
fn sample_run(no: u32, state: State) -> Option<tsunagari_storage::transfer_run::TransferRun> {
    use tsunagari_benefits::payer::SaidPayer;
    use tsunagari_kernel::{Timestamp, UserId, Yen};
    let said = SaidPayer {
        code: "0012345678".into(),
        name: "カクウシ".into(),
        bank: "0167".into(),
        branch: "001".into(),
        kind: Some(tsunagari_benefits::account::AccountKind::Ordinary),
        number: "7654321".into(),
        ..SaidPayer::default()
    };
    let (by, at) = (UserId(uuid::Uuid::nil()), Timestamp::from_micros(0));
    Some(tsunagari_storage::transfer_run::TransferRun {
        no,
        state,
        pay_on: chrono::NaiveDate::from_ymd_opt(2026, 12, 25)?,
        payer: said.payer().ok()?,
        lines: 2,
        yen: Yen(24_000),
        digest: "0a".repeat(32),
        proposed: (by, at),
        released: (state != State::Proposed).then_some((by, at)),
        ended: matches!(state, State::CarriedOut | State::CalledOff).then_some(at),
    })
}
