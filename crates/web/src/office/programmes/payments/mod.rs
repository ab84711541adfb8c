//! What a round pays: the list with what is still to be decided, and one payment with the account it goes to. Leaves the lists that go to
//! the bank to `transfers`, and every rule to the acts.

mod list;
mod payment;

use std::sync::Arc;

use tsunagari_acts::decide_payments::pays;
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_i18n::Texts;
use tsunagari_kernel::RoundId;
use tsunagari_programmes::{BenefitNo, Round};
use tsunagari_storage::Reader;
use tsunagari_storage::payment::PaymentLine;
use tsunagari_storage::payment_account::HolderCheck;

use super::words::{programme_href, round_href};
use crate::office::desk::Desk;
use crate::office::people::words::coded;
use crate::routes::Routes;
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Link};
use crate::shell::{AppError, Tone};

#[cfg(test)]
pub(super) use payment::sample_account;
pub(super) use payment::{account_facts, payment_href};

/// Every route of payments.
pub(super) fn routes(routes: Routes) -> Routes {
    let routes = list::routes(routes);
    payment::routes(routes)
}

/// Where the payments of a round lie.
fn payments_href(round: RoundId) -> String {
    format!("{}/payments", round_href(round))
}

/// The link on the round's page, where the programme pays.
pub(super) fn link(t: Texts, running: &Running, round: &Round) -> Option<Link> {
    running
        .blueprint
        .gets
        .iter()
        .any(|it| it.is_money())
        .then(|| Link::to(payments_href(round.id), t.get("payments-link")))
}

/// A payment's state as a chip.
pub(super) fn state_chip(t: Texts, code: &str) -> Chip {
    let tone = match code {
        "returned" => Tone::Warning,
        "paid" => Tone::Success,
        _ => Tone::Info,
    };
    Chip::of(tone, coded(t, "payment-state", code))
}

/// What is known of the account, as a chip.
pub(super) fn account_chip(t: Texts, it: &PaymentLine) -> Chip {
    match (it.holder, it.doubted) {
        (_, true) => Chip::of(Tone::Warning, t.get("payment-account-doubted")),
        (None, false) => Chip::of(Tone::Warning, t.get("payment-account-unknown")),
        (Some(holder), false) => holder_chip(t, holder),
    }
}

/// What is known of its holder, as a chip.
pub(super) fn holder_chip(t: Texts, it: HolderCheck) -> Chip {
    let tone = if it == HolderCheck::Differs { Tone::Warning } else { Tone::Success };
    Chip::of(tone, t.get(format!("payment-holder-{}", it.code())))
}

/// A round that pays, as the pages here know it.
struct Paying {
    round: Round,
    /// What the programme is called here.
    programme: String,
    running: Arc<Running>,
}

impl Paying {
    /// Reads it; a round of a programme that pays nothing has no such pages.
    async fn read(desk: &Desk, reader: &mut Reader, round: &str) -> Result<Self, AppError> {
        let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
        let round = reader.round(id).await.map_err(unreadable)?.round;
        let running = running(&desk.house, reader, round.programme, round.version_no).await;
        let running = running.map_err(|error| desk.problem(error))?;
        let programme = reader.programme(round.programme).await.map_err(unreadable)?.title;
        if pays(&running).map_err(|error| desk.problem(error))?.is_empty() {
            return Err(AppError::NotFound);
        }
        Ok(Self { round, programme, running })
    }

    /// The way to the round, and to its payments on the pages below them.
    fn links(&self, t: Texts, below: bool) -> Vec<Link> {
        let mut links = vec![
            Link::to(programme_href(self.round.programme), self.programme.clone()),
            Link::to(round_href(self.round.id), self.round.title.clone()),
        ];
        if below {
            links.push(Link::to(payments_href(self.round.id), t.get("payments-link")));
        }
        links
    }

    /// The name of a benefit.
    fn name(&self, no: BenefitNo) -> String {
        let at = usize::from(no.0).checked_sub(1);
        at.and_then(|at| self.running.blueprint.gets.get(at)).map(|it| it.name.clone()).unwrap_or_default()
    }
}

/// A round that pays, for the samples of pages.
fn sample() -> Option<Paying> {
    let gives = |running: &Running| running.blueprint.gets.iter().any(|it| it.is_money());
    let running = super::gallery::shipped().iter().find_map(|it| {
        let values = tsunagari_blueprints::Values::of(&it.parameters);
        Running::of(it.clone(), values).ok().filter(gives)
    })?;
    let round = super::round_form::sample_round().round;
    Some(Paying { round, programme: "挑戦の助成".into(), running: Arc::new(running) })
}

/// Payments in every state, for the samples of pages.
pub(super) fn sample_lines() -> Vec<PaymentLine> {
    use tsunagari_benefits::Payment;
    use tsunagari_benefits::payment::State;
    use tsunagari_kernel::{ApplicationId, PersonId, Timestamp, Yen};
    use tsunagari_storage::payment::KeptPayment;
    use uuid::Uuid;
    let at = Timestamp::from_micros(0);
    let line = |(no, state): (u32, State)| PaymentLine {
        payment: KeptPayment {
            no,
            application: ApplicationId(Uuid::nil()),
            round: RoundId(Uuid::nil()),
            benefit: BenefitNo(1),
            payment: Payment::stored(state, 1, Yen(12_000)),
            given: None,
            made_at: at,
            changed_at: at,
        },
        receipt: "k7p2mx9a".into(),
        stands: "held".into(),
        applicant: (no != 5).then_some(PersonId(Uuid::nil())),
        name: "架空 ゆい".into(),
        kana: "カクウ ユイ".into(),
        holder: match no {
            1 | 4 => None,
            2 => Some(HolderCheck::Differs),
            3 => Some(HolderCheck::Same),
            _ => Some(HolderCheck::Accepted),
        },
        doubted: no == 4,
        run: (no > 1).then_some(1),
    };
    (1..).zip(State::ALL).map(line).collect()
}
