//! Staff looks at the lines of a list of transfers, with their accounts: whoever releases it must see what it pays. Each look is on the record.

use tsunagari_access::permission::ViewPayments;
use tsunagari_access::{Act, Granted};
use tsunagari_storage::payment::{PaymentFilter, PaymentLine};
use tsunagari_storage::transfer_run::{TransferLine, TransferRun};

use crate::transfer_file::keys_of;
use crate::{ActError, House};

/// A list, with its lines beside the payments as they stand now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedTransfers {
    /// The list.
    pub run: TransferRun,
    /// Its lines; what was erased is missing.
    pub lines: Vec<(TransferLine, PaymentLine)>,
}

/// Opens it.
///
/// # Errors
/// Not found; storage's.
pub async fn open_transfers(house: &House, by: &Granted<ViewPayments>, no: u32) -> Result<OpenedTransfers, ActError> {
    let here = house.org(by.org());
    let run = here.read().await?.transfer_run(no).await?;
    let keys = keys_of(&here, no).await?;
    let mut tx = here.write().await?;
    let known = tx.payment_lines(PaymentFilter::default(), 0, i64::MAX).await?;
    let opened = tx.transfer_lines(no, &keys).await?;
    let beside = |line: TransferLine| {
        let at = known.binary_search_by_key(&line.payment, |it| it.payment.no).ok()?;
        Some((line, known.get(at)?.clone()))
    };
    let lines: Vec<_> = opened.into_iter().filter_map(beside).collect();
    let shown = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let act = Act::named("open_transfers", by.actor(), house.operation()).counting("transfer_run", i64::from(no));
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(OpenedTransfers { run, lines })
}
