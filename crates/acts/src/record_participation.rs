//! The staff records what became of a place: who came and who did not, what was given and what came back, that everything is done;
//! and that such a record was a mistake. Leaves places to `screen_application` and `withdraw_application`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::{BenefitNo, Came, Event, Seq, Standing};

use crate::tell_step::take_step;
use crate::{ActError, House};

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// They came, or did not.
    Attendance(Came),
    /// The next of a benefit was given.
    Given(BenefitNo),
    /// One of a benefit came back.
    Returned(BenefitNo, u16),
    /// Everything is done.
    Completed,
    /// An entry was a mistake.
    Mistake(Seq),
}

/// Records it; where the application stands then.
///
/// # Errors
/// `ledger_…` where it cannot be; not found.
pub async fn record_participation(
    house: &House,
    by: &Granted<HandleApplications>,
    id: ApplicationId,
    what: Recorded,
) -> Result<Standing, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let application = tx.application(id).await?;
    let operation = house.operation();
    let (event, act) = match what {
        Recorded::Attendance(Came::Yes) => (Event::Attended, Act::named("record_attendance", by.actor(), operation)),
        Recorded::Attendance(Came::No) => (Event::Absent, Act::named("record_absence", by.actor(), operation)),
        Recorded::Given(benefit) => {
            let number = application.standing.next_of(benefit);
            (Event::Fulfilled { benefit, number }, Act::named("record_given", by.actor(), operation))
        }
        Recorded::Returned(benefit, number) => {
            (Event::Returned { benefit, number }, Act::named("record_returned", by.actor(), operation))
        }
        Recorded::Completed => (Event::Completed, Act::named("complete_application", by.actor(), operation)),
        Recorded::Mistake(seq) => {
            (Event::Corrected { annuls: seq }, Act::named("correct_application", by.actor(), operation))
        }
    };
    match take_step(house, &mut tx, id, &[event], &by.actor()).await? {
        Ok(standing) => {
            tx.commit(&act.on("application", id)).await?;
            Ok(standing)
        }
        Err(refusal) => {
            tx.undo().await?;
            Err(ActError::refused(refusal.code()))
        }
    }
}
