//! Invented staff of the demonstration: one of each role in every town, with the same password per role, their TOTP
//! secrets, and one-time links. Made from the seed, printed at the start, good on loopback only.

use anyhow::Context;
use tsunagari_access::{Role, password};
use tsunagari_acts::found_organisation::FirstStaff;
use tsunagari_kernel::{Chance, Timestamp, UserId};
use tsunagari_storage::staff::Staff;
use tsunagari_storage::team::Team;

use super::words::{Part, Words};

/// How long the contractor's role lasts.
const CONTRACT_DAYS: i64 = 90;

/// What a role signs in with everywhere: the hash is made once, because it is slow on purpose.
pub struct RoleSecret {
    /// The role.
    pub role: Role,
    /// The password.
    pub password: String,
    hash: String,
}

/// The five roles with their passwords.
///
/// # Errors
/// The hash function refuses its constants.
pub fn role_secrets(chance: &Chance, now: Timestamp) -> anyhow::Result<Vec<RoleSecret>> {
    let until = Timestamp::start_of(now.plus(chrono::TimeDelta::days(CONTRACT_DAYS)).jst_date());
    [Role::Viewer, Role::Editor, Role::Approver, Role::Administrator, Role::Contractor { until }]
        .into_iter()
        .map(|role| {
            let password = format!("{}-{}", role.code(), word(chance));
            let hash = password::hash(&password, &chance.bytes()).context("a password cannot be hashed")?;
            Ok(RoleSecret { role, password, hash })
        })
        .collect()
}

fn word(chance: &Chance) -> String {
    const SYLLABLES: [&str; 20] = [
        "ka", "ki", "ku", "sa", "shi", "su", "ta", "te", "to", "na", "ni", "no", "ha", "hi", "fu", "ma", "mi", "mo",
        "ra", "ri",
    ];
    (0..6).map(|_| SYLLABLES[usize::try_from(chance.below(20)).unwrap_or(0)]).collect()
}

fn pick<'a>(chance: &Chance, parts: &'a [Part]) -> &'a str {
    let at = usize::try_from(chance.below(parts.len() as u64)).unwrap_or(0);
    parts.get(at).map_or("", |part| part.0.as_str())
}

/// The staff of one town: everybody's sign-in name is ROLE@CODE.example, such as editor@322041.example.
pub fn staff(
    chance: &Chance,
    words: &Words,
    secrets: &[RoleSecret],
    code: &str,
    teams: &[Team],
    now: Timestamp,
) -> Vec<FirstStaff> {
    secrets
        .iter()
        .enumerate()
        .map(|(index, secret)| FirstStaff {
            staff: Staff {
                id: UserId::born(chance, now),
                login: format!("{}@{code}.example", secret.role.code()),
                name: format!(
                    "{}{} {}{}",
                    pick(chance, &words.family_first),
                    pick(chance, &words.family_second),
                    pick(chance, &words.given_first),
                    pick(chance, &words.given_second)
                ),
                role: secret.role,
                team: teams.get(index % teams.len().max(1)).map(|team| team.id),
                active: true,
            },
            password_hash: secret.hash.clone(),
            totp: chance.bytes(),
        })
        .collect()
}
