//! Two towns in use: LINE and mail beside them on loopback, and in each town one of everything a page can be about, made
//! at the HTTP door as an officer and a resident would. To add a thing: a step in `furnish`, so that the crawl finds its pages.

#![allow(clippy::expect_used, clippy::panic, reason = "test support: what cannot happen ends the test")]

use std::net::{Ipv4Addr, SocketAddr};

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tsunagari_access::{Act, Machine};
use tsunagari_acts::adopt_plan::adopt_plan_at_setup;
use tsunagari_acts::set_up_channels::{FirstChannel, FirstChannels, set_up_channels};
use tsunagari_jobs::{Waker, Worker};
use tsunagari_kernel::{ChannelId, ConsentId, PersonId, ProviderId, Span, Timestamp};
use tsunagari_line_sim::{LineSim, RateLimits, RetryKeys, Setup, SimConfig, SimHandle};
use tsunagari_mail_sim::MailSim;
use tsunagari_people::{Consent, GivenBy, Purpose};
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, Provider, ProviderOwner};
use tsunagari_storage::mail_channel::MailChannel;
use tsunagari_storage::testing::Kind;

use crate::browser::{Answer, Browser};
use crate::town::{Office, Town};

/// The secret of every LINE channel in tests.
pub const LINE_SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";

/// Both towns, in use.
pub struct Lived {
    /// The towns.
    pub town: Town,
    /// LINE.
    pub line: SimHandle,
    /// The mail server everything is sent to.
    pub mail: MailSim,
    /// The LINE channel numbers and hooks of both towns: Messaging first, Login second.
    pub here: Channels,
    /// Those of the other town.
    pub there: Channels,
    /// One worker at a time, so that what waits is done when `work` returns.
    working: tokio::sync::Mutex<()>,
}

/// A town's LINE channels.
#[derive(Debug, Clone)]
pub struct Channels {
    /// The provider both stand under.
    pub provider: ProviderId,
    /// The messaging channel.
    pub messaging: ChannelId,
    /// Its number at LINE.
    pub number: String,
    /// The last part of its webhook's address.
    pub hook: String,
}

impl Lived {
    /// Founds both towns, connects them to the simulators; nobody lives there yet.
    pub async fn connected(kind: Kind) -> Self {
        Self::connected_with(kind, RetryKeys::Known).await
    }

    /// The same with a LINE that may forget retry keys (a negative control).
    pub async fn connected_with(kind: Kind, retry_keys: RetryKeys) -> Self {
        // The simulators' own clients take the process's provider; another test may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let town = Town::founded(kind).await;
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let config = SimConfig {
            rate_limits: RateLimits::Off,
            seed: Some(7),
            host: "127.0.0.1".into(),
            retry_keys,
            ..SimConfig::default()
        };
        let line = LineSim::start(config).await.expect("LINE starts");
        let mail = MailSim::start(local, local).await.expect("mail starts");
        let here = connect(&town, &town.here, &line, &mail).await;
        let there = connect(&town, &town.there, &line, &mail).await;
        Self { town, line, mail, here, there, working: tokio::sync::Mutex::new(()) }
    }

    /// Both towns with one of everything.
    pub async fn furnished(kind: Kind) -> Self {
        let lived = Self::connected(kind).await;
        furnish(&lived, &lived.town.here).await;
        furnish(&lived, &lived.town.there).await;
        lived
    }

    /// Runs every job that waits.
    pub async fn work(&self) {
        let _alone = self.working.lock().await;
        let house = &self.town.house;
        let handlers = tsunagari_acts::handlers::handlers(house);
        let worker = Worker::new(house.store.clone(), handlers, house.real_clock.clone(), Waker::default());
        worker.drain().await.expect("the jobs run");
    }

    /// The path of the link in the newest mail to an address.
    pub fn mailed_path(&self, to: &str) -> String {
        let mail = self.mail.messages(Some(to), 1).pop().unwrap_or_else(|| panic!("no mail to {to}"));
        let text = mail_text(&mail.raw);
        let origin = &self.town.house.origin;
        let from = text.find(origin.as_str()).expect("a link in the mail");
        text[from + origin.len()..].split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// A resident who joined by mail and is signed in.
    pub async fn joined(&self, office: &Office, joining: &Joining) -> Browser {
        let mut browser = self.town.browser().at(joining.peer);
        join_by_mail(self, office, &mut browser, joining).await;
        browser
    }
}

/// What somebody who joins answers.
#[derive(Debug, Clone)]
pub struct Joining {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// The mail address.
    pub email: String,
    /// Year of birth.
    pub born: String,
    /// Where the browser seems to be.
    pub peer: [u8; 4],
    /// The code of the slip they came by.
    pub slip: Option<String>,
}

impl Joining {
    /// Somebody grown up with these names.
    pub fn of(family: &str, given: &str, email: &str) -> Self {
        Self {
            family: family.into(),
            given: given.into(),
            email: email.into(),
            born: "2004".into(),
            peer: [127, 0, 0, 1],
            slip: None,
        }
    }
}

impl Joining {
    /// The year they leave high school, as somebody born then can: the young ones have years before them.
    fn graduation(&self) -> &'static str {
        match self.born.as_bytes() {
            [b'2', b'0', b'0', b'8' | b'9'] => "2026",
            [b'2', b'0', b'1', _] => "2028",
            _ => "2021",
        }
    }
}

/// The readable part of a mail.
pub fn mail_text(raw: &[u8]) -> String {
    let raw = String::from_utf8_lossy(raw).into_owned();
    let body = raw.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    if raw.to_ascii_lowercase().contains("content-transfer-encoding: base64") {
        let tidy: String = body.split_whitespace().collect();
        return String::from_utf8(STANDARD.decode(tidy).expect("a mail's body")).unwrap_or_default();
    }
    let joined = body.replace("=\r\n", "");
    if raw.to_ascii_lowercase().contains("quoted-printable") {
        let bytes = joined.replace('=', "%");
        return percent_encoding::percent_decode_str(&bytes).decode_utf8_lossy().into_owned();
    }
    joined
}

async fn connect(town: &Town, office: &Office, line: &SimHandle, mail: &MailSim) -> Channels {
    let (house, now) = (&town.house, town.house.now());
    let provider = ProviderId::born(&house.chance, now);
    let channels = Channels {
        provider,
        messaging: ChannelId::born(&house.chance, now),
        number: format!("1{}001", office.code),
        hook: format!("hook-of-{}", office.code),
    };
    let channel = |id, kind, number: &str, hook: &str| LineChannel {
        number: number.into(),
        name: office.code.clone(),
        basic_id: Some(format!("@{}", office.code)),
        hook: hook.into(),
        ..LineChannel::simulated(line.base_url(), id, provider, kind)
    };
    let login = ChannelId::born(&house.chance, now);
    let first = |channel| FirstChannel { channel, secret: LINE_SECRET.into() };
    let login_number = format!("1{}002", office.code);
    let given = FirstChannels {
        provider: Provider {
            id: provider,
            name: office.code.clone(),
            owner: ProviderOwner::Own,
            owner_name: office.code.clone(),
        },
        mandate: None,
        channels: vec![
            first(channel(channels.messaging, ChannelKind::Messaging, &channels.number, &channels.hook)),
            first(channel(login, ChannelKind::Login, &login_number, &format!("login-of-{}", office.code))),
        ],
        mail: MailChannel {
            from_name: office.code.clone(),
            from_address: "post@town.example".into(),
            smtp_url: format!("smtp://{}", mail.smtp_addr()),
            bounce_domain: "bounce.town.example".into(),
            ..MailChannel::default()
        },
    };
    set_up_channels(house, &Machine::working(office.org, "test"), &given).await.expect("the channels are recorded");
    let code = &office.code;
    let setup = json!({
        "providers": [{"id": code, "name": code}],
        "messaging_channels": [{"id": channels.number, "provider": code, "name": code, "basic_id": code,
            "secret": LINE_SECRET, "access_token": format!("token-{code}")}],
        "login_channels": [{"id": login_number, "provider": code, "name": code, "secret": LINE_SECRET,
            "callbacks": [format!("{}/line/callback", house.origin)], "linked_account": channels.number}],
        "users": [{"handle": format!("hana-{code}"), "name": "花"}, {"handle": format!("taro-{code}"), "name": "太郎"}],
    });
    let setup: Setup = serde_json::from_value(setup).expect("a setup");
    line.sim.set_up(&setup).expect("LINE is set up");
    channels
}

/// An officer at work: posts a form with the token of the session.
pub struct Officer {
    /// The browser.
    pub browser: Browser,
    csrf: String,
}

impl Officer {
    /// Signed in as a role of a town.
    pub async fn of(town: &Town, office: &Office, role: &str) -> Self {
        let mut browser = town.signed_in(office, role).await;
        let csrf = browser.get("/office").await.form_token().expect("a form token");
        Self { browser, csrf }
    }

    /// The token of the session's forms.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Posts fields with the token.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.browser.post(path, &all).await
    }

    /// Posts fields that must be taken: the address it leads to.
    pub async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
        answer.location.unwrap_or_default()
    }

    /// Fills in the form of a page that leads to an address, and sends it as the page has it otherwise.
    pub async fn fill(&mut self, page: &str, action: &str, changes: &[(&str, &str)]) -> Answer {
        let shown = self.browser.get(page).await.text;
        let forms = crate::markup::forms(&shown, page);
        let form = forms.iter().find(|form| form.action == action).unwrap_or_else(|| panic!("no {action} in {shown}"));
        self.browser.submit(form, changes).await
    }

    /// Approves a message as its page shows it.
    pub async fn approve(&mut self, message: &str, changes: &[(&str, &str)]) {
        let answer = self.fill(message, &format!("{message}/approve"), changes).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{message}: {}", answer.text);
    }

    /// Enters a person.
    pub async fn person(&mut self, family: &str, given: &str, more: &[(&str, &str)]) -> PersonId {
        let mut fields =
            vec![("family", family), ("given", given), ("tie", "origin"), ("locale", "ja"), ("looked", "yes")];
        fields.extend(more);
        let to = self.done("/office/people/add", &fields).await;
        to.trim_start_matches("/office/people/").split('?').next().and_then(|id| id.parse().ok()).expect("a person")
    }

    /// Brings a file in.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.browser.upload(path, &all, file).await
    }
}

/// A picture of four pixels.
pub const PICTURE: &[u8] = include_bytes!("four-pixels.png");

/// What an officer types for a message by LINE and mail to everybody.
pub const DRAFT: &[(&str, &str)] = &[
    ("title", "帰省"),
    ("purpose", "info"),
    ("language", "ja"),
    ("rule", "age >= 10"),
    ("b0-kind", "text"),
    ("b0-text", "お知らせ"),
    ("subject", "お知らせ"),
    ("body", "本文"),
];

async fn furnish(lived: &Lived, office: &Office) {
    let town = &lived.town;
    let machine = Machine::working(office.org, "test");
    let plan = if office.code == town.here.code { "shimane/masuda" } else { "shimane/matsue" };
    adopt_plan_at_setup(&town.house, &machine, Some(plan)).await.expect("the plan is adopted");
    let mut officer = Officer::of(town, office, "administrator").await;
    words(&mut officer, &office.code).await;
    people(&mut officer, &office.code).await;
    lists(lived, &mut officer).await;
    messages(town, office, &mut officer).await;
    programmes(&mut officer, &office.code).await;
    crate::parcels::furnish(town, office, &mut officer).await;
    crate::payments::furnish(town, office, &mut officer).await;
    figures_and_menus(lived, office, &mut officer).await;
    let mut tx = town.house.org(office.org).write().await.expect("a transaction");
    tx.add_work_item("channel_stopped", "line", None, "monthly_limit", None).await.expect("a work item");
    let act = Act::named("test", machine.actor(), town.house.operation());
    tx.commit(&act).await.expect("committed");
    let resident = Joining::of("石見", &format!("花{}", office.code), &format!("hana@{}.example", office.code));
    let mut resident = lived.joined(office, &resident).await;
    let csrf = resident.get("/me/erase").await.form_token().unwrap_or_default();
    resident.post("/me/erase", &[("csrf", &csrf)]).await;
}

/// Somebody agreed on paper in January 2025: a day before anybody has is not published.
async fn on_record_since_january(lived: &Lived, office: &Office, officer: &mut Officer) {
    let house = &lived.town.house;
    let person = officer.person("石見", "昔", &[("birth", "2000-06-01")]).await;
    let since = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).map(Timestamp::start_of).expect("a day");
    let consent = Consent {
        id: ConsentId::born(&house.chance, house.now()),
        purpose: Purpose::of("info"),
        wording_version: 1,
        given_by: GivenBy::Myself,
        span: Span::since(since),
        ended: None,
    };
    let mut tx = house.org(office.org).write().await.expect("a transaction");
    tx.give_consent(person, &consent, "paper").await.expect("a consent");
    let act = Act::named("test", Machine::working(office.org, "test").actor(), house.operation());
    tx.commit(&act).await.expect("committed");
}

/// A figure is published and a menu drawn, with what their forms suggest.
async fn figures_and_menus(lived: &Lived, office: &Office, officer: &mut Officer) {
    // Last March's, so that today's can still be published by whoever walks the town.
    let mut reader = lived.town.house.org(office.org).read().await.expect("a reader");
    let indicators = reader.indicators().await.expect("indicators");
    drop(reader);
    if let Some(indicator) = indicators.first() {
        on_record_since_january(lived, office, officer).await;
        let path = format!("/office/reach/{}/publish", indicator.id);
        let page = officer.browser.get(&format!("{path}?as_of=2025-03-31")).await;
        let forms = crate::markup::forms(&page.text, &path);
        let publish = forms.iter().find(|form| form.posted && form.action.ends_with("/publish"));
        officer.browser.submit(publish.expect("the form that publishes"), &[]).await;
    }
    let channels = if office.code == lived.town.here.code { &lived.here } else { &lived.there };
    let blank = format!("/office/settings/line/{}/menu-new", channels.messaging);
    let page = officer.browser.get(&blank).await;
    let forms = crate::markup::forms(&page.text, &blank);
    if let Some(draw) = forms.into_iter().find(|form| form.posted && form.action.contains("menu")) {
        let mut fields = draw.fields.clone();
        for (name, value) in &mut fields {
            if value.is_empty() && name != "csrf" {
                *value = if name.ends_with("url") { "https://town.example/".into() } else { "見る".into() };
            }
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        officer.browser.upload(&draw.action, &fields, ("", b"")).await;
    }
}

async fn words(officer: &mut Officer, code: &str) {
    let labels = |code: &'static str| [("code", code), ("ja", "お知らせ"), ("easy", "お知らせ"), ("en", "News")];
    officer.done("/office/settings/wordings/purpose", &labels("info")).await;
    let texts = [("sender", "架空市"), ("text_ja", "送ります"), ("text_easy", "おくります"), ("text_en", "We send")];
    officer.done("/office/settings/wordings/info", &texts).await;
    officer.done("/office/settings/interests/new", &labels("home")).await;
    officer.done("/office/settings/teams", &[("name", "ひとづくり推進課")]).await;
    // A school nobody was at.
    let school = [("name", &*format!("架空{code}高校")), ("kind", "high_school"), ("years", "3"), ("place", "")];
    officer.done("/office/settings/schools/new", &school).await;
    // A purpose and an interest nobody else's town knows by name.
    let own = format!("own{}", &code[3..]);
    let labels = [("code", own.as_str()), ("ja", "独自"), ("easy", "どくじ"), ("en", "Own")];
    officer.done("/office/settings/wordings/purpose", &labels).await;
    officer.done("/office/settings/interests/new", &labels).await;
}

async fn people(officer: &mut Officer, code: &str) {
    let birth = [("birth", "2010-05-05"), ("email", "child@people.example"), ("cohort", "R10")];
    let child = officer.person("架空", &format!("子{code}"), &birth).await;
    let guardian = officer.person("架空", &format!("親{code}"), &[("phone", "090-1234-5678")]).await;
    let twin = officer.person("架空", &format!("子{code}"), &[]).await;
    officer.done(&format!("/office/people/{child}/guardians/add"), &[("guardian", &guardian.to_string())]).await;
    let place = [("place", "大阪市"), ("from", "2026-01-01")];
    officer.done(&format!("/office/people/{child}/residences/add"), &place).await;
    let school = [
        ("school", ""),
        ("school_name", "架空大学"),
        ("kind", "university"),
        ("start", "2025"),
        ("years", "4"),
        ("pause", "0"),
    ];
    officer.done(&format!("/office/people/{child}/enrolments/add"), &school).await;
    let merge = [("kept", child.to_string()), ("gone", twin.to_string())];
    let merge: Vec<(&str, &str)> = merge.iter().map(|(name, value)| (*name, value.as_str())).collect();
    officer.done(&format!("/office/people/{child}/merge"), &merge).await;
    let apart = [("one", child.to_string()), ("other", guardian.to_string())];
    let apart: Vec<(&str, &str)> = apart.iter().map(|(name, value)| (*name, value.as_str())).collect();
    officer.done("/office/people/duplicates/dismiss", &apart).await;
    // Two that look alike wait to be compared.
    officer.person("架空", &format!("似{code}"), &[]).await;
    officer.person("架空", &format!("似{code}"), &[]).await;
}

async fn lists(lived: &Lived, officer: &mut Officer) {
    let csv =
        "氏名,フリガナ,生年月日\r\n架空 次郎,カクウ ジロウ,2007-06-01\r\n架空 三郎,カクウ サブロウ,2007-02-30\r\n";
    let fields = [("school", "new"), ("school_name", "架空高等学校"), ("year", "2025"), ("sheet", "")];
    for name in ["一覧.csv", "二枚目.csv"] {
        let answer = officer.upload("/office/import", &fields, (name, format!("{csv}{name}\r\n").as_bytes())).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let columns = answer.location.unwrap_or_default();
        if name == "一覧.csv" {
            let page = officer.browser.get(&columns).await;
            let form = crate::markup::forms(&page.text, &columns)
                .into_iter()
                .find(|form| form.action == columns)
                .expect("the form of columns");
            let answer = officer.browser.submit(&form, &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
            lived.work().await;
        }
    }
}

async fn messages(town: &Town, office: &Office, officer: &mut Officer) {
    let audience = [
        ("view", "text"),
        ("rule", "age >= 10"),
        ("name", "みんな"),
        ("why", "試し"),
        ("purpose", "-"),
        ("do", "save"),
    ];
    officer.done("/office/audiences/new", &audience).await;
    let away: Vec<_> = audience.iter().map(|it| if it.0 == "name" { ("name", "去年") } else { *it }).collect();
    officer.done("/office/audiences/new", &away).await;
    let segments = town.house.org(office.org).read().await.expect("a look").segments().await.expect("the audiences");
    if let Some(it) = segments.iter().find(|it| it.name == "去年") {
        officer.done(&format!("/office/audiences/{}/archive", it.id), &[]).await;
    }
    let answer = officer.upload("/office/media", &[("title", "絵")], ("a.png", PICTURE)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    officer.done("/office/slips", &[("name", "卒業式"), ("school", ""), ("graduation", "")]).await;
    for _ in 0..2 {
        officer.post("/office/messages/new", DRAFT).await;
    }
    let drafts = town.house.org(office.org).read().await.expect("a look").campaigns(&["draft"], 9, 0).await;
    let drafts = drafts.expect("the messages");
    assert_eq!(drafts.len(), 2, "two drafts");
    // One is handed in, so that the approver's page has its form.
    officer.done(&format!("/office/messages/{}/submit", drafts[0].id), &[]).await;
    // Another has a picture, which an approver has opened.
    let media = town.house.org(office.org).read().await.expect("a look").media_list().await.expect("the pictures");
    let picture = media[0].id.to_string();
    let kind = ("b0-kind", "image");
    let shown: Vec<_> = DRAFT.iter().copied().filter(|(name, _)| !name.starts_with("b0-")).collect();
    let typed = [&shown[..], &[kind, ("b0-text", "絵"), ("b0-media", picture.as_str())]].concat();
    let here = officer.done("/office/messages/new", &typed).await;
    let here = here.trim_end_matches("/edit?lang=ja").to_owned();
    officer.done(&format!("{here}/submit"), &[]).await;
    let mut approver = Officer::of(town, office, "approver").await;
    approver.done(&format!("{here}/open"), &[("media", &picture)]).await;
}

/// A round of a programme, typed as it is shown.
pub const ROUND: &[(&str, &str)] = &[
    ("title", "春の回"),
    ("year", "2025"),
    ("opens", "2020-01-01T09:00"),
    ("places", "30"),
    ("list", "endless"),
    ("rows", "1"),
    ("v0-name", "公民館"),
    ("v0-starts", "2099-05-01T10:00"),
    ("do", "keep"),
];

/// A programme taken from the gallery, a round that is on with an application from paper, and one that is prepared.
async fn programmes(officer: &mut Officer, code: &str) {
    let plain = |to: String| to.split('?').next().unwrap_or_default().to_owned();
    let programme = plain(officer.done("/office/programmes/gallery/catalogue/gonohe-world-cafe", &[]).await);
    officer.done(&format!("{programme}/rounds/new"), ROUND).await;
    let round = plain(officer.done(&format!("{programme}/rounds/new"), ROUND).await);
    officer.done(&format!("{round}/announce"), &[("seen", "1")]).await;
    let who = officer.person("架空", &format!("申{code}"), &[]).await.to_string();
    officer.done(&format!("{round}/enter"), &[("person", &who), ("do", "enter")]).await;
}

async fn join_by_mail(lived: &Lived, office: &Office, browser: &mut Browser, it: &Joining) {
    let p = format!("/p/{}", office.code);
    let taken = async |browser: &mut Browser, at: &str, changes: &[(&str, &str)]| {
        let page = browser.get(at).await;
        let csrf = page.form_token().unwrap_or_default();
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend_from_slice(changes);
        let answer = browser.post(at, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{at}: {} {}", answer.status, answer.text);
        answer.location.unwrap_or_default()
    };
    let first = browser.get(&it.slip.as_ref().map_or_else(|| p.clone(), |code| format!("/j/{code}"))).await;
    let event = first.text.split_once("name=\"event\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    assert_eq!(event.is_some(), it.slip.is_some(), "{}", first.text);
    let event: Vec<(&str, &str)> = event.map(|id| ("event", id)).into_iter().collect();
    let answer = browser.post(&format!("{p}/join"), &event).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let csrf = browser.get(&format!("{p}/join/contact")).await.form_token().expect("a form");
    let mailed = browser.post(&format!("{p}/join-by-mail"), &[("csrf", &csrf), ("email", &it.email)]).await;
    assert_eq!(mailed.status, StatusCode::SEE_OTHER, "{}", mailed.text);
    lived.work().await;
    let link = lived.mailed_path(&it.email);
    taken(browser, &link, &[]).await;
    let names = [
        ("family", it.family.as_str()),
        ("given", it.given.as_str()),
        ("family_kana", "かくう"),
        ("given_kana", "はな"),
    ];
    let mut next = taken(browser, &format!("{p}/join/name"), &names).await;
    while !next.starts_with("/me") {
        let here = next.clone();
        next = match here.rsplit('/').next().unwrap_or_default() {
            "birth" => taken(browser, &here, &[("year", &it.born), ("month", "5"), ("day", "3")]).await,
            "school" => {
                let school = [("school", "other"), ("school_name", "架空高校"), ("graduation", it.graduation())];
                taken(browser, &here, &school).await
            }
            "now" => taken(browser, &here, &[("now", "university"), ("place", "270008")]).await,
            "interests" => taken(browser, &here, &[("interests", "home")]).await,
            "agree" => taken(browser, &here, &[("agreed", "info")]).await,
            other => panic!("an unknown question: {other}"),
        };
    }
}
