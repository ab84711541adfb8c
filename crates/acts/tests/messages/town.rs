//! A town for the tests of messages: a house on either database, the real LINE and mail simulators, people with consents.
//! Time hardly moves unless a test moves it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde_json::json;
use tsunagari_access::permission::{
    ApproveMessages, ManageChannels, MergePeople, ResolveUnknown, StopMessages, TestSend, ViewMessages, WriteMessages,
};
use tsunagari_access::{Granted, Machine, Officer, Permission, Role};
use tsunagari_acts::launch_campaign::LaunchCampaign;
use tsunagari_acts::load_people::load_people;
use tsunagari_acts::send_campaign::{Guard, SendCampaign, Sender};
use tsunagari_acts::set_up_channels::{FirstChannel, FirstChannels, set_up_channels};
use tsunagari_acts::write_campaign::Written;
use tsunagari_acts::{House, LineGateway, Outside};
use tsunagari_jobs::{Handlers, Waker, Worker};
use tsunagari_kernel::{
    CampaignId, Chance, ChannelId, Clock, ConsentId, ContactPointId, OrgId, PersonId, ProviderId, Span, TieId,
    Timestamp, UserId,
};
use tsunagari_line_sim::{LineSim, RateLimits, Setup, SimConfig, SimHandle};
use tsunagari_mail_sim::MailSim;
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Button, ButtonTarget, Language, Mail};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, GivenBy, Person, PersonLocale, PersonRecord, Purpose, Tie, TieKind,
};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, Provider, ProviderOwner};
use tsunagari_storage::mail_channel::MailChannel;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::testing::{Kind, TestDb};

use crate::clock::TownClock;

pub const NUMBER: &str = "1000000001";
const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";

pub struct Town {
    pub house: House,
    pub org: OrgId,
    pub clock: Arc<TownClock>,
    pub line: SimHandle,
    pub mail: MailSim,
    pub people: Vec<PersonId>,
    pub provider: ProviderId,
    writer: UserId,
    approver: UserId,
    db: TestDb,
}

/// What people of a town have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Has {
    Line,
    Email,
    Both,
    Nothing,
}

fn noon() -> Timestamp {
    Timestamp::at_jst(NaiveDate::from_ymd_opt(2026, 3, 16).unwrap(), NaiveTime::from_hms_opt(12, 0, 0).unwrap())
}

impl Town {
    pub async fn open(kind: Kind, people: &[Has]) -> Self {
        // The simulators' own clients take the process's provider; another test may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let chance = Arc::new(Chance::seeded(11));
        let clock = Arc::new(TownClock::at(noon()));
        let db = TestDb::fresh(kind, clock.clone(), chance.clone()).await;
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let line = LineSim::start(SimConfig {
            rate_limits: RateLimits::Off,
            seed: Some(7),
            host: "127.0.0.1".into(),
            ..SimConfig::default()
        });
        let line = line.await.unwrap();
        let mail = MailSim::start(local, local).await.unwrap();
        let outside = Arc::new(Outside::this_machine(db.dir.path().join("mail"), None));
        let house = House {
            store: db.store.clone(),
            clock: clock.clone(),
            real_clock: clock.clone(),
            chance: chance.clone(),
            line: LineGateway::on(clock.clone(), outside.clone()),
            files: db.dir.path().join("files"),
            origin: "http://127.0.0.1:8080".into(),
            outside,
            running: Arc::default(),
        };
        let org = OrgId::born(&chance, noon());
        let ids = (0..2).map(|_| UserId::born(&chance, noon())).collect::<Vec<_>>();
        let mut town = Self {
            house,
            org,
            clock,
            line,
            mail,
            people: Vec::new(),
            provider: ProviderId::born(&chance, noon()),
            writer: ids[0],
            approver: ids[1],
            db,
        };
        town.found().await;
        town.connect().await;
        town.settle(people).await;
        town
    }

    async fn found(&self) {
        let mut tx = self.house.org(self.org).write().await.unwrap();
        tx.found_organisation(&Organisation::by_default(self.org, "322041", "架空市", "カクウシ")).await.unwrap();
        for (id, login, role) in [(self.writer, "writer", Role::Editor), (self.approver, "approver", Role::Approver)] {
            tx.add_staff(&Staff { id, login: login.into(), name: login.into(), role, team: None, active: true })
                .await
                .unwrap();
        }
        let label = "お知らせ".to_owned();
        tx.keep_purpose(&Labelled { code: "info".into(), ja: label.clone(), easy: label.clone(), en: label }, 0)
            .await
            .unwrap();
        let act = tsunagari_access::Act::named("found_organisation", self.machine().actor(), self.house.operation());
        tx.commit(&act).await.unwrap();
    }

    async fn connect(&self) {
        let channel = LineChannel {
            number: NUMBER.into(),
            name: "架空市".into(),
            hook: "hook".into(),
            ..LineChannel::simulated(
                self.line.base_url(),
                ChannelId::born(&self.house.chance, noon()),
                self.provider,
                ChannelKind::Messaging,
            )
        };
        let mail = MailChannel {
            from_name: "架空市".into(),
            from_address: "tsunagari@town.example".into(),
            smtp_url: format!("smtp://{}", self.mail.smtp_addr()),
            bounce_domain: "bounce.town.example".into(),
            ..MailChannel::default()
        };
        let provider = Provider {
            id: self.provider,
            name: "架空市".into(),
            owner: ProviderOwner::Own,
            owner_name: "架空市".into(),
        };
        let first = FirstChannels {
            provider,
            mandate: None,
            channels: vec![FirstChannel { channel, secret: SECRET.into() }],
            mail,
        };
        set_up_channels(&self.house, &self.machine(), &first).await.unwrap();
        let setup = json!({
            "providers": [{"id": "town", "name": "架空市"}],
            "messaging_channels": [
                {"id": NUMBER, "provider": "town", "name": "架空市", "basic_id": "town", "secret": SECRET, "access_token": "token"}],
        });
        self.line.sim.set_up(&serde_json::from_value::<Setup>(setup).unwrap()).unwrap();
    }

    async fn settle(&mut self, people: &[Has]) {
        let bulk = json!({"bulk_users": [{"prefix": "p", "count": people.len(), "friends_of": [NUMBER]}]});
        self.line.sim.set_up(&serde_json::from_value::<Setup>(bulk).unwrap()).unwrap();
        let since = noon().minus(TimeDelta::days(100));
        let mut arrivals = Vec::new();
        for (n, has) in people.iter().enumerate() {
            arrivals.push(self.arrival(n, *has, since));
        }
        for slice in arrivals.chunks(1_000) {
            load_people(&self.house, &self.machine(), slice).await.unwrap();
        }
        self.people = arrivals.iter().map(|it| it.record.person.id).collect();
    }

    /// The n-th person of those the simulator knows, with a way to be reached that works since then.
    pub fn arrival(&self, n: usize, has: Has, since: Timestamp) -> Arrival {
        let chance = &self.house.chance;
        let id = PersonId::born(chance, since.plus(TimeDelta::microseconds(i64::try_from(n).unwrap())));
        let mut record = PersonRecord::of(Person {
            id,
            family: "架空".into(),
            given: format!("{n}"),
            family_kana: "カクウ".into(),
            given_kana: "ハナコ".into(),
            birth_date: NaiveDate::from_ymd_opt(2005, 5, 5),
            locale: PersonLocale::Ja,
            address_protected: false,
            team: None,
            merged_into: None,
            created_at: since,
        });
        record.ties.push(Tie {
            id: TieId::born(chance, since),
            kind: TieKind::Origin,
            span: Span::since(since.jst_date()),
            ended: None,
        });
        record.consents.push(Consent {
            id: ConsentId::born(chance, since),
            purpose: Purpose::of("info"),
            wording_version: 1,
            given_by: GivenBy::Myself,
            span: Span::since(since),
            ended: None,
        });
        let mut addresses = HashMap::new();
        let mut add = |kind, provider, address: String| {
            let contact = ContactPointId::born(chance, since);
            addresses.insert(contact, address);
            record.contact_points.push(ContactPoint {
                id: contact,
                kind,
                provider,
                kept: Span::since(since),
                verified_at: Some(since),
                working: vec![Working { span: Span::since(since), ended: None }],
                confirmed: vec![],
            });
        };
        if matches!(has, Has::Line | Has::Both) {
            add(ContactKind::Line, Some(self.provider), self.line.sim.user_id("town", &format!("p{}", n + 1)).unwrap());
        }
        if matches!(has, Has::Email | Has::Both) {
            add(ContactKind::Email, None, address_of(n));
        }
        Arrival { record, source: "demo".into(), addresses }
    }

    pub fn machine(&self) -> Machine {
        Machine::working(self.org, "test")
    }

    fn grant<P: Permission>(&self, user: UserId, role: Role) -> Granted<P> {
        Officer::of(self.org, user, vec![role]).grant::<P>(self.clock.now()).unwrap()
    }

    pub fn writer(&self) -> Granted<WriteMessages> {
        self.grant(self.writer, Role::Editor)
    }

    pub fn approver(&self) -> Granted<ApproveMessages> {
        self.grant(self.approver, Role::Approver)
    }

    pub fn tester(&self) -> Granted<TestSend> {
        self.grant(self.writer, Role::Editor)
    }

    pub fn viewer(&self) -> Granted<ViewMessages> {
        self.grant(self.writer, Role::Editor)
    }

    pub fn channel_keeper(&self) -> Granted<ManageChannels> {
        self.grant(self.approver, Role::Administrator)
    }

    /// What LINE allows in a month, and how much of it is used.
    pub fn allowed(&self, plan: tsunagari_line_sim::state::QuotaPlan, used: u64) {
        let now = self.line.sim.now();
        let mut world = self.line.sim.world();
        let key = world.channel_ids[NUMBER];
        let quota = &mut world.channel_mut(key).quota;
        quota.plan = plan;
        quota.set_used(now, used);
    }

    /// Nobody gets more than so many messages in so many days.
    pub async fn at_most(&self, messages: i64, days: i64) {
        let mut tx = self.house.org(self.org).write().await.unwrap();
        let mut it = tx.organisation().await.unwrap();
        (it.cap_messages, it.cap_days) = (messages, days);
        tx.keep_organisation(&it).await.unwrap();
        let act = tsunagari_access::Act::named("keep_organisation", self.machine().actor(), self.house.operation());
        tx.commit(&act).await.unwrap();
    }

    pub fn merger(&self) -> Granted<MergePeople> {
        self.grant(self.approver, Role::Administrator)
    }

    pub fn stopper(&self) -> Granted<StopMessages> {
        self.grant(self.approver, Role::Approver)
    }

    /// Whether a statement waits for what another transaction holds; PostgreSQL alone can say so.
    pub async fn somebody_waits(&self) -> bool {
        self.db.somebody_waits().await
    }

    pub fn resolver(&self) -> Granted<ResolveUnknown> {
        self.grant(self.approver, Role::Approver)
    }

    pub fn worker(&self, guard: Guard) -> Worker {
        self.worker_of(Sender { guard, ..Sender::of(self.house.clone()) })
    }

    pub fn worker_of(&self, sender: Sender) -> Worker {
        let handlers = Handlers::default().with(LaunchCampaign(self.house.clone())).with(SendCampaign(sender));
        Worker::new(self.house.store.clone(), handlers, self.clock.clone(), Waker::default())
    }

    /// Ends the town and its database; nothing of it can be asked afterwards.
    pub async fn give_back(&self) {
        self.db.give_back().await;
    }

    /// Launches what is due, and sends nothing.
    pub async fn freeze_only(&self) {
        let handlers = Handlers::default().with(LaunchCampaign(self.house.clone()));
        let worker = Worker::new(self.house.store.clone(), handlers, self.clock.clone(), Waker::default());
        worker.drain().await.unwrap();
        // The sending was put off, because nobody here knew it; now it is due.
        self.clock.advance(TimeDelta::seconds(10));
    }

    /// Draft, submission, approval, and the calendar moved behind the cancel window.
    pub async fn approved(&self, message: Message) -> CampaignId {
        let written = Written {
            title: "帰省".into(),
            purpose: "info".into(),
            segment: None,
            rule: "everyone".into(),
            message,
            proposed: None,
        };
        let id = tsunagari_acts::write_campaign::begin_campaign(&self.house, &self.writer(), written).await.unwrap();
        tsunagari_acts::submit_campaign::submit_campaign(&self.house, &self.writer(), id).await.unwrap();
        self.approve(id, None).await;
        self.clock.advance(TimeDelta::seconds(601));
        id
    }

    /// Approves it as it stands.
    pub async fn approve(&self, id: CampaignId, at: Option<Timestamp>) {
        let seen = (id, self.version(id).await);
        tsunagari_acts::approve_campaign::approve_campaign(&self.house, &self.approver(), seen, at).await.unwrap();
    }

    pub async fn version(&self, id: CampaignId) -> i64 {
        self.house.org(self.org).read().await.unwrap().campaign(id).await.unwrap().version
    }

    pub async fn state(&self, id: CampaignId) -> String {
        self.house.org(self.org).read().await.unwrap().campaign(id).await.unwrap().campaign.state.code().to_owned()
    }

    pub async fn results(&self, id: CampaignId) -> tsunagari_outreach::Results {
        self.house.org(self.org).read().await.unwrap().campaign_results(id).await.unwrap()
    }

    /// How often LINE accepted something for each person, by number.
    pub fn line_counts(&self) -> Vec<usize> {
        let world = self.line.sim.world();
        let channel = world.channel(world.channel_ids[NUMBER]);
        (0..self.people.len())
            .map(|n| {
                let person = world.person_of(&format!("p{}", n + 1)).unwrap();
                channel.tie(person).map_or(0, |tie| tie.sends.len())
            })
            .collect()
    }
}

pub fn address_of(n: usize) -> String {
    format!("p{n}@people.example")
}

pub fn text(words: &str) -> Message {
    let mut message = Message::default();
    message.line.insert(Language::Ja, vec![Bubble::Text { text: words.to_owned() }]);
    message
}

pub fn with_mail(mut message: Message) -> Message {
    let mail = Mail {
        subject: "帰省イベント".into(), body: "{{name}}様 お知らせです".into(), attachments: vec![]
    };
    message.email.insert(Language::Ja, mail);
    message
}

pub fn with_button(mut message: Message, target: ButtonTarget) -> Message {
    let buttons = vec![Button { label: "見る".into(), target }];
    let bubbles = message.line.entry(Language::Ja).or_default();
    bubbles.push(Bubble::Buttons { title: None, text: "参加しますか".into(), buttons });
    message
}
