//! Two towns on one database of either kind, with one member of staff for each role, under clocks that stand still
//! until they are moved.

#![allow(clippy::expect_used, clippy::panic, reason = "test support: what cannot happen ends the test")]

use std::sync::Arc;

use axum::Router;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use tsunagari_access::{Machine, Role, password, totp};
use tsunagari_acts::House;
use tsunagari_acts::found_organisation::{FirstStaff, Founding, found_organisation};
use tsunagari_acts::sign_in::make_link;
use tsunagari_kernel::{Chance, Clock, FixedClock, OrgId, Timestamp, UserId};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::testing::{Kind, TestDb};
use tsunagari_web::WebState;

use crate::browser::Browser;

/// The password of everybody in tests.
pub const PASSWORD: &str = "correct horse battery";

/// An organisation with its staff.
pub struct Office {
    /// The organisation.
    pub org: OrgId,
    /// Its code.
    pub code: String,
    /// One of each role.
    pub staff: Vec<FirstStaff>,
}

impl Office {
    /// The member of staff with a role.
    pub fn who(&self, role: &str) -> &FirstStaff {
        self.staff.iter().find(|it| it.staff.role.code() == role).unwrap_or_else(|| panic!("no {role}"))
    }
}

/// Two towns in a process.
pub struct Town {
    /// The database; it vanishes with this value.
    pub db: TestDb,
    /// The house.
    pub house: House,
    /// The programme's calendar.
    pub calendar: Arc<FixedClock>,
    /// Real time.
    pub real: Arc<FixedClock>,
    /// What handlers share.
    pub state: WebState,
    /// The town of the story.
    pub here: Office,
    /// Another town on the same installation.
    pub there: Office,
}

impl Town {
    /// Founds both, on 16 March 2026 at nine.
    pub async fn founded(kind: Kind) -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).expect("a day");
        let start = Timestamp::at_jst(day, NaiveTime::from_hms_opt(9, 0, 0).expect("a time"));
        let (calendar, real) = (Arc::new(FixedClock::at(start)), Arc::new(FixedClock::at(start)));
        let chance = Arc::new(Chance::seeded(7));
        let db = TestDb::fresh(kind, calendar.clone(), chance.clone()).await;
        let outside = Arc::new(tsunagari_acts::Outside::this_machine(db.dir.path().join("mail"), None));
        let house = House {
            store: db.store.clone(),
            clock: calendar.clone(),
            real_clock: real.clone(),
            line: tsunagari_acts::LineGateway::on(real.clone(), outside.clone()),
            chance,
            files: db.dir.path().to_owned(),
            origin: "http://localhost".into(),
            outside,
            running: Arc::default(),
        };
        let hash = password::hash(PASSWORD, &[3; 16]).expect("a hash");
        let here = office(&house, "322041", "益田市", &hash).await;
        let there = office(&house, "322016", "松江市", &hash).await;
        let state = WebState::new(house.clone(), [9; 32]);
        Self { db, house, calendar, real, state, here, there }
    }

    /// The whole web side.
    pub fn router(&self) -> Router {
        tsunagari_web::router(self.state.clone())
    }

    /// A browser that knows nothing.
    pub fn browser(&self) -> Browser {
        Browser::before(self.router())
    }

    /// A browser signed in by a one-time link.
    pub async fn signed_in(&self, office: &Office, role: &str) -> Browser {
        let link = self.link(office, role).await;
        let mut browser = self.browser();
        let answer = browser.get(&link).await;
        assert_eq!(answer.location.as_deref(), Some("/office"), "{}", answer.text);
        browser
    }

    /// The path of a one-time link.
    pub async fn link(&self, office: &Office, role: &str) -> String {
        let user = office.who(role).staff.id;
        let token = make_link(&self.house, office.org, user, TimeDelta::hours(1)).await.expect("a link");
        format!("/office/enter/{}/{token}", office.org)
    }

    /// The code a member of staff's authenticator shows now.
    pub fn code(&self, office: &Office, role: &str) -> String {
        totp::code_at(&office.who(role).totp, self.real.now())
    }
}

async fn office(house: &House, code: &str, name: &str, hash: &str) -> Office {
    let org = OrgId::born(&house.chance, house.now());
    let until = house.real_clock.now().plus(TimeDelta::days(90));
    let roles = [Role::Viewer, Role::Editor, Role::Approver, Role::Administrator, Role::Contractor { until }];
    let staff: Vec<FirstStaff> = roles
        .into_iter()
        .map(|role| FirstStaff {
            staff: Staff {
                id: UserId::born(&house.chance, house.now()),
                login: format!("{}@{code}.example", role.code()),
                name: format!("{name} {}", role.code()),
                role,
                team: None,
                active: true,
            },
            password_hash: hash.to_owned(),
            totp: house.chance.bytes(),
        })
        .collect();
    let organisation = organisation(org, code, name);
    let founding = Founding {
        organisation,
        teams: vec![],
        staff: staff.clone(),
        purposes: vec![],
        wordings: vec![],
        interests: vec![],
    };
    found_organisation(house, &Machine::working(org, "test"), &founding).await.expect("the town is founded");
    Office { org, code: code.to_owned(), staff }
}

fn organisation(id: OrgId, code: &str, name: &str) -> Organisation {
    Organisation {
        contact: name.into(),
        accent: "indigo".into(),
        cancel_seconds: 10,
        demo: true,
        ..Organisation::by_default(id, code, name, "テスト")
    }
}
