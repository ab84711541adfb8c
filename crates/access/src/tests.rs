//! The crate's promises: the role table, expiry, chain, sessions, secrets, throttle.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use tsunagari_kernel::{AuditId, GuardianshipId, OrgId, PersonId, SessionId, Timestamp, UserId};
use uuid::Uuid;

use crate::permission::{ApproveMessages, ViewPeople, WriteMessages};
use crate::session::{STAFF_ABSOLUTE, STAFF_IDLE};
use crate::throttle::{Failures, LONGEST_WAIT, Tries, Verdict};
use crate::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn officer(roles: Vec<Role>) -> Officer {
    Officer::of(OrgId(id(1)), UserId(id(2)), roles)
}

#[test]
fn a_viewer_reads_and_writes_nothing() {
    let viewer = officer(vec![Role::Viewer]);
    assert!(viewer.grant::<ViewPeople>(at(0)).is_ok());
    assert_eq!(viewer.grant::<WriteMessages>(at(0)).unwrap_err(), Refusal::NotPermitted(Code::WriteMessages));
    let allowed: Vec<_> = Code::ALL.iter().filter(|c| Role::Viewer.allows(**c)).map(|c| c.as_str()).collect();
    assert_eq!(allowed, ["view_people", "view_messages", "view_programmes", "view_figures"]);
}

#[test]
fn an_ended_contractor_may_nothing() {
    let contractor = officer(vec![Role::Contractor { until: at(100) }]);
    assert!(contractor.grant::<WriteMessages>(at(99)).is_ok());
    assert_eq!(contractor.grant::<WriteMessages>(at(100)).unwrap_err(), Refusal::RoleEnded(Code::WriteMessages));
    assert!(Code::ALL.iter().all(|code| !contractor.may(*code, at(100))));
    assert!(!contractor.may(Code::ViewPeople, at(0)));
    assert!(!contractor.may(Code::ExportLists, at(0)));
}

#[test]
fn writing_and_approving_are_two_roles_but_for_the_administrator() {
    assert!(officer(vec![Role::Editor]).grant::<ApproveMessages>(at(0)).is_err());
    assert!(officer(vec![Role::Approver]).grant::<WriteMessages>(at(0)).is_err());
    assert!(officer(vec![Role::Editor, Role::Approver]).grant::<ApproveMessages>(at(0)).is_ok());
    assert!(Code::ALL.iter().all(|code| Role::Administrator.allows(*code)));
}

#[test]
fn acting_for_a_minor_ends_at_midnight_in_japan() {
    let ymd = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let allowed = |born, now| ActingFor::allowed(OrgId(id(1)), GuardianshipId(id(2)), PersonId(id(3)), born, now);
    for (born, birthday) in [
        (ymd(2008, 4, 1), ymd(2026, 4, 1)),
        (ymd(2008, 2, 29), ymd(2026, 3, 1)),
        (ymd(2008, 12, 31), ymd(2026, 12, 31)),
    ] {
        let midnight = Timestamp::start_of(birthday);
        assert!(allowed(born, midnight).is_none());
        assert!(allowed(born, Timestamp::from_micros(midnight.micros() - 1)).is_some());
    }
}

fn entry(n: u128) -> AuditEntry {
    let act = Act::named("edit_person", Actor::User(UserId(id(7))), OperationId(id(n)))
        .on("person", id(n))
        .counting("fields", 2);
    AuditEntry { id: AuditId(id(n)), org: OrgId(id(1)), at: at(i64::try_from(n).unwrap()), act }
}

#[test]
fn a_changed_entry_breaks_the_chain_there() {
    let root = ChainHash::root(OrgId(id(1)));
    let mut entries: Vec<_> = (1..=5).map(entry).collect();
    let mut links = Vec::new();
    let mut last = root;
    for entry in &entries {
        last = audit::seal(last, entry);
        links.push(last);
    }
    let walk = |entries: &[AuditEntry]| audit::verify(root, entries.iter().zip(links.iter().copied()));
    assert_eq!(walk(&entries), Ok(last));
    entries[2].act.counts[0].1 = 3;
    assert_eq!(walk(&entries), Err(AuditId(id(3))));
    entries.remove(2);
    assert!(walk(&entries).is_err());
}

#[test]
fn what_is_no_code_never_reaches_the_record() {
    assert_eq!(ActCode::of("山田太郎").as_str(), "malformed_code");
    assert_eq!(ActCode::parse("taro@example.jp"), None);
    assert_eq!(ActCode::parse("launch_campaign").unwrap().as_str(), "launch_campaign");
    assert_eq!(Machine::working(OrgId(id(1)), "send").actor().kind(), "machine");
}

#[test]
fn staff_sessions_end_by_idleness_and_by_age() {
    let session = Session::opened(SessionId(id(1)), Subject::Staff(UserId(id(2))), at(0));
    assert!(session.is_live(at(30 * 60 - 1)));
    assert!(!session.is_live(at(30 * 60)));
    assert_eq!(session.touch(at(30)), None);
    let mut busy = session;
    let mut now = at(0);
    while let Some(next) = busy.touch(now.plus(TimeDelta::minutes(20))) {
        now = now.plus(TimeDelta::minutes(20));
        busy = next;
    }
    assert_eq!(busy.ends_at(), at(0).plus(STAFF_ABSOLUTE));
    assert!(!session.end(at(5)).is_live(at(5)));
    assert_eq!(session.ends_at(), at(0).plus(STAFF_IDLE));
}

#[test]
fn tokens_and_form_tokens() {
    let text = session::token_text(&[7; 32]);
    assert!(session::token_hash(&text).is_some());
    assert_ne!(session::token_hash(&text), session::token_hash(&session::token_text(&[8; 32])));
    assert_eq!(session::token_hash("short"), None);
    let (key, one, two) = ([1; 32], SessionId(id(1)), SessionId(id(2)));
    let form = session::csrf_token(&key, one);
    assert!(session::csrf_matches(&key, one, &form));
    assert!(!session::csrf_matches(&key, two, &form));
    assert!(!session::csrf_matches(&[2; 32], one, &form));
    assert!(!session::csrf_matches(&key, one, ""));
}

#[test]
fn passwords() {
    use password::{Beside, Weakness, hash, is_outdated, judge, matches};
    assert_eq!(judge("fourteen chars", "", Beside::Alone), Err(Weakness::TooShort { least: 15 }));
    assert_eq!(judge("fifteen chars ok", "", Beside::Alone), Ok(()));
    assert_eq!(judge("Password", "", Beside::SecondFactor), Err(Weakness::Obvious));
    assert_eq!(judge("ｐａｓｓｗｏｒｄ", "", Beside::SecondFactor), Err(Weakness::Obvious));
    assert_eq!(judge("passwordpassword", "", Beside::Alone), Err(Weakness::Obvious));
    assert_eq!(judge("ああああああああ", "", Beside::SecondFactor), Err(Weakness::Obvious));
    assert_eq!(judge("sato.hanako", "Sato.Hanako", Beside::SecondFactor), Err(Weakness::Obvious));
    let stored = hash("正しい馬と電池ホチキス", &[3; 16]).unwrap();
    assert!(matches("正しい馬と電池ホチキス", &stored));
    assert!(!matches("正しい馬と電池ホチキズ", &stored));
    assert!(!matches("x", "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA"));
    assert!(!matches("x", "") && is_outdated("") && !is_outdated(&stored));
    let wide = hash("ＡＢＣ１２３ｘｙｚ", &[3; 16]).unwrap();
    assert!(matches("ABC123xyz", &wide), "full-width typing is the same password");
}

#[test]
fn one_time_passwords_follow_rfc_6238() {
    // RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    let secret = b"12345678901234567890";
    for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
        assert_eq!(totp::code_at(secret, at(time)), code);
    }
    let step = totp::check(secret, "287 082", at(59), None);
    assert_eq!(step, Some(1));
    assert_eq!(totp::check(secret, "　２８７　０８２ ", at(59), None), Some(1), "as a Japanese keyboard gives it");
    assert_eq!(totp::check(secret, "２８７０８３", at(59), None), None);
    assert_eq!(totp::check(secret, "287082", at(59), step), None, "a step is used once");
    assert_eq!(totp::check(secret, "287082", at(89), None), Some(1));
    assert_eq!(totp::check(secret, "287082", at(90), None), None);
    assert_eq!(totp::secret_text(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let code = totp::recovery_code(&[200; 10]);
    assert_eq!(code.len(), 19);
    assert_eq!(totp::recovery_hash(&code), totp::recovery_hash(&code.replace('-', " ").to_uppercase()));
    let wide: String = code.chars().filter_map(|c| char::from_u32(u32::from(c) - 0x21 + 0xff01)).collect();
    assert_ne!(wide, code);
    assert_eq!(totp::recovery_hash(&code), totp::recovery_hash(&wide));
}

proptest! {
    #[test]
    fn the_throttle_never_shortens_with_more_failures(a in 0u32..200, b in 0u32..200, more in 0u32..50) {
        let wait = |of_account, from_address| {
            let last = Some(at(1000));
            let failures = Failures { of_account, last_of_account: last, from_address, last_from_address: last };
            match throttle::judge(failures, at(1000)) {
                Verdict::Allow => at(1000),
                Verdict::WaitUntil(until) => until,
            }
        };
        prop_assert!(wait(a + more, b) >= wait(a, b));
        prop_assert!(wait(a, b + more) >= wait(a, b));
        prop_assert!(wait(a, b) <= at(1000).plus(LONGEST_WAIT));
    }
}

#[test]
fn five_wrong_passwords_make_wait() {
    let after = |of_account| Failures { of_account, last_of_account: Some(at(10)), ..Failures::default() };
    assert_eq!(throttle::judge(after(4), at(10)), Verdict::Allow);
    assert_eq!(throttle::judge(after(5), at(10)), Verdict::WaitUntil(at(11)));
    assert_eq!(throttle::judge(after(8), at(10)), Verdict::WaitUntil(at(18)));
    assert_eq!(throttle::judge(after(8), at(18)), Verdict::Allow);
}

#[test]
fn tries_at_the_same_moment_count_before_they_are_checked() {
    let tries = Tries::default();
    let begun: Vec<_> = (0..50).filter_map(|_| tries.begin("hana@town.example", "10.0.0.1", at(10)).ok()).collect();
    assert_eq!(begun.len(), 5, "none of them has answered yet");
    assert!(tries.begin("taro@town.example", "10.0.0.1", at(10)).is_ok(), "the others of the office come in");
    assert!(tries.begin("hana@town.example", "10.0.0.9", at(10)).is_err(), "from anywhere");
    let later = tries.begin("hana@town.example", "10.0.0.1", at(11)).expect("a second later");
    later.fits();
    for _ in 0..5 {
        assert!(tries.begin("hana@town.example", "10.0.0.1", at(11)).is_ok(), "forgotten once it fitted");
    }
}

#[test]
fn an_office_comes_in_at_once_and_a_sprayer_does_not_go_on() {
    let tries = Tries::default();
    for n in 0..400 {
        let at_work = tries.begin(&format!("{n}@town.example"), "10.0.0.1", at(10));
        at_work.expect("one after the other").fits();
    }
    let together: Vec<_> = (0..90).map(|n| tries.begin(&format!("{n}@town.example"), "10.0.0.1", at(11))).collect();
    for it in together {
        it.expect("ninety in the same second").fits();
    }
    // Another name each time, none of which need exist; within one IPv6 network each address is the same one.
    let spray = |n: u32, now| tries.begin(&format!("nobody{n}"), &format!("2001:db8:1:2::{n:x}"), now).is_ok();
    assert_eq!((0..1_000).filter(|n| spray(*n, at(20))).count(), 100);
    assert!(!spray(1_000, at(20)) && spray(1_000, at(21)), "a wait that doubles");
    assert!(tries.begin("hana@town.example", "10.0.0.1", at(21)).is_ok());
    assert!((2_000..2_050).all(|n| spray(n, at(20 + 3_601))), "an hour later it begins anew");
}

#[test]
fn what_is_remembered_has_an_end() {
    let tries = Tries::default();
    for n in 0..120_000_u32 {
        let _ = tries.begin(
            &format!("nobody{n}"),
            &format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255),
            at(10 + i64::from(n / 1_000)),
        );
    }
    assert!(tries.remembered() <= 50_000);
}
