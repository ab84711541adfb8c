//! The proof of a draw in words, as the portal shows it to everybody and the office to itself: what was told, the order that
//! follows, and the command that computes it again. Leaves the method to programmes' `draw`.

use tsunagari_i18n::Texts;
use tsunagari_kernel::{RoundId, Timestamp};
use tsunagari_programmes::draw::{Entrant, Key, read_list, sequence};
use tsunagari_programmes::round_draw::{RoundDraw, Source};

use crate::shell::components::Facts;

/// What was told, in its order.
pub fn facts(t: Texts, it: &RoundDraw) -> Facts {
    let mut facts = match &it.source {
        Source::Seed { commitment } => Facts::default().row(t.get("draw-commitment"), commitment.as_str()),
        Source::Public { named } => Facts::default().row(t.get("draw-named"), named.as_str()),
    };
    facts = facts.row(t.get("draw-prepared"), t.date_time(it.prepared_at));
    if let Some(frozen) = &it.frozen {
        facts = facts.row(t.get("draw-hash"), frozen.hash.as_str()).row(t.get("draw-frozen"), t.date_time(frozen.at));
        facts = facts.row(t.get("draw-places"), t.number(i64::from(frozen.places)));
    }
    if let Some((key, at)) = &it.drawn {
        let said = match key {
            Key::Seed { seed } => seed.clone(),
            Key::Public { sources } => numbers(sources).join(" / "),
        };
        facts = facts.row(t.get("draw-key"), said).row(t.get("draw-drawn"), t.date_time(*at));
    }
    facts
}

fn numbers(sources: &[Vec<u64>]) -> Vec<String> {
    let one = |source: &Vec<u64>| source.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    sources.iter().map(one).collect()
}

/// The receipt numbers in the order that follows from list and key, and whether each won.
pub fn order(it: &RoundDraw) -> Vec<(String, bool)> {
    let Some((frozen, (key, _))) = it.frozen.as_ref().zip(it.drawn.as_ref()) else { return Vec::new() };
    let Ok(entrants) = read_list(&frozen.list) else { return Vec::new() };
    let places = usize::try_from(frozen.places).unwrap_or(usize::MAX);
    let drawn = sequence(&entrants, key).into_iter().enumerate();
    drawn.filter_map(|(rank, place)| Some((entrants.get(place)?.receipt.to_uppercase(), rank < places))).collect()
}

/// The command that computes it again; empty before the draw.
pub fn command(it: &RoundDraw) -> String {
    let Some((frozen, (key, _))) = it.frozen.as_ref().zip(it.drawn.as_ref()) else { return String::new() };
    let key = match (key, &it.source) {
        (Key::Seed { seed }, Source::Seed { commitment }) => format!("--seed {seed} --commitment {commitment}"),
        (Key::Seed { seed }, Source::Public { .. }) => format!("--seed {seed}"),
        (Key::Public { sources }, _) => {
            numbers(sources).iter().map(|it| format!("--numbers {it}")).collect::<Vec<_>>().join(" ")
        }
    };
    format!("tsunagari draw verify draw.tsv --hash {} {key} --places {}", frozen.hash, frozen.places)
}

/// Invented draws, one at each step, and one by public numbers.
pub fn samples(round: RoundId, now: Timestamp) -> Vec<RoundDraw> {
    let seed = "00ff".to_owned();
    let source = Source::Seed { commitment: Key::commitment(&seed) };
    let of = |source| RoundDraw { round, source, prepared_at: now, frozen: None, drawn: None };
    let entrant = |receipt: &str| Entrant { receipt: receipt.into(), class: 1, tickets: 1, unit: String::new() };
    let entrants = ["k7p2mx9a", "q2w3e4r5", "z9x8c7v6"].map(entrant);
    let frozen = |it: RoundDraw| it.clone().freeze(&entrants, 2, now).unwrap_or(it);
    let drawn = |it: RoundDraw, key: Key| it.clone().draw(key, now).unwrap_or(it);
    let named = Source::Public { named: "宝くじ 第1000回".into() };
    let public = Key::Public { sources: vec![vec![9_319], vec![2, 5]] };
    vec![
        of(source.clone()),
        frozen(of(source.clone())),
        drawn(frozen(of(source)), Key::Seed { seed }),
        frozen(of(named.clone())),
        drawn(frozen(of(named)), public),
    ]
}
