//! The towns of the demonstration: one for each shipped plan, with settings, departments, staff, purposes and wordings.
//! Which towns, teams and numbers there are is the blueprints' affair.

use chrono::TimeDelta;
use tsunagari_access::Machine;
use tsunagari_acts::House;
use tsunagari_acts::adopt_plan::adopt_plan_at_setup;
use tsunagari_acts::found_organisation::{FirstStaff, Founding, found_organisation};
use tsunagari_blueprints::Plan;
use tsunagari_kernel::{Chance, MunicipalityCode, OrgId, TeamId};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::team::Team;

use super::staff::{RoleSecret, staff};
use super::words::Words;

/// The proof of the demonstration's own acts.
pub fn machine(org: OrgId) -> Machine {
    Machine::working(org, "demo")
}

/// A founded town.
pub struct Town {
    /// Its organisation.
    pub org: Organisation,
    /// Its plan.
    pub plan: Plan,
    /// Its staff with their secrets.
    pub staff: Vec<FirstStaff>,
}

/// Towns whose demonstration asks guardians up to another age than the default, by code.
const GUARDIAN_AGES: &[(&str, i64)] = &[("322041", 18)];
const GUARDIAN_AGE: i64 = 16;
/// Wordings stand since the plans began.
const WORDINGS_SINCE_DAYS: i64 = 4 * 365;

/// Founds one town from its plan.
///
/// # Errors
/// The plan names no municipality, or storage's.
pub async fn found(
    house: &House,
    seed: &Chance,
    words: &Words,
    secrets: &[RoleSecret],
    plan: Plan,
) -> anyhow::Result<Town> {
    let municipality = MunicipalityCode::known(&plan.organisation)?;
    let now = house.real_clock.now();
    let id = OrgId::born(seed, house.now());
    let teams: Vec<Team> =
        plan.teams.iter().map(|name| Team { id: TeamId::born(seed, house.now()), name: name.clone() }).collect();
    let organisation = organisation(id, municipality.short_name(), municipality.kana, &plan, teams.first());
    let staff = staff(seed, words, secrets, &plan.organisation, &teams, now);
    let founding = Founding {
        wordings: wordings(words, municipality.short_name(), house),
        purposes: words.purposes.iter().map(|it| labelled(&it.code, &it.ja, &it.easy, &it.en)).collect(),
        interests: words.interests.iter().map(|it| labelled(&it.code, &it.ja, &it.easy, &it.en)).collect(),
        organisation: organisation.clone(),
        teams,
        staff: staff.clone(),
    };
    found_organisation(house, &machine(id), &founding).await?;
    adopt_plan_at_setup(house, &machine(id), Some(&plan.slug)).await?;
    Ok(Town { org: organisation, plan, staff })
}

fn organisation(id: OrgId, name: &str, kana: &str, plan: &Plan, first: Option<&Team>) -> Organisation {
    let known = GUARDIAN_AGES.iter().find(|(code, _)| *code == plan.organisation);
    Organisation {
        // Whoever has something to tell can write: to the address the town's letters come from.
        contact: [name, first.map_or("", |team| &team.name), &format!("news@{}.example", plan.organisation)].join(" "),
        accent: tsunagari_web::shell::Accent::for_seed(&plan.organisation).code().to_owned(),
        plan_slug: Some(plan.slug.clone()),
        guardian_age: known.map_or(GUARDIAN_AGE, |(_, age)| *age),
        cancel_seconds: 10,
        demo: true,
        ..Organisation::by_default(id, plan.organisation.as_str(), name, kana)
    }
}

fn labelled(code: &str, ja: &str, easy: &str, en: &str) -> Labelled {
    Labelled { code: code.into(), ja: ja.into(), easy: easy.into(), en: en.into() }
}

fn wordings(words: &Words, sender: &str, house: &House) -> Vec<Wording> {
    let from = house.now().minus(TimeDelta::days(WORDINGS_SINCE_DAYS));
    let mut out = Vec::new();
    for purpose in &words.purposes {
        for (locale, text) in [("ja", &purpose.text_ja), ("ja-easy", &purpose.text_easy), ("en", &purpose.text_en)] {
            out.push(Wording {
                purpose: purpose.code.clone(),
                version: 1,
                locale: locale.into(),
                text: text.replace("{sender}", sender),
                sender: sender.to_owned(),
                from,
            });
        }
    }
    out
}
