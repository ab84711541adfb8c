//! Which crate may use which: the direction of ARCHITECTURE.md, the one home of SQL, of the HTTP server and of the HTTP
//! client, and the purity of the domain's dependencies. To add a crate: a line in `MAY_USE`.

use super::manifest::dependencies;
use super::{Finding, House};

/// Crates of the domain: pure.
pub const DOMAIN: &[&str] =
    &["kernel", "rules", "people", "programmes", "benefits", "outreach", "figures", "access", "blueprints"];

/// The members each member may use, besides itself; `*` is every one.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("rules", &["kernel"]),
    ("people", &["kernel", "rules"]),
    ("programmes", &["kernel", "rules", "people"]),
    ("benefits", &["kernel"]),
    ("outreach", &["kernel", "rules", "people"]),
    ("figures", &["kernel", "rules", "people", "outreach"]),
    ("access", &["kernel"]),
    ("blueprints", &["kernel", "rules", "people", "programmes", "outreach", "figures"]),
    (
        "storage",
        &["kernel", "rules", "people", "programmes", "benefits", "outreach", "figures", "access", "blueprints"],
    ),
    ("i18n", &["kernel"]),
    ("channels", &["kernel", "rules", "people", "outreach", "i18n"]),
    ("documents", &["kernel", "rules", "people", "benefits", "outreach", "figures", "i18n"]),
    ("jobs", &["kernel", "storage"]),
    (
        "acts",
        &[
            "kernel",
            "rules",
            "people",
            "programmes",
            "benefits",
            "outreach",
            "figures",
            "access",
            "blueprints",
            "storage",
            "jobs",
            "channels",
            "documents",
            "i18n",
        ],
    ),
    (
        "web",
        &[
            "kernel",
            "rules",
            "people",
            "programmes",
            "benefits",
            "outreach",
            "figures",
            "access",
            "blueprints",
            "storage",
            "acts",
            "i18n",
            "documents",
            "channels",
        ],
    ),
    ("line-sim", &[]),
    ("mail-sim", &[]),
    ("load", &[]),
    ("cluster", &[]),
    ("tsunagari", &["*"]),
    ("testkit", &["*"]),
];

/// What the domain may use from outside: data, words, numbers and hashing; nothing that waits (proptest:
/// generators behind a feature, for tests of other crates).
const DOMAIN_MAY_USE: &[&str] = &[
    "argon2",
    "base64",
    "chacha20",
    "chrono",
    "hex",
    "hmac",
    "md-5",
    "proptest",
    "rand",
    "serde",
    "serde_json",
    "sha2",
    "strsim",
    "subtle",
    "thiserror",
    "toml",
    "totp-rs",
    "unicode-normalization",
    "unicode-segmentation",
    "url",
    "uuid",
    "zeroize",
];

/// Crates from outside that only some members may use.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx", &["storage"]),
    ("axum", &["web", "line-sim", "mail-sim", "tsunagari", "testkit"]),
    ("axum-extra", &["web", "line-sim", "mail-sim"]),
    ("reqwest", &["channels", "line-sim", "tsunagari", "testkit", "load"]),
    ("lettre", &["channels"]),
    ("anyhow", &["tsunagari", "testkit", "cluster"]),
];

/// Every manifest below `crates/`.
pub fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let Some(member) = file.member() else { continue };
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == member) else {
            findings.push(Finding::new(
                "layers",
                &file.path,
                1,
                format!("`{member}` has no line in xtask's tidy/layers.rs"),
            ));
            continue;
        };
        // Tests may stand on anything: what they use is not shipped.
        for dependency in dependencies(file).into_iter().filter(|dependency| dependency.table == "dependencies") {
            let name = dependency.name.as_str();
            let complaint = if let Some(other) = name.strip_prefix("tsunagari-") {
                (!may_use.contains(&"*") && !may_use.contains(&other))
                    .then(|| format!("`{member}` may not use `{other}` (direction in ARCHITECTURE.md)"))
            } else if let Some((_, homes)) = HOMES.iter().find(|(outside, _)| *outside == name) {
                (!homes.contains(&member)).then(|| format!("`{name}` belongs to {} only", homes.join(", ")))
            } else {
                (DOMAIN.contains(&member) && !DOMAIN_MAY_USE.contains(&name))
                    .then(|| format!("`{name}` is not for the domain, which neither waits nor does I/O"))
            };
            findings.extend(complaint.map(|message| Finding::new("layers", &file.path, dependency.line, message)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, dependency: &str) -> usize {
        check(&House::of(&[(path, &format!("[dependencies]\n{dependency}.workspace = true\n"))])).len()
    }

    #[test]
    fn the_direction_is_held() {
        assert_eq!(complaints("crates/kernel/Cargo.toml", "tsunagari-rules"), 1);
        assert_eq!(complaints("crates/rules/Cargo.toml", "tsunagari-kernel"), 0);
        assert_eq!(complaints("crates/tsunagari/Cargo.toml", "tsunagari-web"), 0);
    }

    #[test]
    fn sql_and_http_have_their_homes() {
        assert_eq!(complaints("crates/acts/Cargo.toml", "sqlx"), 1);
        assert_eq!(complaints("crates/storage/Cargo.toml", "sqlx"), 0);
        assert_eq!(complaints("crates/acts/Cargo.toml", "reqwest"), 1);
        assert_eq!(complaints("crates/people/Cargo.toml", "tokio"), 1);
        assert_eq!(complaints("crates/unheard-of/Cargo.toml", "serde"), 1);
    }
}
