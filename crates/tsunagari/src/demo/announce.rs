//! What the demonstration says when it answers: addresses and sign-ins, on the terminal and in the ready file, which
//! appears whole. The file is the contract with the browser tests (e2e/harness/demo.mjs).

use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use tsunagari_access::totp;
use tsunagari_acts::{House, sign_in};

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

/// Prints addresses and sign-ins.
pub fn print(addresses: &Addresses, sign_ins: &[SignIn]) {
    println!("\nTsunagari's demonstration answers:");
    println!("  portal  {}", addresses.portal);
    println!("  office  {}", addresses.office);
    println!("  LINE    {}   (phones: http://USER.localhost and its port)", addresses.line);
    println!("  mail    {}", addresses.mail);
    let mut town = "";
    for it in sign_ins {
        if it.organisation != town {
            println!("\n{} ({})", it.organisation_name, it.organisation);
            town = &it.organisation;
        }
        println!("  {:<13} {:<28} {:<26} TOTP {}", it.role, it.email, it.password, it.totp_secret);
        println!("                {}", it.link);
    }
    println!("\nEach link signs in once. Stop with Ctrl-C.");
}

/// Prints who has not joined yet and can be played.
pub fn print_strangers(strangers: &[Stranger]) {
    println!("\nNot joined yet; open the phone, type the QR address, and answer as they would:");
    for it in strangers {
        println!("  {} ({}), born {}, {}", it.name, it.kana, it.birth, it.school);
        println!("                phone {}   QR {}", it.phone, it.join);
        if !it.guardian_mail.is_empty() {
            println!(
                "                under age: a guardian agrees; give {} and look into the mailbox",
                it.guardian_mail
            );
        }
    }
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
