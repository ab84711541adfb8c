//! Somebody joins, comes back or leaves: their phone shows the menu of their state. Judged when the job runs, not when it was
//! put in the queue. Names the person only; the LINE user id stays sealed. Leaves everybody at once to `show_line_menu`.

use async_trait::async_trait;
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{OrgId, PersonId, Timestamp};
use tsunagari_outreach::rich_menu::MenuFace;
use tsunagari_people::ContactKind;
use tsunagari_storage::Tx;
use tsunagari_storage::line_channel::LineChannel;

use super::{about, person_in};
use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "link_line_menu.1";

/// Puts it in the queue.
///
/// # Errors
/// Storage's.
pub async fn enqueue(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), ActError> {
    Ok(tx.enqueue(KIND, &about(person), now, None).await?)
}

/// The handler.
pub struct LinkLineMenu(pub House);

#[async_trait]
impl Handler for LinkLineMenu {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        match link(&self.0, org, person_in(payload)?).await {
            Ok(()) | Err(ActError::NotFound) => Ok(()),
            // A menu is a convenience: what LINE refuses for good is not asked for ever.
            Err(ActError::Refused(reasons)) if reasons.iter().any(|it| it.code == "line_rejected") => Ok(()),
            Err(error) => Err(JobError::Retry(error.to_string())),
        }
    }
}

async fn link(house: &House, org: OrgId, person: PersonId) -> Result<(), ActError> {
    let here = house.org(org);
    let mut reader = here.read_by_key().await?;
    let Some(line) = reader.sending_line_channel().await? else { return Ok(()) };
    // Most towns have none, and a whole school joins at once.
    if reader.live_line_menu(line.id, MenuFace::Member).await?.is_none() {
        return Ok(());
    }
    drop(reader);
    let keys = here.person_keys(&[person]).await?;
    let addresses = here.read_by_key().await?.addresses_of(&keys, person).await?;
    for address in addresses.iter().filter(|it| it.kind == ContactKind::Line) {
        dress(house, org, &line, &address.clear).await?;
    }
    Ok(())
}

/// Shows one LINE user the menu of their state.
///
/// # Errors
/// LINE's refusals; storage's.
pub async fn dress(house: &House, org: OrgId, line: &LineChannel, user: &str) -> Result<(), ActError> {
    let here = house.org(org);
    let mut reader = here.read_by_key().await?;
    let menu = reader.live_line_menu(line.id, MenuFace::Member).await?.and_then(|it| it.line_id);
    let Some(menu) = menu else { return Ok(()) };
    let joined = match reader.person_by_contact(ContactKind::Line, user, Some(line.provider)).await? {
        Some(found) => reader.has_joined(found.person, house.now().jst_date()).await?,
        None => false,
    };
    drop(reader);
    let open = house.line.open(&here, line.id).await?;
    let done = if joined {
        open.api.link_rich_menu(&open.token, user, &menu).await
    } else {
        open.api.unlink_rich_menu(&open.token, user).await
    };
    done.map(|_| ()).map_err(|error| ActError::refused(crate::line_gateway::line_reason(&error.fault)))
}
