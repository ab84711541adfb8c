//! A programme whose parcels go to everybody who asks, and a round of it with one made ready.

#![allow(clippy::expect_used, reason = "test support: what cannot happen ends the test")]

use tsunagari_acts::adopt_blueprint::adopt;
use tsunagari_blueprints::{Beneficiary, BenefitKind, Blueprint, blueprints};
use tsunagari_kernel::Clock as _;
use tsunagari_programmes::Applicant;

use crate::lived::{Officer, ROUND};
use crate::town::{Office, Town};

/// A programme that sends a parcel to everybody who asks.
pub fn parcels_for_everybody() -> Blueprint {
    let gives = |it: &Blueprint| it.gets.iter().any(|it| it.kind == BenefitKind::Parcel);
    let all = blueprints().expect("they are shipped");
    let mut blueprint = all.into_iter().find(gives).expect("some send parcels");
    blueprint.who.applicant = Applicant::Oneself;
    blueprint.who.beneficiary = Beneficiary::Applicant;
    blueprint.who.conditions.clear();
    blueprint.choose.caps.clear();
    blueprint.form.clear();
    blueprint
}

/// A round of that with a parcel made ready, and something to pack it from.
pub(crate) async fn furnish(town: &Town, office: &Office, officer: &mut Officer) {
    let who = &office.who("administrator").staff;
    let by = tsunagari_access::Officer::of(office.org, who.id, vec![who.role]).grant(town.real.now());
    let programme = adopt(&town.house, &by.expect("an administrator may"), parcels_for_everybody()).await;
    let programme = format!("/office/programmes/{}", programme.expect("it is taken up"));
    let round = officer.done(&format!("{programme}/rounds/new"), ROUND).await;
    let round = round.split('?').next().unwrap_or_default().to_owned();
    officer.done(&format!("{round}/announce"), &[("seen", "1")]).await;
    let who = officer.person("架空", &format!("荷{}", office.code), &[]).await.to_string();
    officer.done(&format!("{round}/enter"), &[("person", &who), ("do", "enter")]).await;
    officer.done(&format!("{round}/parcels/prepare"), &[]).await;
    officer.done(&format!("{round}/parcels/lots"), &[("good", "米"), ("pieces", "10")]).await;
}
