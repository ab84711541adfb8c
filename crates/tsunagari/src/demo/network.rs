//! The network of the demonstration: a secretariat with staff of its own, whose members are the six towns. It has no
//! people and no channel; it sees what its members have published.

use tsunagari_acts::House;
use tsunagari_acts::found_organisation::{FirstStaff, Founding, found_organisation};
use tsunagari_acts::keep_network_members::keep_network_members_at_setup;
use tsunagari_kernel::{Chance, FiscalYear, OrgId};
use tsunagari_storage::directory::Organisation;

use super::staff::{RoleSecret, staff};
use super::towns::{Town, machine};
use super::words::Words;

/// Its code: a network has no code of its own in the national list.
const CODE: &str = "shimane-network";
const NAME: &str = "しまねネットワーク";
const KANA: &str = "シマネネットワーク";
const CONTACT: &str = "しまねネットワーク 事務局（デモ）";

/// The founded network.
pub struct Network {
    /// Its organisation.
    pub org: Organisation,
    /// Its staff with their secrets.
    pub staff: Vec<FirstStaff>,
}

/// Founds it with these towns as its members since their plans began.
///
/// # Errors
/// Storage's.
pub async fn found<'t>(
    house: &House,
    seed: &Chance,
    words: &Words,
    secrets: &[RoleSecret],
    towns: impl Iterator<Item = &'t Town>,
) -> anyhow::Result<Network> {
    let id = OrgId::born(seed, house.now());
    let org = Organisation {
        kind: "network".into(),
        contact: CONTACT.into(),
        accent: tsunagari_web::shell::Accent::for_seed(CODE).code().to_owned(),
        cancel_seconds: 10,
        demo: true,
        ..Organisation::by_default(id, CODE, NAME, KANA)
    };
    let staff = staff(seed, words, secrets, CODE, &[], house.real_clock.now());
    let founding = Founding {
        organisation: org.clone(),
        teams: Vec::new(),
        staff: staff.clone(),
        purposes: Vec::new(),
        wordings: Vec::new(),
        interests: Vec::new(),
    };
    found_organisation(house, &machine(id), &founding).await?;
    let members: Vec<_> = towns.map(|town| (town.org.id, FiscalYear(town.plan.fiscal_years[0]).first_day())).collect();
    keep_network_members_at_setup(house, &machine(id), &members).await?;
    Ok(Network { org, staff })
}
