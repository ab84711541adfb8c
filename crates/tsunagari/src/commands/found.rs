//! `found`: the first start of a real town. Makes the organisation by its 全国地方公共団体コード, with purposes, wordings
//! and defaults, and prints the link by which its administrator chooses a password and enrols a second factor. Everything
//! else is set in the office's settings pages. On an empty database it makes the tables first.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use tsunagari_access::{Machine, Role};
use tsunagari_acts::adopt_plan::{adopt_plan_at_setup, plan_of};
use tsunagari_acts::found_organisation::found_with_administrator;
use tsunagari_acts::{ActError, House};
use tsunagari_i18n::{Locale, Texts};
use tsunagari_kernel::contact::email as kernel_email;
use tsunagari_kernel::{Clock, MunicipalityCode, OrgId, UserId};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::{Location, migrate};
use tsunagari_web::sentences::sentences;

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;
use crate::starter;

/// Begin with a town: its organisation and its first administrator.
///
/// Makes the tables of an empty database first, and prints the link by which the administrator chooses a password and enrols
/// a second factor. Everything else is set in the office, under Settings.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari found --config /etc/tsunagari.toml --code 322041 --administrator-email hana@town.example --administrator-name 'Hana Yamada'
  tsunagari found --config /etc/tsunagari.toml --code 322041 --plan PLAN --administrator-email hana@town.example --administrator-name 'Hana Yamada'")]
pub struct Found {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// The municipality's or prefecture's 全国地方公共団体コード, six digits: 322041.
    #[arg(long)]
    code: String,
    /// The name residents read; the official one otherwise.
    #[arg(long)]
    name: Option<String>,
    /// Who to ask, for letters and pages: an office with its telephone number.
    #[arg(long, default_value = "")]
    contact: String,
    /// The administrator's mail address: their sign-in name.
    #[arg(long)]
    administrator_email: String,
    /// The administrator's name.
    #[arg(long)]
    administrator_name: String,
    /// The plan whose figures are measured, one of the shipped blueprints; it can be chosen later.
    #[arg(long)]
    plan: Option<String>,
}

impl Found {
    /// Founds it. Beside a running `serve` too.
    ///
    /// # Errors
    /// What does not fit, in words; nothing was changed then.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        let municipality = MunicipalityCode::known(self.code.trim())
            .with_context(|| format!("--code {} names no municipality of today", self.code))?;
        let login = kernel_email(&self.administrator_email).map_err(|_| {
            anyhow::anyhow!(
                "--administrator-email {:?} is no mail address; it reads hana@town.example and is the sign-in name",
                self.administrator_email
            )
        })?;
        let data = DataDir::look(&config.data_dir)?;
        make_tables(&config, &data).await?;
        let house = crate::house::of(&config, &data, Arc::new(RealClock)).await?;
        data.make_keys()?;
        let id = OrgId::born(&house.chance, RealClock.now());
        let code = municipality.code.to_string();
        let name = self.name.as_deref().map_or_else(|| municipality.short_name(), str::trim);
        let mut organisation = Organisation::by_default(id, code.as_str(), name, municipality.kana);
        if municipality.code.is_prefecture() {
            organisation.kind = "prefecture".into();
        }
        organisation.contact = self.contact.trim().to_owned();
        organisation.accent = tsunagari_web::shell::Accent::for_seed(&code).code().to_owned();
        let administrator = Staff {
            id: UserId::born(&house.chance, RealClock.now()),
            login,
            name: self.administrator_name.trim().to_owned(),
            role: Role::Administrator,
            team: None,
            active: true,
        };
        if let Some(plan) = &self.plan {
            known_plan(plan)?;
            plan_of(plan, &code).map_err(in_words)?;
        }
        let by = Machine::working(id, "found");
        let founding = starter::founding(organisation, RealClock.now())?;
        let invitation = found_with_administrator(&house, &by, &founding, &administrator).await.map_err(in_words)?;
        adopt_plan_at_setup(&house, &by, self.plan.as_deref()).await.map_err(in_words)?;
        println!("{name} ({code}) is founded. Its administrator opens this link once, within seven days:");
        print_link(&house, id, &invitation.token);
        println!(
            "There they choose a password and scan a code with an authenticator app. The way from there is on the page Today."
        );
        house.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints an invitation's link.
pub fn print_link(house: &House, org: OrgId, token: &str) {
    println!("\n  {}/office/invite/{org}/{token}\n", house.origin);
}

/// A refusal in words.
pub fn in_words(error: ActError) -> anyhow::Error {
    match error {
        ActError::Refused(reasons) => {
            let said: Vec<String> = sentences(Texts::of(Locale::En), &reasons)
                .into_iter()
                .map(|(field, sentence)| match field.as_str() {
                    "name" => format!("--administrator-name: {sentence}"),
                    "login" => format!("--administrator-email: {sentence}"),
                    "code" => format!("--code: {sentence}"),
                    "plan" => format!("--plan: {sentence}"),
                    _ => sentence,
                })
                .collect();
            anyhow::anyhow!("{} Nothing was changed.", said.join(" "))
        }
        other => other.into(),
    }
}

fn known_plan(slug: &str) -> anyhow::Result<()> {
    let all = tsunagari_blueprints::plans()?;
    if all.iter().any(|plan| plan.slug == slug) {
        return Ok(());
    }
    let known: Vec<&str> = all.iter().map(|plan| plan.slug.as_str()).collect();
    bail!("--plan {slug} is not shipped; there are {}", known.join(", "))
}

/// On an empty database, which has nothing to lose. Any other schema is the affair of `migrate`.
async fn make_tables(config: &Config, data: &DataDir) -> anyhow::Result<()> {
    let location = config.database(data)?;
    let owner = match &location {
        Location::Server(_) if config.database.owner_url_file.as_os_str().is_empty() => return Ok(()),
        Location::Server(_) | Location::File(_) => config.owner(data)?,
    };
    if migrate::standing(&owner).await?.at == 0 {
        migrate::migrate(&owner, RealClock.now().micros()).await?;
        println!("The tables are made.");
    }
    Ok(())
}
