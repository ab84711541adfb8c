//! Withdraws a published figure that should not have been published: it stays readable with its list, marked and with the
//! reason, and no longer stands for its year. Nothing is deleted. Leaves publishing another to `publish_figure`.

use tsunagari_access::permission::PublishFigures;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::FigureId;
use tsunagari_storage::figure::Withdrawal;

use crate::{ActError, House};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// Withdraws it.
///
/// # Errors
/// `figure_withdrawal_without_reason`, `figure_withdrawal_reason_long`, `figure_withdrawn_before`; not there; storage's.
pub async fn withdraw_figure(
    house: &House,
    by: &Granted<PublishFigures>,
    figure: FigureId,
    why: &str,
) -> Result<(), ActError> {
    let why = why.trim();
    if why.is_empty() {
        return Err(ActError::refused_at("reason", "figure_withdrawal_without_reason"));
    }
    if why.chars().count() > LONGEST_REASON {
        return Err(ActError::refused_at("reason", "figure_withdrawal_reason_long"));
    }
    let mut tx = house.org(by.org()).write().await?;
    let kept = tx.figure(figure).await?;
    if kept.withdrawal.is_some() {
        tx.undo().await?;
        return Err(ActError::refused("figure_withdrawn_before"));
    }
    let withdrawal = Withdrawal { at: house.now(), by: Some(by.user()), why: why.to_owned() };
    tx.withdraw_figure(figure, &withdrawal).await?;
    let act = Act::named("withdraw_figure", by.actor(), house.operation());
    tx.commit(&act.on("figure", figure).on("indicator", kept.published.figure().indicator)).await?;
    Ok(())
}
