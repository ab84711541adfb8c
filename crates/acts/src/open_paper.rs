//! Staff reads what was handed in with an application. Each look is on the record, written before anything is given out; where
//! the applicant or the one it is for has a protected address, what may tell where they are is not shown to anyone.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::Paper;

use crate::running_programme::running;
use crate::{ActError, House};

/// What was handed in, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What was written; nothing once the applicant was erased.
    pub paper: Option<Paper>,
    /// Whether something was left out because an address is protected.
    pub protected: bool,
}

/// Opens what was handed in.
///
/// # Errors
/// Not found; storage's.
pub async fn open_paper(
    house: &House,
    by: &Granted<HandleApplications>,
    application: ApplicationId,
) -> Result<Opened, ActError> {
    let here = house.org(by.org());
    let it = here.read().await?.application(application).await?;
    let about: Vec<_> = it.applicant.into_iter().chain(it.beneficiary).collect();
    let keys = here.person_keys(&about).await?;
    let mut tx = here.write().await?;
    let protected = !tx.protected_among(&about).await?.is_empty();
    let mut paper = if about.is_empty() { None } else { tx.paper(application, &keys).await? };
    if protected {
        let running = running(house, &mut tx, it.programme, it.version_no).await?;
        paper = paper.map(|it| it.without_whereabouts(&running.policy.form));
    }
    let shown = i64::from(paper.is_some());
    let act = Act::named("open_paper", by.actor(), house.operation()).on("application", application);
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(Opened { paper, protected })
}
