//! The simulated platforms of the demonstration: the LINE simulator and the mailbox on loopback, and each town's
//! provider, channels, mandate and mail in both the simulator and the database.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context;
use chrono::NaiveDate;
use tsunagari_acts::House;
use tsunagari_acts::set_up_channels::{FirstChannel, FirstChannels, set_up_channels};
use tsunagari_blueprints::ChannelOwner;
use tsunagari_kernel::{Chance, ChannelId, FiscalYear, MandateId, ProviderId};
use tsunagari_line_sim::state::QuotaPlan;
use tsunagari_line_sim::{
    LineSim, LoginChannelSetup, MessagingChannelSetup, ProviderSetup, Setup, SimConfig, SimHandle,
};
use tsunagari_mail_sim::MailSim;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, LinePlan, Mandate, Provider, ProviderOwner};
use tsunagari_storage::mail_channel::MailChannel;

use super::towns::{Town, machine};

/// Where LINE Login sends residents back to; registered with each login channel and compared exactly.
const LOGIN_CALLBACK: &str = "/line/callback";
/// Another body's account has a plan of its own.
const OTHER_BODYS_MONTH: u64 = 5_000;

/// Both platforms, answering.
pub struct Lines {
    /// LINE.
    pub line: SimHandle,
    /// Mail.
    pub mail: MailSim,
}

/// What a town's people are friends of.
#[derive(Debug, Clone)]
pub struct TownLine {
    /// Our id of the provider.
    pub provider: ProviderId,
    /// The provider's id in the simulator.
    pub provider_number: String,
    /// The sending channel's number.
    pub number: String,
    /// Our id of the sending channel.
    pub channel: ChannelId,
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn hex(chance: &Chance) -> String {
    chance.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Lines {
    /// Opens both; port 0 takes a free one.
    ///
    /// # Errors
    /// A port is taken.
    pub async fn open(line_port: u16, mail_port: u16, seed: u64) -> anyhow::Result<Self> {
        let config = SimConfig { listen: loopback(line_port), seed: Some(seed), ..SimConfig::default() };
        let line = LineSim::start(config).await.context("the LINE simulator cannot start; is another demo running?")?;
        let mail = MailSim::start(loopback(mail_port), loopback(0))
            .await
            .with_context(|| format!("the mailbox cannot listen on port {mail_port}; is another demo running?"))?;
        Ok(Self { line, mail })
    }

    /// The mailbox's address, as a browser takes it.
    pub fn mail_url(&self) -> String {
        format!("http://localhost:{}", self.mail.http_addr().port())
    }

    /// Connects a town on both sides.
    ///
    /// # Errors
    /// The simulator refuses, or storage's.
    pub async fn connect(&self, house: &House, seed: &Chance, town: &Town) -> anyhow::Result<TownLine> {
        // A talk stands beside the town's own pages: its times are of the same calendar.
        self.line.sim.clock().show_as(house.now().micros() / 1_000);
        let base = self.line.base_url();
        let recorded = self.recorded(house, seed, town, base);
        let sending = recorded.channels.iter().find(|it| it.channel.kind == ChannelKind::Messaging);
        let ids = TownLine {
            channel: sending.context("a town has a sending channel")?.channel.id,
            provider: recorded.provider.id,
            provider_number: format!("1{}", town.org.code),
            number: format!("200{}", town.org.code),
        };
        self.line.sim.set_up(&setup(house, &recorded, &ids, town, hex(seed)))?;
        set_up_channels(house, &machine(town.org.id), &recorded).await?;
        Ok(ids)
    }

    fn recorded(&self, house: &House, seed: &Chance, town: &Town, base: &str) -> FirstChannels {
        let now = house.now();
        let since = FiscalYear(town.plan.fiscal_years[0]).first_day();
        let mandate = mandate(seed, house, town, since);
        let (owner, owner_name) = match &town.plan.channel {
            ChannelOwner::Own => (ProviderOwner::Own, town.org.name.clone()),
            ChannelOwner::AnotherBody { body } => (ProviderOwner::OtherBody, body.clone()),
        };
        let provider = Provider {
            id: ProviderId::born(seed, now),
            name: owner_name.clone(),
            owner,
            owner_name: owner_name.clone(),
        };
        let channel = |kind: ChannelKind, number: String, plan: LinePlan| {
            let id = ChannelId::born(seed, now);
            FirstChannel {
                channel: LineChannel {
                    number,
                    name: owner_name.clone(),
                    basic_id: (kind == ChannelKind::Messaging).then(|| format!("@{}", basic_id(town))),
                    mandate: mandate.as_ref().map(|it| it.id),
                    hook: hex(seed),
                    plan,
                    ..LineChannel::simulated(base, id, provider.id, kind)
                },
                secret: hex(seed),
            }
        };
        let plan = if mandate.is_some() { LinePlan::Light } else { LinePlan::Municipal };
        FirstChannels {
            channels: vec![
                channel(ChannelKind::Messaging, format!("200{}", town.org.code), plan),
                channel(ChannelKind::Login, format!("201{}", town.org.code), plan),
            ],
            mail: mail(town, self.mail.smtp_addr()),
            provider,
            mandate,
        }
    }
}

/// The account's id that friends add it by, without its `@`.
fn basic_id(town: &Town) -> String {
    format!("demo{}", town.org.code)
}

fn mandate(seed: &Chance, house: &House, town: &Town, since: NaiveDate) -> Option<Mandate> {
    let ChannelOwner::AnotherBody { body } = &town.plan.channel else { return None };
    Some(Mandate {
        id: MandateId::born(seed, house.now()),
        holder: body.clone(),
        holder_kind: "other".into(),
        document: format!("{}と{body}の覚書(デモ)", town.org.name),
        scope: town.plan.title.clone(),
        from_on: since,
        until_on: None,
        recorded_by: None,
    })
}

fn mail(town: &Town, smtp: SocketAddr) -> MailChannel {
    MailChannel {
        from_name: town.org.name.clone(),
        from_address: format!("news@{}.example", town.org.code),
        smtp_url: format!("smtp://{smtp}"),
        bounce_domain: format!("bounce.{}.example", town.org.code),
        ..MailChannel::default()
    }
}

fn setup(house: &House, recorded: &FirstChannels, ids: &TownLine, town: &Town, access_token: String) -> Setup {
    let mut setup = Setup {
        providers: vec![ProviderSetup { id: ids.provider_number.clone(), name: recorded.provider.name.clone() }],
        ..Setup::default()
    };
    for FirstChannel { channel, secret } in &recorded.channels {
        match channel.kind {
            ChannelKind::Messaging => setup.messaging_channels.push(MessagingChannelSetup {
                id: channel.number.clone(),
                provider: ids.provider_number.clone(),
                name: channel.name.clone(),
                basic_id: basic_id(town),
                secret: secret.clone(),
                access_token: access_token.clone(),
                quota: Some(
                    recorded.mandate.as_ref().map_or(QuotaPlan::None, |_| QuotaPlan::Limited(OTHER_BODYS_MONTH)),
                ),
                webhook_url: Some(format!("{}/hooks/line/{}", house.origin, channel.hook)),
                bot_user_id: None,
            }),
            ChannelKind::Login => setup.login_channels.push(LoginChannelSetup {
                id: channel.number.clone(),
                provider: ids.provider_number.clone(),
                name: channel.name.clone(),
                secret: secret.clone(),
                callbacks: vec![format!("{}{LOGIN_CALLBACK}", house.origin)],
                linked_account: Some(ids.number.clone()),
            }),
        }
    }
    setup
}
