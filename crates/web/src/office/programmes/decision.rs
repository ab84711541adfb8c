//! What the staff can do with an application: decide about it, record what became of its place, call it off. Each has a code that
//! a button posts. Leaves whether it can be done to the acts. To add one: a variant, its code in `parse`, its text `application-do-…`.

use tsunagari_access::Granted;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::record_participation::{Recorded, record_participation};
use tsunagari_acts::screen_application::screen_application;
use tsunagari_acts::withdraw_application::call_off_application;
use tsunagari_acts::{ActError, House};
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::{BenefitNo, Came, Choosing, How, Outcome, Place, Screening, Standing};

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// A decision.
    Screen(Screening),
    /// A record of what happened.
    Record(Recorded),
    /// The office calls it off.
    CallOff,
}

impl Move {
    /// What a button posts.
    pub(super) fn parse(code: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<u16>().ok();
        Some(match code {
            "choose" => Self::Screen(Screening::Chosen),
            "admit" => Self::Screen(Screening::Admitted),
            "not-choose" => Self::Screen(Screening::NotChosen),
            "came" => Self::Record(Recorded::Attendance(Came::Yes)),
            "absent" => Self::Record(Recorded::Attendance(Came::No)),
            "completed" => Self::Record(Recorded::Completed),
            "call-off" => Self::CallOff,
            other => {
                let mut parts = other.split('-');
                match (parts.next()?, parts.next().and_then(number)?, parts.next()) {
                    ("given", benefit, None) => Self::Record(Recorded::Given(BenefitNo(benefit))),
                    ("returned", benefit, Some(no)) => {
                        Self::Record(Recorded::Returned(BenefitNo(benefit), number(no)?))
                    }
                    _ => return None,
                }
            }
        })
    }

    /// What is told when it was done.
    pub(super) const fn done(self) -> &'static str {
        match self {
            Self::Screen(_) => "decided",
            Self::Record(_) => "recorded",
            Self::CallOff => "cancelled",
        }
    }

    /// Does it.
    pub(super) async fn take(
        self,
        house: &House,
        by: &Granted<HandleApplications>,
        id: ApplicationId,
    ) -> Result<(), ActError> {
        match self {
            Self::Screen(outcome) => screen_application(house, by, id, outcome, None).await.map(drop),
            Self::Record(what) => record_participation(house, by, id, what).await.map(drop),
            Self::CallOff => call_off_application(house, by, id).await,
        }
    }
}

/// The decisions a programme knows, by their codes, the most usual first.
pub(super) fn decisions(choosing: &Choosing) -> Vec<&'static str> {
    match choosing.how {
        How::Review => vec!["choose", "not-choose"],
        How::Open | How::FirstCome | How::Draw => vec!["admit", "not-choose"],
    }
}

/// What can be recorded of a place.
pub(super) const RECORDS: [&str; 3] = ["came", "absent", "completed"];

/// What can be done with an application that stands here, but for its benefits.
pub(super) fn possible(choosing: &Choosing, judged: Outcome, standing: &Standing) -> Vec<&'static str> {
    let mut all = match standing.place {
        Place::Asked => decisions(choosing),
        Place::Held if !standing.completed => {
            RECORDS.into_iter().filter(|code| standing.came.is_none() || *code == "completed").collect()
        }
        Place::Held | Place::SentBack | Place::Chosen | Place::Waiting { .. } | Place::Offered { .. } => Vec::new(),
        Place::Over { .. } => return Vec::new(),
    };
    // A draw decides about who needs no leave of the staff.
    if choosing.how == How::Draw && judged != Outcome::ForStaff {
        all.retain(|code| *code != "admit");
    }
    if !standing.completed {
        all.push("call-off");
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_a_button_is_read() {
        for code in ["choose", "admit", "not-choose", "came", "absent", "completed", "call-off"] {
            assert!(Move::parse(code).is_some(), "{code}");
        }
        let given = Move::Record(Recorded::Given(BenefitNo(2)));
        assert_eq!(Move::parse("given-2"), Some(given));
        assert_eq!(Move::parse("returned-2-1"), Some(Move::Record(Recorded::Returned(BenefitNo(2), 1))));
        for nonsense in ["", "given", "given-x", "given-1-2", "returned-1", "mistake"] {
            assert_eq!(Move::parse(nonsense), None, "{nonsense}");
        }
    }
}
