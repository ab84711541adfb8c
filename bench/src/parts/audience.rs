//! Counting audiences in storage, without pages around: rules of five conditions now, the first beside the same SQL written
//! by hand, and as of a day in the past. To add a rule: a line in `RULES`.

use std::time::{Duration, Instant};

use anyhow::Result;
use async_trait::async_trait;
use chrono::Days;
use tsunagari_kernel::Moment;
use tsunagari_load::Times;
use tsunagari_people::{FACTS, Policy};
use tsunagari_rules::{Catalogue, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::by_hand;
use tsunagari_storage::store::Reader;

use crate::bench::Bench;
use crate::part::Part;
use crate::people::{INTERESTS, Known, PURPOSES};
use crate::table::{Figure, Of};

const COUNTED: usize = 40;
/// Days ago.
const PAST: u64 = 365;
const WARM_UP: usize = 5;
/// Times slower than by hand.
const BY_HAND: f64 = 1.3;
/// The first is the one written by hand.
const RULES: &[(&str, &str)] = &[
    ("five conditions", by_hand::RULE),
    (
        "five conditions, few people",
        "life_stage in (university_1, university_2) and residence_prefecture in (\"270008\", \"260002\") \
         and interest has homecoming and tie(origin) and reachable(info)",
    ),
    (
        "five conditions, most people",
        "cohort_age between 0 and 9 and tie(origin) and not residence_prefecture = \"320005\" and age >= 16 and reachable(info)",
    ),
    ("reachable", "reachable(info)"),
];

/// The part.
pub struct Audiences;

#[async_trait]
impl Part for Audiences {
    fn name(&self) -> &'static str {
        "audience"
    }

    fn about(&self) -> &'static str {
        "counting audiences"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.fresh(bench.people, Known::Years).await?;
        let (clock, policy) = (town.house.clock.as_ref(), Policy::default());
        let mut reader = town.house.org(town.org).read().await?;
        let catalogue = Catalogue::of(&[FACTS])?
            .with_codes("purposes", PURPOSES.iter().copied())
            .with_codes("interests", INTERESTS.iter().copied())
            .with_codes("prefectures", tsunagari_kernel::municipality::prefectures().map(|it| it.code.to_string()));
        let now = Moment::now(clock);
        let most = Duration::from_millis(if town.people > 100_000 { 300 } else { 100 });
        let mut figures = Vec::new();
        for (index, (what, text)) in RULES.iter().enumerate() {
            let rule = Rule::read(text, &catalogue).map_err(|error| anyhow::anyhow!("{text}: {error:?}"))?;
            let audience = Audience::of_rule(&rule, &now, &policy);
            let figure = |n: i64, times: &Times| {
                Figure::times(format!("audience: {what} ({n} people)"), times, &[(Of::P95, most)])
            };
            if index > 0 {
                let [(n, times)] = counted(&mut reader, [Asked::ByRule(&audience)]).await?;
                figures.push(figure(n, &times));
            } else {
                let beside = [Asked::ByRule(&audience), Asked::ByHand(&now, &policy)];
                let [(n, times), (by_hand, hand)] = counted(&mut reader, beside).await?;
                anyhow::ensure!(by_hand == n, "by hand {by_hand} people, by the rule {n}");
                figures.push(figure(n, &times));
                figures.push(Figure::times("audience: the same SQL by hand", &hand, &[]));
                let ratio = times.at(50.0).as_secs_f64() / hand.at(50.0).as_secs_f64().max(f64::EPSILON);
                figures.push(Figure::most("audience: the rule beside the SQL by hand, medians", ratio, BY_HAND, " ×"));
            }
        }
        // Everybody is known by then, and no row of `person_state` is right for it yet: the facts themselves are asked.
        let past = Moment::end_of(now.date.checked_sub_days(Days::new(PAST)).unwrap_or(now.date));
        for (what, text) in RULES {
            let rule = Rule::read(text, &catalogue).map_err(|error| anyhow::anyhow!("{text}: {error:?}"))?;
            let audience = Audience::of_rule(&rule, &past, &policy);
            let [(n, times)] = counted(&mut reader, [Asked::ByRule(&audience)]).await?;
            let what = format!("audience: {what}, as of {} ({n} people)", past.date);
            figures.push(Figure::times(what, &times, &[(Of::P95, Duration::from_secs(3))]));
        }
        Ok(figures)
    }
}

/// One way to count.
#[derive(Clone, Copy)]
enum Asked<'a> {
    ByRule(&'a Audience<'a>),
    ByHand(&'a Moment, &'a Policy),
}

impl Asked<'_> {
    async fn count(self, reader: &mut Reader) -> Result<i64> {
        Ok(match self {
            Self::ByRule(audience) => reader.count_audience(audience).await?,
            Self::ByHand(at, policy) => reader.count_by_hand(at, policy).await?,
        })
    }
}

/// Counts each way in turn, again and again: what is compared is measured in the same moments, because the machine is not
/// equally fast from one second to the next.
async fn counted<const N: usize>(reader: &mut Reader, ways: [Asked<'_>; N]) -> Result<[(i64, Times); N]> {
    let mut people = [0; N];
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::with_capacity(COUNTED));
    for round in 0..COUNTED + WARM_UP {
        for ((asked, people), times) in ways.iter().zip(&mut people).zip(&mut times) {
            let begin = Instant::now();
            *people = asked.count(reader).await?;
            if round >= WARM_UP {
                times.push(begin.elapsed());
            }
        }
    }
    let mut times = times.into_iter();
    Ok(people.map(|n| (n, Times::of(times.next().unwrap_or_default()))))
}
