//! A programme that pays everybody who asks what they claim, and a round of it with a payment in a list.

#![allow(clippy::expect_used, reason = "test support: what cannot happen ends the test")]

use tsunagari_acts::adopt_blueprint::adopt;
use tsunagari_blueprints::{Beneficiary, Blueprint, blueprints};
use tsunagari_kernel::Clock as _;
use tsunagari_programmes::{Applicant, How};

use crate::lived::{Officer, ROUND};
use crate::town::{Office, Town};

/// The office's account, as the settings take it.
pub const PAYER: [(&str, &str); 7] = [
    ("seen", "0"),
    ("code", "0012345678"),
    ("name", "カクウシ"),
    ("bank", "0167"),
    ("branch", "001"),
    ("kind", "ordinary"),
    ("number", "7654321"),
];

/// A programme that pays everybody who asks what they claim.
pub fn payments_for_everybody() -> Blueprint {
    let claims = |it: &Blueprint| it.gets.iter().any(|it| it.claims.is_some());
    let all = blueprints().expect("they are shipped");
    let mut blueprint = all.into_iter().find(claims).expect("some pay what is claimed");
    blueprint.who.applicant = Applicant::Oneself;
    blueprint.who.beneficiary = Beneficiary::Applicant;
    blueprint.who.conditions.clear();
    blueprint.choose.how = How::Open;
    blueprint.choose.caps.clear();
    blueprint.gets.retain(|it| it.is_money());
    let claimed: Vec<String> = blueprint.gets.iter().filter_map(|it| it.claims.clone()).collect();
    blueprint.form.retain(|it| claimed.contains(&it.code));
    blueprint
}

/// A round of that with a payment in a list, and one to decide.
pub(crate) async fn furnish(town: &Town, office: &Office, officer: &mut Officer) {
    let who = &office.who("administrator").staff;
    let by = tsunagari_access::Officer::of(office.org, who.id, vec![who.role]).grant(town.real.now());
    let blueprint = payments_for_everybody();
    let field = blueprint.form.first().map(|it| it.code.clone()).expect("it asks how much");
    let programme = adopt(&town.house, &by.expect("an administrator may"), blueprint).await;
    let programme = format!("/office/programmes/{}", programme.expect("it is taken up"));
    let round = officer.done(&format!("{programme}/rounds/new"), ROUND).await;
    let round = round.split('?').next().unwrap_or_default().to_owned();
    officer.done(&format!("{round}/announce"), &[("seen", "1")]).await;
    officer.done("/office/settings/payer", &PAYER).await;
    let mut payments = Vec::new();
    for n in ["一", "二", "三", "四"] {
        let who = officer.person("架空", &format!("払{n}{}", office.code), &[]).await.to_string();
        let answer = format!("a-{field}");
        let to = officer.done(&format!("{round}/enter"), &[("person", &who), (&answer, "1200"), ("do", "enter")]).await;
        let id = to.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
        payments.push(format!("{id}.1"));
    }
    let account = [("names", "yucho"), ("symbol", "10530"), ("number", "12345671"), ("holder", "カクウ")];
    let day = bank_day(town);
    // One in a released list, one in a list that waits, one whose holder nobody has looked at, one to decide.
    for (no, pick) in (1..).zip(payments.iter().take(3)) {
        officer.done(&format!("{round}/payments/decide"), &[("pick", pick), (&format!("yen.{pick}"), "1200")]).await;
        officer.done(&format!("/office/programmes/payments/{no}"), &account).await;
        if no < 3 {
            officer.done(&format!("/office/programmes/payments/{no}/holder"), &[]).await;
            officer.done("/office/programmes/transfers", &[("pay_on", &day)]).await;
        }
    }
    Officer::of(town, office, "approver").await.done("/office/programmes/transfers/1/release", &[]).await;
}

/// Today where banks work today, else the next day on which they do.
pub fn bank_day(town: &Town) -> String {
    let today = town.house.clock.today();
    let mut days = (0..14).filter_map(|n| today.checked_add_days(chrono::Days::new(n)));
    days.find(|day| tsunagari_kernel::holiday::is_bank_day(*day) == Some(true))
        .map(|it| it.to_string())
        .expect("one is near")
}
