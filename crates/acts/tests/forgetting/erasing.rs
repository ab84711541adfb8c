//! Erasing by two people, what keeps it waiting, what is left afterwards, and a restored backup.

use std::sync::Arc;

use tsunagari_access::permission::{DecideErasures, EditPeople, ExportLists};
use tsunagari_access::resident::Resident;
use tsunagari_access::session::{Session, Subject};
use tsunagari_access::{Granted, Officer, Role};
use tsunagari_acts::ActError;
use tsunagari_acts::erase_person::{decide_erasure, propose_erasure, prospect, refuse_erasure};
use tsunagari_acts::read_my_data::{read_data_of, read_my_data};
use tsunagari_acts::reapply_erasures::reapply_erasures;
use tsunagari_acts::request_erasure::request_erasure;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_i18n::Locale;
use tsunagari_kernel::{Chance, ChannelId, Clock, DispatchId, PersonId, SessionId, UserId};
use tsunagari_outreach::Way;
use tsunagari_storage::dispatch::OpenDispatch;
use tsunagari_storage::erasure_case::CaseState;
use tsunagari_storage::line_inbound::{Arrived, InboundState};
use tsunagari_storage::testing::BOTH;
use tsunagari_storage::{Key, Keyring, Location, OrgStore, Store};
use uuid::Uuid;

use crate::town::{Has, Town, address_of, text, with_mail};

const CANARY: &str = "消滅野";

pub fn editor(town: &Town, n: u128) -> Granted<EditPeople> {
    officer(town, n).grant(town.clock.now()).unwrap()
}

fn decider(town: &Town, n: u128) -> Granted<DecideErasures> {
    officer(town, n).grant(town.clock.now()).unwrap()
}

fn officer(town: &Town, n: u128) -> Officer {
    Officer::of(town.org, UserId(Uuid::from_u128(n)), vec![Role::Administrator])
}

pub fn resident(town: &Town, person: PersonId) -> Resident {
    let now = town.clock.now();
    let session = Session::opened(
        SessionId::born(&town.house.chance, now),
        Subject::Resident(person, tsunagari_access::resident::SignInWay::LineLogin),
        now,
    );
    Resident::of_session(town.org, &session, now).unwrap()
}

fn code(done: Result<(), ActError>) -> &'static str {
    match done {
        Err(ActError::Refused(reasons)) => reasons[0].code,
        other => panic!("not refused: {other:?}"),
    }
}

fn here(town: &Town) -> OrgStore {
    town.house.org(town.org)
}

/// The first person gets a name nobody else has, words on LINE, a link and a letter under way.
async fn leave_traces(town: &Town) {
    let here = here(town);
    let mut tx = here.write().await.unwrap();
    let mut person = tx.person(town.people[0]).await.unwrap();
    person.family = CANARY.into();
    tx.keep_person(&person).await.unwrap();
    let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
    let raw = |user: &str| {
        serde_json::json!({ "type": "message", "source": { "userId": user }, "message": { "type": "text", "text": "秘密です" } })
            .to_string()
    };
    let user = town.line.sim.user_id("town", "p1").unwrap();
    let other = town.line.sim.user_id("town", "p2").unwrap();
    let now = town.clock.now();
    let arrived = |key: &str, user: &str| Arrived {
        key: key.into(),
        kind: "message".into(),
        at: now,
        raw: raw(user),
        state: InboundState::Ignored,
    };
    let batch = [arrived("a", &user), arrived("b", &other)];
    here.store_inbound(ChannelId(Uuid::from_u128(9)), &batch, ("none.1", "{}"), now).await.unwrap();
    tsunagari_acts::verify_email::ask_for_sign_in(&town.house, town.org, &address_of(0), Locale::Ja).await.unwrap();
    tsunagari_acts::verify_email::ask_for_sign_in(&town.house, town.org, &address_of(1), Locale::Ja).await.unwrap();
    tsunagari_acts::ask_guardian::guardian_link(&town.house, &resident(town, town.people[0])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_proposed_decided_and_nothing_left() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Both, Has::Both]).await;
        let (gone, stays) = (town.people[0], town.people[1]);
        let campaign = town.approved(with_mail(text("お知らせ"))).await;
        town.worker(Guard::On).drain().await.unwrap();
        let results = town.results(campaign).await;
        leave_traces(&town).await;
        request_erasure(&town.house, &resident(&town, gone)).await.unwrap();
        request_erasure(&town.house, &resident(&town, gone)).await.unwrap();
        let here = here(&town);
        let case = here.read().await.unwrap().erasure_case_of(gone).await.unwrap().unwrap();
        assert_eq!(case.state, CaseState::Asked);

        assert_eq!(code(decide_erasure(&town.house, &decider(&town, 2), case.id).await), "erasure_not_proposed");
        let id = propose_erasure(&town.house, &editor(&town, 1), gone, "asked").await.unwrap();
        assert_eq!(id, case.id, "what the person asked for is taken up");
        assert_eq!(code(decide_erasure(&town.house, &decider(&town, 1), id).await), "erasure_same_officer");
        assert!(here.read().await.unwrap().person(gone).await.is_ok(), "one officer alone erases nobody");

        let needles = here.needles(&[gone]).await.unwrap();
        assert_eq!(needles.addresses.len(), 2);
        let found = here.read().await.unwrap().traces(&needles).await.unwrap();
        assert_eq!((found.inbound.len(), found.links.len(), found.jobs.len()), (1, 2, 1), "{found:?}");
        decide_erasure(&town.house, &decider(&town, 2), id).await.unwrap();

        let mut reader = here.read().await.unwrap();
        assert!(reader.person(gone).await.is_err());
        let left = reader.traces(&needles).await.unwrap();
        assert_eq!(left, tsunagari_storage::erasure_traces::Traces::default(), "{kind:?}");
        assert_eq!(reader.findings().await.unwrap().iter().find(|it| it.code == "erased_left"), None);
        assert_eq!(reader.erasure_case(id).await.unwrap().state, CaseState::Done);
        assert_eq!(reader.person(stays).await.unwrap().given, "1");
        drop(reader);
        assert!(!here.person_keys(&[gone]).await.unwrap().has(gone), "the key is shredded");
        assert_eq!(here.unsealed_erasures().await.unwrap(), vec![]);
        assert_eq!(town.results(campaign).await, results, "counts stay");
        let others = here.needles(&[stays]).await.unwrap();
        let others = here.read().await.unwrap().traces(&others).await.unwrap();
        assert_eq!((others.inbound.len(), others.links.len(), others.jobs.len()), (1, 1, 1), "{others:?}");
        let copy = beside(&town, "copy.db");
        if town.house.store.snapshot(&copy).await.unwrap().is_some() {
            assert!(!holds(&copy, CANARY), "the name is still in the file");
        }
    }
}

/// Every file of the data directory, the write-ahead logs among them, is searched for words of somebody erased.
#[tokio::test(flavor = "multi_thread")]
async fn no_file_keeps_the_words_of_somebody_erased() {
    let town = Town::open(BOTH[0], &[Has::Both, Has::Both]).await;
    let (gone, stays) = (town.people[0], town.people[1]);
    leave_traces(&town).await;
    let mut tx = here(&town).write().await.unwrap();
    let mut other = tx.person(stays).await.unwrap();
    other.family = "存続野".into();
    tx.keep_person(&other).await.unwrap();
    let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
    let found = |text: &str| {
        let dir = town.house.files.parent().unwrap();
        let mut files = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().path()).filter(|path| path.is_file());
        files.any(|file| std::fs::read(&file).unwrap().windows(text.len()).any(|part| part == text.as_bytes()))
    };
    assert!(found(CANARY), "the control: the name is in the files while the person is there");
    let id = propose_erasure(&town.house, &editor(&town, 1), gone, "asked").await.unwrap();
    // Somebody reads on from before the erasure: the log cannot be emptied under them, and is owed to be.
    let mut reading = here(&town).read().await.unwrap();
    assert!(reading.person(gone).await.is_ok());
    decide_erasure(&town.house, &decider(&town, 2), id).await.unwrap();
    assert!(found(CANARY), "the control: with the log as it stands the name is still there");
    assert!(!town.house.store.empty_owed_logs().await.unwrap(), "still owed");
    drop(reading);
    assert!(town.house.store.empty_owed_logs().await.unwrap());
    assert!(!found(CANARY), "the name is in no file");
    assert!(found("存続野"), "what was not erased is there, by the same look");
}

/// A file beside the town's database.
fn beside(town: &Town, name: &str) -> std::path::PathBuf {
    town.house.files.with_file_name(name)
}

fn holds(file: &std::path::Path, text: &str) -> bool {
    let bytes = std::fs::read(file).unwrap();
    std::fs::remove_file(file).unwrap();
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_on_its_way_is_waited_for() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line]).await;
        let here = here(&town);
        let person = town.people[0];
        let campaign = town.approved(text("お知らせ")).await;
        town.freeze_only().await;
        let now = town.clock.now();
        let dispatch = OpenDispatch {
            id: DispatchId::born(&town.house.chance, now),
            campaign,
            way: Way::Push,
            line: None,
            retry_key: Uuid::from_u128(1),
            body: b"{}".to_vec(),
            persons: vec![person],
        };
        let keys = here.make_person_keys(&[person]).await.unwrap();
        let channel = here.read().await.unwrap().sending_line_channel().await.unwrap().unwrap().id;
        let until = now.plus(chrono::TimeDelta::days(30));
        let mut tx = here.write().await.unwrap();
        tx.keep_line_access(person, channel, "of-their-login", until, &keys).await.unwrap();
        tx.open_dispatches(&[dispatch], now, now.plus(chrono::TimeDelta::minutes(1))).await.unwrap();
        let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
        tx.commit(&act).await.unwrap();
        assert_eq!(prospect(&here, person).await.unwrap().holdings.open_messages, 1);
        let id = propose_erasure(&town.house, &editor(&town, 1), person, "no_longer_needed").await.unwrap();
        assert_eq!(code(decide_erasure(&town.house, &decider(&town, 2), id).await), "erasure_message_open");
        assert!(here.read().await.unwrap().person(person).await.is_ok());
        assert!(here.person_keys(&[person]).await.unwrap().has(person), "refused: the key is still there");
        let allowed = here.read().await.unwrap().line_access(person, &keys, now).await.unwrap();
        assert_eq!(allowed.len(), 1, "refused: what they allowed at LINE has not ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_with_a_reason_the_person_can_read() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line]).await;
        let here = here(&town);
        let person = town.people[0];
        request_erasure(&town.house, &resident(&town, person)).await.unwrap();
        let id = here.read().await.unwrap().erasure_case_of(person).await.unwrap().unwrap().id;
        assert_eq!(
            code(refuse_erasure(&town.house, &decider(&town, 2), id, "because").await),
            "erasure_reason_missing"
        );
        refuse_erasure(&town.house, &decider(&town, 2), id, "legal_retention").await.unwrap();
        let case = here.read().await.unwrap().erasure_case(id).await.unwrap();
        assert_eq!((case.state, case.reason.as_str()), (CaseState::Refused, "legal_retention"));
        assert_eq!(here.read().await.unwrap().open_work(None, 10).await.unwrap(), vec![]);
        assert_eq!(code(decide_erasure(&town.house, &decider(&town, 2), id).await), "erasure_decided_already");
        request_erasure(&town.house, &resident(&town, person)).await.unwrap();
        let again = here.read().await.unwrap().erasure_case_of(person).await.unwrap().unwrap();
        assert!(again.id != id && again.state == CaseState::Asked, "asking again is a new case");
    }
}

/// An archive from before the erasure is restored beside the newest keys: the erasure is done again.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_forgets_again() {
    let town = Town::open(BOTH[0], &[Has::Both, Has::Both]).await;
    let here = here(&town);
    let gone = town.people[0];
    leave_traces(&town).await;
    let (archive, keys) = (beside(&town, "archive.db"), beside(&town, "keys.db"));
    town.house.store.snapshot(&archive).await.unwrap();
    let id = propose_erasure(&town.house, &editor(&town, 1), gone, "asked").await.unwrap();
    decide_erasure(&town.house, &decider(&town, 2), id).await.unwrap();
    town.house.store.snapshot_person_keys(&keys).await.unwrap();

    let store = Store::open(
        &Location::File(archive.clone()),
        &keys,
        Keyring::new(Key::new([7; 32])),
        town.clock.clone(),
        Arc::new(Chance::seeded(77)),
    )
    .await
    .unwrap();
    let mut house = town.house.clone();
    house.store = store.clone();
    let restored = house.org(town.org);
    assert!(restored.read().await.unwrap().person(gone).await.is_ok(), "the archive brings the person back");
    assert_eq!(reapply_erasures(&house, town.org).await.unwrap(), 1);
    assert!(restored.read().await.unwrap().person(gone).await.is_err());
    assert_eq!(restored.read().await.unwrap().left_of_erased().await.unwrap(), vec![]);
    assert_eq!(reapply_erasures(&house, town.org).await.unwrap(), 0, "once is enough");
    assert!(here.read().await.unwrap().person(town.people[1]).await.is_ok());
    let copy = beside(&town, "copy.db");
    store.snapshot(&copy).await.unwrap();
    assert!(!holds(&copy, CANARY));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_takes_everything_about_themselves() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Both, Has::Both]).await;
        let person = town.people[0];
        let campaign = town.approved(with_mail(text("お知らせ"))).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(campaign).await, "done");
        leave_traces(&town).await;
        let data = read_my_data(&town.house, &resident(&town, person)).await.unwrap();
        let json = data.json();
        let at = |path: &str| json.pointer(path).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
        assert_eq!(at("/data/person/0/family"), CANARY, "{kind:?}");
        assert_eq!(at("/data/line_inbound/0/text"), "秘密です");
        assert_eq!(at("/data/delivery/0/title"), "帰省");
        assert_eq!(at("/data/consent/0/purpose"), "info");
        let text = json.to_string();
        assert!(text.contains(&address_of(0)) && !text.contains(&address_of(1)), "{text}");
        let acts: Vec<&str> =
            json["data"]["audit"].as_array().unwrap().iter().filter_map(|row| row["act"].as_str()).collect();
        assert!(acts.contains(&"read_my_data"), "written down before it is given: {acts:?}");
        let by: Granted<ExportLists> = officer(&town, 1).grant(town.clock.now()).unwrap();
        let office = read_data_of(&town.house, &by, person).await.unwrap();
        assert_eq!(office.sections.len(), data.sections.len());
        assert!(office.json().to_string().contains("read_data_of"));
    }
}
