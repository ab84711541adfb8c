//! A town that answers on a loopback port, with LINE and a mailbox beside it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tsunagari_access::Machine;
use tsunagari_acts::found_organisation::{Founding, found_organisation};
use tsunagari_acts::set_up_channels::{FirstChannel, FirstChannels, set_up_channels};
use tsunagari_acts::{House, LineGateway, Outside};
use tsunagari_jobs::{Waker, Worker};
use tsunagari_kernel::{
    Chance, ChannelId, FiscalYear, FixedClock, JoinEventId, OrgId, ProviderId, SchoolId, Timestamp,
};
use tsunagari_line_sim::{
    LineSim, LoginChannelSetup, MessagingChannelSetup, ProviderSetup, RateLimits, Setup, SimConfig, SimHandle,
    UserSetup,
};
use tsunagari_mail_sim::MailSim;
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::join_event::JoinEvent;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, Provider, ProviderOwner};
use tsunagari_storage::mail_channel::MailChannel;
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::testing::{Kind, TestDb};
use tsunagari_web::WebState;

/// The channel secret of the messaging channel.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Everything running.
pub struct Town {
    pub house: House,
    pub org: OrgId,
    pub clock: Arc<FixedClock>,
    pub provider: ProviderId,
    pub channel: ChannelId,
    pub line: SimHandle,
    pub mail: MailSim,
    pub origin: String,
    pub school: SchoolId,
    _db: TestDb,
}

fn organisation(id: OrgId) -> Organisation {
    Organisation {
        contact: "架空課 kakuu@town.example".into(),
        accent: "sea".into(),
        guardian_age: 18,
        demo: true,
        ..Organisation::by_default(id, "322041", "架空市", "カクウシ")
    }
}

fn channel(
    id: ChannelId,
    provider: ProviderId,
    kind: ChannelKind,
    number: &str,
    base: &str,
    hook: &str,
) -> FirstChannel {
    let channel = LineChannel {
        number: number.into(),
        name: "架空市".into(),
        basic_id: Some("@kakuu".into()),
        hook: hook.into(),
        ..LineChannel::simulated(base, id, provider, kind)
    };
    FirstChannel { channel, secret: SECRET.into() }
}

impl Town {
    /// Everything, on a fresh database.
    pub async fn open(kind: Kind) -> Self {
        // The test's own HTTP client and the simulator's speak plain http, but are built with TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let chance = Arc::new(Chance::seeded(5));
        let now = Timestamp::from_micros(1_773_619_200_000_000);
        let clock = Arc::new(FixedClock::at(now));
        let db = TestDb::fresh(kind, clock.clone(), chance.clone()).await;
        let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let outside = Arc::new(Outside::this_machine(db.dir.path().join("mail"), None));
        let house = House {
            store: db.store.clone(),
            clock: clock.clone(),
            real_clock: clock.clone(),
            chance: chance.clone(),
            line: LineGateway::on(clock.clone(), outside.clone()),
            files: db.dir.path().to_owned(),
            origin: origin.clone(),
            outside,
            running: Arc::default(),
        };
        let line = LineSim::start(SimConfig { rate_limits: RateLimits::Off, seed: Some(3), ..SimConfig::default() })
            .await
            .unwrap();
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mail = MailSim::start(loopback, loopback).await.unwrap();
        let (org, provider, school) =
            (OrgId::born(&chance, now), ProviderId::born(&chance, now), SchoolId::born(&chance, now));
        let id = ChannelId::born(&chance, now);
        found(&house, org, school).await;
        let base = line.base_url().to_owned();
        line.sim.set_up(&setup(&origin)).unwrap();
        let channels = vec![
            channel(id, provider, ChannelKind::Messaging, "2000000001", &base, "hook-of-kakuu"),
            channel(ChannelId::born(&chance, now), provider, ChannelKind::Login, "2000000002", &base, "login-of-kakuu"),
        ];
        let first = FirstChannels {
            provider: Provider {
                id: provider,
                name: "架空市".into(),
                owner: ProviderOwner::Own,
                owner_name: "架空市".into(),
            },
            mandate: None,
            channels,
            mail: MailChannel {
                from_name: "架空市".into(),
                from_address: "post@town.example".into(),
                smtp_url: format!("smtp://127.0.0.1:{}", mail.smtp_addr().port()),
                bounce_domain: "bounce.town.example".into(),
                ..MailChannel::default()
            },
        };
        set_up_channels(&house, &Machine::working(org, "test"), &first).await.unwrap();
        let app = tsunagari_web::router(WebState::new(house.clone(), [9; 32]));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { house, org, clock, provider, channel: id, line, mail, origin, school, _db: db }
    }

    /// Runs every job that waits.
    pub async fn work(&self) {
        let handlers = tsunagari_acts::handlers::handlers(&self.house);
        Worker::new(self.house.store.clone(), handlers, self.house.real_clock.clone(), Waker::default())
            .drain()
            .await
            .unwrap();
    }

    /// A slip's event, for the school's class of 2026.
    pub async fn event(&self, code: &str) -> JoinEvent {
        let event = JoinEvent {
            id: JoinEventId::born(&self.house.chance, self.house.now()),
            code: code.into(),
            name: "卒業式".into(),
            school: Some(self.school),
            graduation: Some(FiscalYear(2025)),
            opens_at: self.house.now(),
            closes_at: None,
        };
        let mut tx = self.house.org(self.org).write().await.unwrap();
        tx.keep_join_event(&event, self.house.now()).await.unwrap();
        tx.commit(&self.act("keep_join_event")).await.unwrap();
        event
    }

    /// An act of the test.
    pub fn act(&self, code: &'static str) -> tsunagari_access::Act {
        tsunagari_access::Act::named(code, Machine::working(self.org, "test").actor(), self.house.operation())
    }

    /// The link in the newest mail to an address.
    pub fn mailed_link(&self, to: &str) -> String {
        let mail = self.mail.messages(Some(to), 1).pop().expect("a mail");
        let raw = String::from_utf8(mail.raw.clone()).unwrap();
        let body = raw.split("\r\n\r\n").nth(1).unwrap().replace(['\r', '\n'], "");
        let text = if raw.contains("base64") {
            use base64::Engine as _;
            String::from_utf8(base64::engine::general_purpose::STANDARD.decode(body).unwrap()).unwrap()
        } else {
            raw.replace("=\r\n", "")
        };
        let from = text.find(&self.origin).expect("a link");
        text[from + self.origin.len()..].split_whitespace().next().unwrap().to_owned()
    }
}

async fn found(house: &House, org: OrgId, school: SchoolId) {
    let labelled =
        |code: &str, ja: &str| Labelled { code: code.into(), ja: ja.into(), easy: ja.into(), en: code.into() };
    let wording = |purpose: &str| Wording {
        purpose: purpose.into(),
        version: 1,
        locale: "ja".into(),
        text: "月に2回まで送ります。".into(),
        sender: "架空市".into(),
        from: house.now(),
    };
    let founding = Founding {
        organisation: organisation(org),
        teams: Vec::new(),
        staff: Vec::new(),
        purposes: vec![labelled("info", "お知らせ"), labelled("jobs", "仕事")],
        wordings: vec![wording("info"), wording("jobs")],
        interests: vec![labelled("home", "帰省のイベント"), labelled("work", "就職")],
    };
    let machine = Machine::working(org, "test");
    found_organisation(house, &machine, &founding).await.unwrap();
    let it =
        School { id: school, name: "架空高校".into(), kind: SchoolKind::HighSchool, municipality: None, years: 3 };
    let mut tx = house.org(org).write().await.unwrap();
    tx.add_school(&it).await.unwrap();
    tx.commit(&tsunagari_access::Act::named("add_school", machine.actor(), house.operation())).await.unwrap();
}

fn setup(origin: &str) -> Setup {
    let user = |handle: &str| UserSetup { handle: handle.into(), name: handle.into(), ..UserSetup::default() };
    Setup {
        providers: vec![ProviderSetup { id: "p1".into(), name: "架空市".into() }],
        messaging_channels: vec![MessagingChannelSetup {
            id: "2000000001".into(),
            provider: "p1".into(),
            name: "架空市".into(),
            basic_id: "kakuu".into(),
            secret: SECRET.into(),
            access_token: "long-lived".into(),
            quota: None,
            webhook_url: Some(format!("{origin}/hooks/line/hook-of-kakuu")),
            bot_user_id: None,
        }],
        login_channels: vec![LoginChannelSetup {
            id: "2000000002".into(),
            provider: "p1".into(),
            name: "架空市".into(),
            secret: SECRET.into(),
            callbacks: vec![format!("{origin}/line/callback")],
            linked_account: Some("2000000001".into()),
        }],
        users: vec![user("hana"), user("taro")],
        ..Setup::default()
    }
}
