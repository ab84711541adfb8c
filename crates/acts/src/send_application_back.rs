//! An application goes back to its applicant to be mended: never without words of what is to be mended. The words are kept with what was
//! handed in, sealed; the notice only says that there are some. Leaves mending to `amend_application`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::{Event, Screening, Standing};
use tsunagari_storage::application::NewPaper;

use crate::tell_step::take_step;
use crate::{ActError, House, Reason};

/// The most characters.
const WORDS: usize = 1_000;

/// Sends it back.
///
/// # Errors
/// `field_empty`, `field_too_long` at `words`; `ledger_…` where it is decided already; not found, also once the applicant was erased.
pub async fn send_application_back(
    house: &House,
    by: &Granted<HandleApplications>,
    id: ApplicationId,
    words: &str,
) -> Result<Standing, ActError> {
    let words = words.trim();
    if words.is_empty() {
        return Err(ActError::refused_at("words", "field_empty"));
    }
    if words.chars().count() > WORDS {
        return Err(ActError::Refused(vec![Reason::at("words", "field_too_long").with("most", WORDS)]));
    }
    let here = house.org(by.org());
    let applicant = here.read().await?.application(id).await?.applicant.ok_or(ActError::NotFound)?;
    let keys = here.person_keys(&[applicant]).await?;
    let mut tx = here.write().await?;
    let application = tx.application(id).await?;
    tx.lock_round(application.round).await?;
    let (mut paper, mark) = tx.paper_with_mark(id, &keys).await?;
    paper.sent_back.push(words.to_owned());
    tx.keep_paper(id, NewPaper { paper: &paper, mark: mark.as_deref() }, &keys).await?;
    let screened = Event::Screened { outcome: Screening::SentBack, points: None };
    match take_step(house, &mut tx, id, &[screened], &by.actor()).await? {
        Ok(standing) => {
            let act = Act::named("send_application_back", by.actor(), house.operation());
            tx.commit(&act.on("application", id)).await?;
            Ok(standing)
        }
        Err(refusal) => {
            tx.undo().await?;
            Err(ActError::refused(refusal.code()))
        }
    }
}
