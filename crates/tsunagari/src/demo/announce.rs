//! What the demonstration says when it answers: where to begin, in the language of the terminal; every other way in stands
//! in a file of the data directory; and the ready file, which appears whole and is the contract with the browser tests
//! (e2e/harness/demo.mjs). The words stand in `locales/*/demo.ftl`.

use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use tsunagari_access::totp;
use tsunagari_acts::{House, sign_in};
use tsunagari_i18n::{Locale, Texts};

use super::history::strangers::Stranger;
use super::lines::TownLine;
use super::network::Network;
use super::staff::RoleSecret;
use super::towns::Town;

/// Where everything answers.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// The residents' pages.
    pub portal: String,
    /// The staff's pages.
    pub office: String,
    /// The LINE simulator.
    pub line: String,
    /// The mailbox.
    pub mail: String,
}

/// One way in.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// The organisation's code.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// The role's code.
    pub role: &'static str,
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub email: String,
    /// The password.
    pub password: String,
    /// The TOTP secret in base32.
    pub totp_secret: String,
    /// A link that signs in once.
    pub link: String,
}

/// Makes a way in for every member of staff.
///
/// # Errors
/// Storage's.
pub async fn sign_ins(
    house: &House,
    office: &str,
    towns: &[(Town, TownLine)],
    network: &Network,
    secrets: &[RoleSecret],
) -> anyhow::Result<Vec<SignIn>> {
    let mut all = Vec::new();
    let offices = towns.iter().map(|(town, _)| (&town.org, &town.staff)).chain([(&network.org, &network.staff)]);
    for (org, staff) in offices {
        for (it, secret) in staff.iter().zip(secrets) {
            let token =
                sign_in::make_link(house, org.id, it.staff.id, tsunagari_web::office::desk::SIGN_IN_LINK_LIFE).await?;
            all.push(SignIn {
                organisation: org.code.clone(),
                organisation_name: org.name.clone(),
                role: it.staff.role.code(),
                name: it.staff.name.clone(),
                email: it.staff.login.clone(),
                password: secret.password.clone(),
                totp_secret: totp::secret_text(&it.totp),
                link: format!("{office}/enter/{}/{token}", org.id),
            });
        }
    }
    Ok(all)
}

/// The language of the terminal: the first of these that says anything decides, as for every program.
pub fn texts(variable: impl Fn(&str) -> Option<String>) -> Texts {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|it| !it.is_empty());
    Texts::of(if said.is_some_and(|it| it.starts_with("ja")) { Locale::Ja } else { Locale::En })
}

/// Where everything answers.
pub fn answering(t: Texts, addresses: &Addresses) -> String {
    let mut out = format!("\n{}\n", t.get("demo-answers"));
    let parts = [
        ("portal", &addresses.portal),
        ("office", &addresses.office),
        ("line", &addresses.line),
        ("mail", &addresses.mail),
    ];
    for (part, address) in parts {
        line(&mut out, &format!("  {}{address}", t.get(format!("demo-{part}"))));
    }
    line(&mut out, &t.get("demo-loading"));
    out
}

/// Where to begin: somebody to play, and two members of staff of the same town; then where the rest stands.
pub fn beginning(t: Texts, people: usize, sign_ins: &[SignIn], strangers: &[Stranger], rest: &Path) -> String {
    let mut out = String::new();
    line(&mut out, &format!("\n{}", t.count("demo-people", people)));
    // Whoever needs a guardian is not the first to be tried.
    if let Some(it) = strangers.iter().find(|it| it.guardian_mail.is_empty()) {
        line(&mut out, &format!("\n{}", t.get("demo-begin")));
        line(
            &mut out,
            &format!("  1. {}  {}", t.two("demo-phone", "name", it.name.as_str(), "kana", it.kana.as_str()), it.phone),
        );
        line(&mut out, &format!("     {}  {}", t.get("demo-qr"), it.join));
        let staff = |role: &str| sign_ins.iter().find(|one| one.organisation == it.organisation && one.role == role);
        for (number, role) in [(2, "editor"), (3, "approver")] {
            if let Some(one) = staff(role) {
                let told = t.one(format!("demo-{role}"), "town", one.organisation_name.as_str());
                line(&mut out, &format!("  {number}. {told}  {}", one.link));
            }
        }
    }
    line(&mut out, &format!("\n{}", t.get("demo-once")));
    line(&mut out, &t.one("demo-rest", "file", rest.display().to_string()));
    out
}

/// Every way in and everybody who can be played, for the file.
pub fn everything(t: Texts, sign_ins: &[SignIn], strangers: &[Stranger]) -> String {
    let mut out = String::new();
    let mut town = "";
    for it in sign_ins {
        if it.organisation != town {
            line(&mut out, &format!("\n{} ({})", it.organisation_name, it.organisation));
            town = &it.organisation;
        }
        line(&mut out, &format!("  {:<13} {:<28} {:<26} TOTP {}", it.role, it.email, it.password, it.totp_secret));
        line(&mut out, &format!("                {}", it.link));
    }
    line(&mut out, &format!("\n{}", t.get("demo-strangers")));
    for it in strangers {
        line(&mut out, &format!("  {} ({}), {}, {}", it.name, it.kana, it.birth, it.school));
        line(&mut out, &format!("                {}   QR {}", it.phone, it.join));
        if !it.guardian_mail.is_empty() {
            line(&mut out, &format!("                {}", t.one("demo-guardian", "mail", it.guardian_mail.as_str())));
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[derive(Serialize)]
struct Ready<'a> {
    #[serde(flatten)]
    addresses: &'a Addresses,
    sign_ins: &'a [SignIn],
    strangers: &'a [Stranger],
}

/// Writes the ready file in one piece: a reader sees all of it or nothing.
///
/// # Errors
/// It cannot be written.
pub fn write_ready(
    file: &Path,
    addresses: &Addresses,
    sign_ins: &[SignIn],
    strangers: &[Stranger],
) -> anyhow::Result<()> {
    let beside = file.with_extension("making");
    let text = serde_json::to_string_pretty(&Ready { addresses, sign_ins, strangers })?;
    std::fs::write(&beside, text).with_context(|| format!("cannot write {}", beside.display()))?;
    std::fs::rename(&beside, file).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_in(organisation: &str, role: &'static str) -> SignIn {
        SignIn {
            organisation: organisation.into(),
            organisation_name: format!("町{organisation}"),
            role,
            name: "石見 花".into(),
            email: format!("{role}@{organisation}.example"),
            password: "a-password".into(),
            totp_secret: "SECRET".into(),
            link: format!("http://localhost:8080/office/enter/{organisation}/{role}"),
        }
    }

    fn stranger(name: &str, organisation: &str, guardian_mail: &str) -> Stranger {
        Stranger {
            organisation: organisation.into(),
            handle: "x".into(),
            name: name.into(),
            kana: "カナ".into(),
            birth: chrono::NaiveDate::from_ymd_opt(2007, 8, 20).unwrap(),
            school: "架空高校".into(),
            phone: format!("http://{name}.localhost:8090"),
            join: format!("http://localhost:8080/j/{name}"),
            guardian_mail: guardian_mail.into(),
        }
    }

    #[test]
    fn the_terminal_begins_with_one_town_and_the_file_holds_the_rest() {
        let sign_ins: Vec<SignIn> = ["1", "2"]
            .into_iter()
            .flat_map(|org| ["editor", "approver", "viewer"].map(|role| sign_in(org, role)))
            .collect();
        let strangers = [stranger("minor", "1", "parent@post.example"), stranger("adult", "2", "")];
        for locale in [Locale::Ja, Locale::En] {
            let t = Texts::of(locale);
            let told = beginning(t, 2_333, &sign_ins, &strangers, Path::new("/data/sign-ins.txt"));
            let links: Vec<&str> = told.split_whitespace().filter(|it| it.starts_with("http")).collect();
            let want = [
                "http://adult.localhost:8090",
                "http://localhost:8080/j/adult",
                "http://localhost:8080/office/enter/2/editor",
                "http://localhost:8080/office/enter/2/approver",
            ];
            assert_eq!(links, want, "{told}");
            assert!(told.contains("2,333") && told.trim_end().ends_with("/data/sign-ins.txt"), "{told}");
            let all = everything(t, &sign_ins, &strangers);
            assert_eq!(all.matches("/office/enter/").count(), 6, "{all}");
            assert!(all.contains("parent@post.example") && all.contains("SECRET"));
        }
    }

    #[test]
    fn the_terminals_language_is_taken() {
        let of = |all: &'static str, lang: &'static str| {
            let said = move |name: &str| match name {
                "LC_ALL" => Some(all.to_owned()),
                "LANG" => Some(lang.to_owned()),
                _ => None,
            };
            texts(said).locale()
        };
        assert_eq!([of("", "ja_JP.UTF-8"), of("C", "ja_JP.UTF-8"), of("", "")], [Locale::Ja, Locale::En, Locale::En]);
    }
}
