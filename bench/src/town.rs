//! A town for measuring: its own data directory or database, staff, channels at a LINE simulator that runs in this
//! program, and as many people as asked for. Acts can be called on `house` from here; the server is started on the same
//! data by `serve`. Leaves what the people are like to `people`, the process to `server`.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use tempfile::TempDir;
use tsunagari_access::{Granted, Machine, Officer, Permission, Role};
use tsunagari_acts::adopt_plan::adopt_plan_at_setup;
use tsunagari_acts::found_organisation::{FirstStaff, Founding, found_organisation};
use tsunagari_acts::load_people::{know_schools, load_people};
use tsunagari_acts::open_join_event::{NewJoinEvent, open_join_event_at_setup};
use tsunagari_acts::set_up_channels::{FirstChannel, FirstChannels, set_up_channels};
use tsunagari_acts::sign_in::make_link;
use tsunagari_acts::{House, LineGateway, Outside};
use tsunagari_kernel::{Chance, ChannelId, Clock, FiscalYear, OrgId, ProviderId, SchoolId, Timestamp, UserId};
use tsunagari_line_sim::setup::BulkUsers;
use tsunagari_line_sim::{
    LineSim, LoginChannelSetup, MessagingChannelSetup, ProviderSetup, RateLimits, Setup, SimConfig, SimHandle,
};
use tsunagari_load::visitors::Portal;
use tsunagari_load::webhooks::Hook;
use tsunagari_mail_sim::MailSim;
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::demo_database::DemoDatabase;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, Provider, ProviderOwner};
use tsunagari_storage::mail_channel::MailChannel;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::staff::Staff;
use tsunagari_storage::{Key, Keyring, Location, Store, migrate};

use crate::bench::Bench;
use crate::people::{Home, INTERESTS, Known, PURPOSES, handle};
use crate::server::{Installation, Server};
use crate::upkeep;

/// The town's code.
pub const CODE: &str = "322041";
/// The number of its messaging channel.
pub const NUMBER: &str = "2000000001";
const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
const HOOK: &str = "hook-of-the-measured-town";
/// How many people one transaction enters.
const SLICE: u64 = 2_000;

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(chrono::Utc::now().timestamp_micros())
    }
}

/// The town.
pub struct Town {
    /// For acts and readings beside the server.
    pub house: House,
    /// Its organisation.
    pub org: OrgId,
    /// The LINE simulator.
    pub line: SimHandle,
    /// The mailbox.
    pub mail: MailSim,
    /// How many people were loaded.
    pub people: u64,
    /// How long loading them took.
    pub loaded_in: std::time::Duration,
    /// The code of the slip people join by.
    pub event: String,
    /// The first of its schools.
    pub school: SchoolId,
    staff: Vec<(Role, UserId)>,
    port: u16,
    binary: PathBuf,
    dir: TempDir,
    url_file: Option<PathBuf>,
}

impl Town {
    /// Founds it on the run's database and fills it.
    ///
    /// # Errors
    /// Whatever kept it from being made.
    pub async fn found(bench: &Bench, people: u64, known: Known) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("town-").tempdir_in(&bench.root)?;
        for part in ["keys", "files", "backups"] {
            std::fs::create_dir_all(dir.path().join(part))?;
        }
        let chance = Arc::new(Chance::from_entropy(rand::random()));
        let (location, url_file) = database(bench, dir.path(), &chance).await?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let house = open(dir.path(), &location, &chance, port).await?;
        let line = LineSim::start(SimConfig { rate_limits: RateLimits::Off, seed: Some(7), ..SimConfig::default() });
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut town = Self {
            org: OrgId::born(&chance, house.now()),
            house,
            line: line.await?,
            mail: MailSim::start(loopback, loopback).await?,
            people: 0,
            loaded_in: std::time::Duration::ZERO,
            event: String::new(),
            school: SchoolId::born(&chance, MachineClock.now()),
            staff: Vec::new(),
            port,
            binary: bench.binary.clone(),
            dir,
            url_file,
        };
        town.begin().await?;
        let provider = town.connect().await?;
        town.fill(provider, people, known).await?;
        match bench.cluster() {
            Some(cluster) => upkeep::after_a_load(cluster)?,
            None => town.house.store.analyse().await?,
        }
        Ok(town)
    }

    /// The origin the server answers at.
    pub fn origin(&self) -> String {
        self.house.origin.clone()
    }

    /// The proof of acts of the machine.
    pub fn machine(&self) -> Machine {
        Machine::working(self.org, "bench")
    }

    /// The proof of an act of the member of staff with a role.
    ///
    /// # Errors
    /// The role may not.
    pub fn granted<P: Permission>(&self, role: &Role) -> Result<Granted<P>> {
        let (_, user) = self.staff.iter().find(|(its, _)| its == role).context("nobody has this role")?;
        Officer::of(self.org, *user, vec![*role])
            .grant::<P>(self.house.now())
            .map_err(|_| anyhow::anyhow!("{} may not do this", role.code()))
    }

    /// The path that signs a member of staff in once.
    ///
    /// # Errors
    /// Storage's.
    pub async fn sign_in(&self, role: &Role) -> Result<String> {
        let (_, user) = self.staff.iter().find(|(its, _)| its == role).context("nobody has this role")?;
        let token = make_link(&self.house, self.org, *user, TimeDelta::hours(1)).await?;
        Ok(format!("/office/enter/{}/{token}", self.org))
    }

    /// Where its webhooks go.
    pub fn hook(&self) -> Hook {
        Hook { url: format!("http://127.0.0.1:{}/hooks/line/{HOOK}", self.port), secret: SECRET.into() }
    }

    /// Where people join.
    pub fn portal(&self) -> Portal {
        Portal {
            origin: self.origin(),
            town: CODE.into(),
            event: self.event.clone(),
            interest: INTERESTS[0].into(),
            purpose: PURPOSES[0].into(),
        }
    }

    /// Gives the simulator phones for so many residents who are nobody's friend yet.
    ///
    /// # Errors
    /// The simulator refuses them.
    pub fn know_phones(&self, residents: u32) -> Result<()> {
        let bulk = BulkUsers { prefix: "joins".into(), count: residents, friends_of: Vec::new() };
        self.line.sim.set_up(&Setup { bulk_users: vec![bulk], ..Setup::default() })?;
        Ok(())
    }

    /// The LINE user id of person number `n` (from 0).
    pub fn user_id(&self, n: u64) -> String {
        self.line.sim.user_id("town", &handle(n)).unwrap_or_default()
    }

    /// Starts the real server on it. One at a time.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn serve(&self) -> Result<Server> {
        Server::start(&Installation {
            binary: &self.binary,
            dir: self.dir.path(),
            port: self.port,
            origin: &self.house.origin,
            simulator: self.line.base_url(),
            url_file: self.url_file.as_deref(),
        })
        .await
    }

    async fn begin(&mut self) -> Result<()> {
        let (house, chance) = (&self.house, &self.house.chance);
        let label = |code: &&str| Labelled {
            code: (*code).into(),
            ja: (*code).into(),
            easy: (*code).into(),
            en: (*code).into(),
        };
        let wording = |code: &&str| Wording {
            purpose: (*code).into(),
            version: 1,
            locale: "ja".into(),
            text: "月に2回まで送ります。いつでもやめられます。".into(),
            sender: "架空市".into(),
            from: house.now().minus(TimeDelta::days(900)),
        };
        let hash = tsunagari_access::password::hash("correct horse battery", &chance.bytes()).context("a hash")?;
        let roles = [Role::Viewer, Role::Editor, Role::Approver, Role::Administrator];
        let staff: Vec<FirstStaff> = roles
            .into_iter()
            .map(|role| FirstStaff {
                staff: Staff {
                    id: UserId::born(chance, house.now()),
                    login: format!("{}@town.example", role.code()),
                    name: format!("架空 {}", role.code()),
                    role,
                    team: None,
                    active: true,
                },
                password_hash: hash.clone(),
                totp: chance.bytes(),
            })
            .collect();
        let founding = Founding {
            organisation: Organisation { plan_slug: plan()?, ..organisation(self.org) },
            teams: Vec::new(),
            staff,
            purposes: PURPOSES.iter().map(label).collect(),
            wordings: PURPOSES.iter().map(wording).collect(),
            interests: INTERESTS.iter().map(label).collect(),
        };
        found_organisation(house, &self.machine(), &founding).await?;
        if let Some(slug) = plan()? {
            adopt_plan_at_setup(house, &self.machine(), Some(&slug)).await?;
        }
        self.staff = founding.staff.into_iter().map(|it| (it.staff.role, it.staff.id)).collect();
        Ok(())
    }

    async fn connect(&self) -> Result<ProviderId> {
        let now = self.house.now();
        let provider = ProviderId::born(&self.house.chance, now);
        let channel = |kind, number: &str, hook: &str| FirstChannel {
            channel: LineChannel {
                number: number.into(),
                name: "架空市".into(),
                hook: hook.into(),
                ..LineChannel::simulated(self.line.base_url(), ChannelId::born(&self.house.chance, now), provider, kind)
            },
            secret: SECRET.into(),
        };
        let first = FirstChannels {
            provider: Provider {
                id: provider,
                name: "架空市".into(),
                owner: ProviderOwner::Own,
                owner_name: "架空市".into(),
            },
            mandate: None,
            channels: vec![
                channel(ChannelKind::Messaging, NUMBER, HOOK),
                channel(ChannelKind::Login, "2000000002", "login-of-the-measured-town"),
            ],
            mail: MailChannel {
                from_name: "架空市".into(),
                from_address: "post@town.example".into(),
                smtp_url: format!("smtp://127.0.0.1:{}", self.mail.smtp_addr().port()),
                bounce_domain: "bounce.town.example".into(),
                ..MailChannel::default()
            },
        };
        self.line.sim.set_up(&self.simulated())?;
        set_up_channels(&self.house, &self.machine(), &first).await?;
        Ok(provider)
    }

    fn simulated(&self) -> Setup {
        Setup {
            providers: vec![ProviderSetup { id: "town".into(), name: "架空市".into() }],
            messaging_channels: vec![MessagingChannelSetup {
                id: NUMBER.into(),
                provider: "town".into(),
                name: "架空市".into(),
                basic_id: "town".into(),
                secret: SECRET.into(),
                access_token: "long-lived".into(),
                quota: None,
                webhook_url: Some(self.hook().url),
                bot_user_id: None,
            }],
            login_channels: vec![LoginChannelSetup {
                id: "2000000002".into(),
                provider: "town".into(),
                name: "架空市".into(),
                secret: SECRET.into(),
                callbacks: vec![format!("{}/line/callback", self.house.origin)],
                linked_account: Some(NUMBER.into()),
            }],
            ..Setup::default()
        }
    }

    async fn fill(&mut self, provider: ProviderId, people: u64, known: Known) -> Result<()> {
        let chance = Chance::seeded(1);
        let town = CODE.parse()?;
        let schools: Vec<School> = (1..=20)
            .map(|n| School {
                id: SchoolId::born(&chance, self.house.now()),
                name: format!("架空第{n}高等学校"),
                kind: SchoolKind::HighSchool,
                municipality: Some(town),
                years: 3,
            })
            .collect();
        let schools = know_schools(&self.house, &self.machine(), &schools).await?;
        self.school = schools.first().context("a school")?.id;
        let event =
            NewJoinEvent { name: "卒業式".into(), school: Some(self.school), graduation: Some(FiscalYear(2025)) };
        self.event = open_join_event_at_setup(&self.house, &self.machine(), event).await?.code;
        let count = u32::try_from(people)?;
        let bulk = BulkUsers { prefix: "p".into(), count, friends_of: vec![NUMBER.into()] };
        self.line.sim.set_up(&Setup { bulk_users: vec![bulk], ..Setup::default() })?;
        let home = Home { chance: &chance, now: self.house.now(), provider, known, town, schools: &schools };
        let begin = std::time::Instant::now();
        let mut n = 0;
        while n < people {
            let until = people.min(n + SLICE);
            let slice: Vec<Arrival> = (n..until).map(|n| home.person(n, self.user_id(n))).collect();
            load_people(&self.house, &self.machine(), &slice).await?;
            n = until;
        }
        (self.people, self.loaded_in) = (people, begin.elapsed());
        Ok(())
    }
}

/// The shipped plan of the town's municipality, so that pages about figures have some.
fn plan() -> Result<Option<String>> {
    Ok(tsunagari_blueprints::plans()?.into_iter().find(|plan| plan.organisation == CODE).map(|plan| plan.slug))
}

async fn database(bench: &Bench, dir: &Path, chance: &Chance) -> Result<(Location, Option<PathBuf>)> {
    let (location, owner, url_file) = match bench.cluster() {
        None => {
            let file = Location::File(dir.join("tsunagari.db"));
            (file.clone(), file, None)
        }
        Some(cluster) => {
            let made = DemoDatabase::make(&cluster.socket_url(), chance).await?;
            let path = dir.join("database.url");
            if let Location::Server(url) = &made.login {
                std::fs::write(&path, url)?;
            }
            (made.login, made.owner, Some(path))
        }
    };
    migrate::migrate(&owner, MachineClock.now().micros()).await?;
    Ok((location, url_file))
}

async fn open(dir: &Path, location: &Location, chance: &Arc<Chance>, port: u16) -> Result<House> {
    let wrapping: [u8; 32] = rand::random();
    std::fs::write(dir.join("keys/wrapping.key"), wrapping)?;
    let clock: Arc<dyn Clock> = Arc::new(MachineClock);
    let keyring = Keyring::new(Key::new(wrapping));
    let store = Store::open(location, &dir.join("keys/persons.db"), keyring, clock.clone(), chance.clone()).await?;
    let outside = Arc::new(Outside::this_machine(dir.join("keys").join("mail"), None));
    Ok(House {
        store,
        clock: clock.clone(),
        real_clock: clock.clone(),
        line: LineGateway::on(clock, outside.clone()),
        chance: chance.clone(),
        files: dir.join("files"),
        origin: format!("http://localhost:{port}"),
        outside,
        running: Arc::default(),
    })
}

/// Quiet hours are off, so that the bench may run at night; the cancel window is the demonstration's ten seconds.
fn organisation(id: OrgId) -> Organisation {
    Organisation {
        accent: "sea".into(),
        quiet_from_minute: 0,
        quiet_until_minute: 0,
        cancel_seconds: 10,
        demo: true,
        ..Organisation::by_default(id, CODE, "架空市", "カクウシ")
    }
}
