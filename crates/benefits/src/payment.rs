//! The life of a payment: decided, in a list that a bank carries out, paid, come back, given up. Every move may refuse. Each sending has a
//! reference of its own, by which a returned transfer is found again. Leaves the list to `transfer_run` and how much it is to blueprints.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::Yen;

/// The most a payment can be: what one line of a bank's file can carry.
pub const MOST: Yen = Yen(9_999_999_999);
/// The most times one payment is tried: its reference has two digits for it.
const MOST_SENDINGS: u16 = 99;

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is to be paid: an account is waited for, or the next list.
    Decided,
    /// It stands in a list that is not carried out yet.
    Listed,
    /// It was paid.
    Paid,
    /// The bank gave it back (振込不能, 組戻).
    Returned,
    /// It is paid no more.
    GivenUp,
}

impl State {
    /// Every state, in the order of a payment's life.
    pub const ALL: [Self; 5] = [Self::Decided, Self::Listed, Self::Paid, Self::Returned, Self::GivenUp];

    /// The public code, as stored and as in the locale keys `payment-state-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Listed => "listed",
            Self::Paid => "paid",
            Self::Returned => "returned",
            Self::GivenUp => "given_up",
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
    /// It stands in a list, or was paid.
    ListedAlready,
    /// It is in no list.
    NotListed,
    /// It was paid already.
    PaidAlready,
    /// It was not paid.
    NotPaid,
    /// It did not come back.
    NotReturned,
    /// It was given up.
    GivenUp,
    /// Nothing, less than nothing, or more than a bank's file carries.
    Amount,
    /// It came back too often.
    TooOften,
}

impl Refusal {
    /// The public code, as in the locale keys `refused-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ListedAlready => "payment_listed_already",
            Self::NotListed => "payment_not_listed",
            Self::PaidAlready => "payment_paid_already",
            Self::NotPaid => "payment_not_paid",
            Self::NotReturned => "payment_not_returned",
            Self::GivenUp => "payment_given_up",
            Self::Amount => "payment_amount",
            Self::TooOften => "payment_too_often",
        }
    }
}

/// A payment: how much, where it stands, and in which sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Payment {
    state: State,
    sending: u16,
    yen: Yen,
}

impl Payment {
    /// A payment of so much.
    ///
    /// # Errors
    /// `payment_amount`.
    pub fn of(yen: Yen) -> Result<Self, Refusal> {
        Ok(Self { state: State::Decided, sending: 1, yen: sound(yen)? })
    }

    /// A payment as it was stored.
    pub const fn stored(state: State, sending: u16, yen: Yen) -> Self {
        Self { state, sending, yen }
    }

    /// Where it stands.
    pub const fn state(self) -> State {
        self.state
    }

    /// The number of the sending, from 1.
    pub const fn sending(self) -> u16 {
        self.sending
    }

    /// How much.
    pub const fn yen(self) -> Yen {
        self.yen
    }

    /// Whether the account may still change: what stands in a list is with the bank, or soon is.
    pub const fn takes_account(self) -> bool {
        matches!(self.state, State::Decided | State::Returned)
    }

    /// It is to be another amount.
    ///
    /// # Errors
    /// `payment_amount`; once it stands in a list.
    pub fn with(self, yen: Yen) -> Result<Self, Refusal> {
        self.only_decided()?;
        Ok(Self { yen: sound(yen)?, ..self })
    }

    /// It stands in a list.
    ///
    /// # Errors
    /// When it is not to be paid.
    pub fn list(self) -> Result<Self, Refusal> {
        self.only_decided()?;
        Ok(self.in_state(State::Listed))
    }

    /// Its list was called off.
    ///
    /// # Errors
    /// When it stands in none.
    pub fn unlist(self) -> Result<Self, Refusal> {
        self.only_listed()?;
        Ok(self.in_state(State::Decided))
    }

    /// The bank carried it out.
    ///
    /// # Errors
    /// When it stands in no list.
    pub fn pay(self) -> Result<Self, Refusal> {
        self.only_listed()?;
        Ok(self.in_state(State::Paid))
    }

    /// The office paid it itself, without a bank.
    ///
    /// # Errors
    /// When it is not to be paid.
    pub fn pay_by_hand(self) -> Result<Self, Refusal> {
        self.only_decided()?;
        Ok(self.in_state(State::Paid))
    }

    /// The bank gave it back.
    ///
    /// # Errors
    /// When it was not paid.
    pub const fn come_back(self) -> Result<Self, Refusal> {
        match self.state {
            State::Paid => Ok(self.in_state(State::Returned)),
            State::GivenUp => Err(Refusal::GivenUp),
            State::Decided | State::Listed | State::Returned => Err(Refusal::NotPaid),
        }
    }

    /// What came back is to be paid again, under another reference.
    ///
    /// # Errors
    /// When it did not come back, or has too often.
    pub const fn pay_again(self) -> Result<Self, Refusal> {
        match self.state {
            State::Returned if self.sending < MOST_SENDINGS => {
                Ok(Self { state: State::Decided, sending: self.sending + 1, yen: self.yen })
            }
            State::Returned => Err(Refusal::TooOften),
            State::Decided | State::Listed | State::Paid | State::GivenUp => Err(Refusal::NotReturned),
        }
    }

    /// It is paid no more.
    ///
    /// # Errors
    /// Once it stands in a list or was paid.
    pub const fn give_up(self) -> Result<Self, Refusal> {
        match self.state {
            State::Decided | State::Returned => Ok(self.in_state(State::GivenUp)),
            State::Listed => Err(Refusal::ListedAlready),
            State::Paid => Err(Refusal::PaidAlready),
            State::GivenUp => Err(Refusal::GivenUp),
        }
    }

    /// It was given up by mistake, or its reason is gone: to be paid again, under another reference.
    ///
    /// # Errors
    /// When it was not given up, or was tried too often.
    pub const fn take_up(self) -> Result<Self, Refusal> {
        match self.state {
            State::GivenUp if self.sending < MOST_SENDINGS => {
                Ok(Self { state: State::Decided, sending: self.sending + 1, yen: self.yen })
            }
            State::GivenUp => Err(Refusal::TooOften),
            State::Decided | State::Listed => Err(Refusal::ListedAlready),
            State::Paid | State::Returned => Err(Refusal::PaidAlready),
        }
    }

    const fn in_state(self, state: State) -> Self {
        Self { state, ..self }
    }

    const fn only_decided(self) -> Result<(), Refusal> {
        match self.state {
            State::Decided => Ok(()),
            State::Listed => Err(Refusal::ListedAlready),
            State::Paid | State::Returned => Err(Refusal::PaidAlready),
            State::GivenUp => Err(Refusal::GivenUp),
        }
    }

    const fn only_listed(self) -> Result<(), Refusal> {
        match self.state {
            State::Listed => Ok(()),
            State::Paid | State::Returned => Err(Refusal::PaidAlready),
            State::Decided | State::GivenUp => Err(Refusal::NotListed),
        }
    }
}

fn sound(yen: Yen) -> Result<Yen, Refusal> {
    if (1..=MOST.0).contains(&yen.0) { Ok(yen) } else { Err(Refusal::Amount) }
}

/// The reference of a sending in a bank's file: the payment's number and, in two digits, which sending it is.
pub const fn reference(payment: u32, sending: u16) -> u64 {
    payment as u64 * 100 + sending as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_goes_its_way_and_every_other_move_is_refused() {
        let it = Payment::of(Yen(1_200)).unwrap();
        let listed = it.list().unwrap();
        let paid = listed.pay().unwrap();
        let back = paid.come_back().unwrap();
        let again = back.pay_again().unwrap();
        assert_eq!((again.state(), again.sending(), again.yen()), (State::Decided, 2, Yen(1_200)));
        assert_eq!(listed.unlist(), Ok(it));
        assert_eq!(it.pay_by_hand().map(Payment::state), Ok(State::Paid));
        assert_eq!([it.pay(), it.unlist()], [Err(Refusal::NotListed), Err(Refusal::NotListed)]);
        assert_eq!([listed.list(), listed.with(Yen(1))], [Err(Refusal::ListedAlready), Err(Refusal::ListedAlready)]);
        assert_eq!([listed.give_up(), paid.give_up()], [Err(Refusal::ListedAlready), Err(Refusal::PaidAlready)]);
        assert_eq!([it.come_back(), listed.come_back(), back.come_back()], [Err(Refusal::NotPaid); 3]);
        assert_eq!([it.pay_again(), paid.pay_again()], [Err(Refusal::NotReturned), Err(Refusal::NotReturned)]);
        let gone = back.give_up().unwrap();
        assert_eq!([gone.list(), gone.give_up()], [Err(Refusal::GivenUp), Err(Refusal::GivenUp)]);
        assert_eq!(gone.take_up().map(Payment::sending), Ok(2));
        assert!(it.takes_account() && back.takes_account() && !listed.takes_account() && !paid.takes_account());
    }

    #[test]
    fn an_amount_is_what_a_bank_can_carry_and_a_reference_is_one_sendings_alone() {
        for wrong in [0, -1, MOST.0 + 1] {
            assert_eq!(Payment::of(Yen(wrong)), Err(Refusal::Amount));
            assert_eq!(Payment::of(Yen(1)).unwrap().with(Yen(wrong)), Err(Refusal::Amount));
        }
        assert_eq!([reference(1, 1), reference(1, 2), reference(41, 99)], [101, 102, 4_199]);
        let often = Payment::stored(State::Returned, 99, Yen(1));
        assert_eq!(often.pay_again(), Err(Refusal::TooOften));
        for state in State::ALL {
            assert_eq!(state.code().parse(), Ok(state));
        }
    }
}
