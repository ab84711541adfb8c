//! A list of transfers on its way to the bank: proposed by one, released by another, carried out or called off. What it holds never
//! changes. Leaves checking its lines to `transfer`.

use chrono::NaiveDate;
use tsunagari_kernel::UserId;

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Somebody drew it up; another person looks at it.
    Proposed,
    /// Another person released it: its file may leave.
    Released,
    /// The bank carried it out.
    CarriedOut,
    /// It goes to no bank.
    CalledOff,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Released, Self::CarriedOut, Self::CalledOff];

    /// The public code, as stored and as in the locale keys `run-state-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Released => "released",
            Self::CarriedOut => "carried_out",
            Self::CalledOff => "called_off",
        }
    }
}

impl std::str::FromStr for State {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// Why a move is refused. The texts are public codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// Whoever drew it up cannot release it.
    SamePerson,
    /// It was released, or is over.
    NotProposed,
    /// Nobody released it yet, or it is over.
    NotReleased,
    /// Its day has not come.
    BeforeItsDay,
    /// It was carried out or called off.
    Over,
}

impl Refusal {
    /// The public code, as in the locale keys `refused-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SamePerson => "run_same_person",
            Self::NotProposed => "run_not_proposed",
            Self::NotReleased => "run_not_released",
            Self::BeforeItsDay => "run_before_its_day",
            Self::Over => "run_over",
        }
    }
}

/// Another person releases what somebody drew up.
///
/// # Errors
/// `run_same_person`, `run_not_proposed`.
pub fn release(state: State, proposed_by: UserId, by: UserId) -> Result<State, Refusal> {
    match state {
        State::Proposed if proposed_by == by => Err(Refusal::SamePerson),
        State::Proposed => Ok(State::Released),
        State::Released | State::CarriedOut | State::CalledOff => Err(Refusal::NotProposed),
    }
}

/// The bank carried it out, on its day or later.
///
/// # Errors
/// `run_not_released`, `run_before_its_day`.
pub fn carry_out(state: State, on: NaiveDate, today: NaiveDate) -> Result<State, Refusal> {
    match state {
        State::Released if today < on => Err(Refusal::BeforeItsDay),
        State::Released => Ok(State::CarriedOut),
        State::Proposed | State::CarriedOut | State::CalledOff => Err(Refusal::NotReleased),
    }
}

/// It goes to no bank.
///
/// # Errors
/// `run_over`.
pub const fn call_off(state: State) -> Result<State, Refusal> {
    match state {
        State::Proposed | State::Released => Ok(State::CalledOff),
        State::CarriedOut | State::CalledOff => Err(Refusal::Over),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn two_people_and_its_day() {
        let (one, two) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let day = |n| NaiveDate::from_ymd_opt(2026, 12, n).unwrap();
        assert_eq!(release(State::Proposed, one, one), Err(Refusal::SamePerson));
        assert_eq!(release(State::Proposed, one, two), Ok(State::Released));
        assert_eq!(release(State::Released, one, two), Err(Refusal::NotProposed));
        assert_eq!(carry_out(State::Released, day(2), day(1)), Err(Refusal::BeforeItsDay));
        assert_eq!(carry_out(State::Released, day(2), day(2)), Ok(State::CarriedOut));
        assert_eq!(carry_out(State::Proposed, day(2), day(2)), Err(Refusal::NotReleased));
        assert_eq!([call_off(State::Proposed), call_off(State::Released)], [Ok(State::CalledOff); 2]);
        assert_eq!([call_off(State::CarriedOut), call_off(State::CalledOff)], [Err(Refusal::Over); 2]);
        for state in State::ALL {
            assert_eq!(state.code().parse(), Ok(state));
        }
    }
}
