//! The list of people in storage, without pages around: search, filters, the next page, how many there are, and one
//! person with everything known. To add a search: a line in `searches`.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use async_trait::async_trait;
use tsunagari_kernel::FiscalYear;
use tsunagari_load::Times;
use tsunagari_storage::person_list::PeopleFilter;

use crate::bench::Bench;
use crate::part::Part;
use crate::table::{Figure, Of};
use crate::town::Town;

const OPENED: usize = 40;
const WARM_UP: usize = 5;
const LINES: u32 = 50;
const GOAL: &[(Of, Duration)] = &[(Of::P95, Duration::from_millis(50))];

/// The part.
pub struct PeopleList;

fn searches(town: &Town) -> Vec<(&'static str, PeopleFilter)> {
    let text = |text: &str| PeopleFilter { text: Some(text.to_owned()), ..PeopleFilter::default() };
    let cohort = Some(FiscalYear(2025));
    vec![
        ("everybody", PeopleFilter::default()),
        ("one character", text("山")),
        ("a family name", text("山崎")),
        ("a full name", text("山崎美咲")),
        ("kana", text("やまさき")),
        ("nobody", text("無此人")),
        ("a cohort", PeopleFilter { cohort, ..PeopleFilter::default() }),
        ("a class", PeopleFilter { cohort, school: Some(town.school), ..PeopleFilter::default() }),
    ]
}

#[async_trait]
impl Part for PeopleList {
    fn name(&self) -> &'static str {
        "people-list"
    }

    fn about(&self) -> &'static str {
        "lists and searches of people"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let mut reader = town.house.org(town.org).read().await?;
        let mut figures = Vec::new();
        for (what, filter) in searches(town) {
            let (mut pages, mut nexts, mut counts, mut n) = (Vec::new(), Vec::new(), Vec::new(), 0);
            for time in 0..OPENED + WARM_UP {
                let begin = Instant::now();
                let page = reader.people_page(&filter, None, LINES).await?;
                let first = begin.elapsed();
                let begin = Instant::now();
                if let Some(last) = page.last() {
                    reader.people_page(&filter, Some(&last.key), LINES).await?;
                }
                let next = begin.elapsed();
                let begin = Instant::now();
                n = reader.count_people(&filter).await?;
                if time >= WARM_UP {
                    pages.push(first);
                    nexts.push(next);
                    counts.push(begin.elapsed());
                }
            }
            figures.push(Figure::times(format!("people: {what} ({n})"), &Times::of(pages), GOAL));
            figures.push(Figure::times(format!("people: {what}, next page"), &Times::of(nexts), GOAL));
            figures.push(Figure::times(format!("people: {what}, how many"), &Times::of(counts), GOAL));
        }
        let page = reader.people_page(&PeopleFilter::default(), None, LINES).await?;
        let somebody = page.first().context("the town has people")?.id;
        let mut cards = Vec::new();
        for _ in 0..OPENED {
            let begin = Instant::now();
            reader.person_record(somebody).await?;
            cards.push(begin.elapsed());
        }
        figures.push(Figure::times("people: one person with everything known", &Times::of(cards), GOAL));
        Ok(figures)
    }
}
