//! The list behind a figure says of everybody what `eval` and `reach` say: counted or not, through what, or why not; and
//! the cohorts add up to it. On both databases.

use std::collections::BTreeMap;
use std::sync::Arc;

use tsunagari_kernel::{Chance, FixedClock, OrgId, PersonId, Timestamp};
use tsunagari_people::{ContactKind, PersonFacts, Purpose, Reach, reach};
use tsunagari_rules::{Rule, eval};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::figure_list::FigureQuestion;
use tsunagari_storage::testing::{BOTH, TestDb};

use crate::enter;
use crate::population::{Population, catalogue};

/// Populations on each database, at least and at most.
const LEAST: u64 = 12;
const MOST: u64 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn a_figures_list_is_what_eval_and_reach_say() {
    let chance = Arc::new(Chance::seeded(41));
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    let catalogue = catalogue();
    let known = Rule::read("cohort is known", &catalogue).unwrap();
    let counted = Rule::read("cohort is known and reachable(news)", &catalogue).unwrap();
    let purpose = Purpose::of("news");
    for kind in BOTH {
        let db = TestDb::fresh(kind, clock.clone(), chance.clone()).await;
        let mut seen = (0, 0);
        // Few are reachable by chance: on until one was met, which the most must be enough for.
        for n in 0..MOST {
            if n >= LEAST && seen.0 > 0 {
                break;
            }
            let population = Population::random(&chance, 40);
            let org = OrgId::born(&chance, Timestamp::from_micros(1));
            enter(&db, org, n, &population).await;
            let at = population.one(&population.moments);
            let policy = &population.policy;
            let mut expected = BTreeMap::new();
            for it in population.arrivals.iter().map(|it| &it.record).filter(|it| it.person.merged_into.is_none()) {
                if !eval(&known, &PersonFacts { record: it, policy }, &at).is_yes() {
                    continue;
                }
                let (via, reasons): (Vec<&str>, Vec<&str>) = match reach(it, &purpose, &at, &policy.reach) {
                    Reach::Reachable { via, .. } => (via.iter().map(|kind| kind.code()).collect(), Vec::new()),
                    Reach::NotReachable(reasons) => (Vec::new(), reasons.iter().map(|it| it.code()).collect()),
                };
                expected.insert(it.person.id, (reasons.is_empty(), via.join(" "), reasons.join(" ")));
            }
            let question = FigureQuestion { known: &known, counted: &counted, purpose: &purpose, at: &at, policy };
            let mut reader = db.store.org(org).read().await.unwrap();
            let (mut found, mut after) = (BTreeMap::new(), None);
            loop {
                // Small pages, so that their seams are met.
                let page = reader.figure_list(&question, after, 7).await.unwrap();
                let Some(last) = page.last() else { break };
                after = last.person;
                let line = |it: tsunagari_storage::figure::FigureMember| {
                    (it.person.unwrap_or(PersonId(uuid::Uuid::nil())), (it.counted, it.via, it.reasons.join(" ")))
                };
                found.extend(page.into_iter().map(line));
            }
            assert_eq!(found, expected, "{kind:?} at {at:?} under {policy:?}");
            let yes = i64::try_from(found.values().filter(|(counted, ..)| *counted).count()).unwrap();
            let people = i64::try_from(found.len()).unwrap();
            let mut reasons: BTreeMap<&str, i64> = BTreeMap::new();
            for code in expected.values().flat_map(|(.., codes)| codes.split_terminator(' ')) {
                *reasons.entry(code).or_default() += 1;
            }
            let audience = Audience::of_rule(&counted, &at, policy);
            // Asked as the rule's own part, and as what the audience is for through every kind by name: the same numbers.
            let by_name = Audience {
                purpose: Some(&purpose),
                through: ContactKind::ALL,
                ..Audience::of_rule(&known, &at, policy)
            };
            for tally in [reader.tally(&audience).await.unwrap(), reader.tally(&by_name).await.unwrap()] {
                assert_eq!((tally.people, tally.left_out.people, tally.left_out.other_channel), (yes, people - yes, 0));
                let told: BTreeMap<&str, i64> =
                    tally.left_out.by_reason.iter().map(|(it, n)| (it.code(), *n)).collect();
                assert_eq!(told, reasons, "{kind:?} at {at:?} under {policy:?}");
            }
            let (tally, cohorts) = reader.tally_by_cohort(&audience).await.unwrap();
            assert_eq!(tally, reader.tally(&audience).await.unwrap());
            assert_eq!(cohorts.iter().map(|it| it.reached).sum::<i64>(), yes);
            assert_eq!(cohorts.iter().map(|it| it.known).sum::<i64>(), people);
            seen = (seen.0 + yes, seen.1 + i64::try_from(found.len()).unwrap() - yes);
        }
        assert!(seen.0 > 0 && seen.1 > 0, "{kind:?}: both kinds of people were met: {seen:?}");
    }
}
