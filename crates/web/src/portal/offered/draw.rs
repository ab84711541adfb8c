//! The proof of a draw, for everybody: what was told before anybody could know who takes part, the list that was frozen with its hash, the
//! key, and the order that follows from them, by receipt number. The list can be taken along and the draw computed again elsewhere.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tsunagari_i18n::Texts;
use tsunagari_kernel::RoundId;
use tsunagari_programmes::draw::{Key, read_list, sequence};
use tsunagari_programmes::round_draw::{RoundDraw, Source};

use crate::portal::town::Town;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::Facts;
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/programmes/{round}/draw", Needs::Nothing, show).get(
        "/p/{code}/programmes/{round}/draw.tsv",
        Needs::Nothing,
        list,
    )
}

#[derive(Template)]
#[template(path = "portal/offered/draw.html")]
struct DrawPage {
    shell: Shell,
    round: String,
    lead: String,
    facts: Facts,
    /// The receipt numbers in the drawn order, and whether each won.
    order: Vec<(String, bool)>,
    list: String,
    /// The command that computes it again; empty before the draw.
    command: String,
    back: String,
}

fn facts(t: Texts, it: &RoundDraw) -> Facts {
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

/// The order that follows from list and key.
fn order(it: &RoundDraw) -> Vec<(String, bool)> {
    let Some((frozen, (key, _))) = it.frozen.as_ref().zip(it.drawn.as_ref()) else { return Vec::new() };
    let Ok(entrants) = read_list(&frozen.list) else { return Vec::new() };
    let places = usize::try_from(frozen.places).unwrap_or(usize::MAX);
    let drawn = sequence(&entrants, key).into_iter().enumerate();
    drawn.filter_map(|(rank, place)| Some((entrants.get(place)?.receipt.to_uppercase(), rank < places))).collect()
}

fn command(it: &RoundDraw) -> String {
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

impl DrawPage {
    fn of(shell: Shell, base: &str, round: &str, it: &RoundDraw) -> Self {
        let t = shell.t;
        let lead = match (&it.frozen, &it.drawn) {
            (None, _) => "draw-lead-prepared",
            (Some(_), None) => "draw-lead-frozen",
            (Some(_), Some(_)) => "draw-lead-drawn",
        };
        let frozen = it.frozen.is_some();
        Self {
            round: round.to_owned(),
            lead: t.get(lead),
            facts: facts(t, it),
            order: order(it),
            list: if frozen { format!("{base}/programmes/{}/draw.tsv", it.round) } else { String::new() },
            command: command(it),
            back: format!("{base}/programmes/{}", it.round),
            shell,
        }
    }
}

/// The draw of a round, where one was prepared.
async fn known(town: &Town, id: &str) -> Result<(String, RoundDraw), AppError> {
    let id: RoundId = id.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = town.here().read_by_key().await.map_err(unreadable)?;
    let round = reader.round(id).await.map_err(unreadable)?.round;
    let draw = reader.round_draw(id).await.map_err(unreadable)?.ok_or(AppError::NotFound)?;
    Ok((round.title, draw))
}

async fn show(town: Town, Path((_, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (round, draw) = known(&town, &id).await?;
    Ok(page(&DrawPage::of(town.shell(), &town.at(""), &round, &draw)))
}

async fn list(town: Town, Path((_, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (_, draw) = known(&town, &id).await?;
    let frozen = draw.frozen.ok_or(AppError::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "text/tab-separated-values; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"draw.tsv\""),
    ];
    Ok((headers, frozen.list).into_response())
}

impl Sample for DrawPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_programmes::draw::Entrant;
        let (round, now) = super::round::sample();
        let seed = "00ff".to_owned();
        let source = Source::Seed { commitment: Key::commitment(&seed) };
        let of = |source| RoundDraw { round: round.id, source, prepared_at: now, frozen: None, drawn: None };
        let entrant = |receipt: &str| Entrant { receipt: receipt.into(), class: 1, tickets: 1, unit: String::new() };
        let entrants = ["k7p2mx9a", "q2w3e4r5", "z9x8c7v6"].map(entrant);
        let frozen = |it: RoundDraw| it.clone().freeze(&entrants, 2, now).unwrap_or(it);
        let drawn = |it: RoundDraw, key: Key| it.clone().draw(key, now).unwrap_or(it);
        let named = Source::Public { named: "宝くじ 第1000回".into() };
        let public = Key::Public { sources: vec![vec![9_319], vec![2, 5]] };
        let all = [
            of(source.clone()),
            frozen(of(source.clone())),
            drawn(frozen(of(source)), Key::Seed { seed }),
            drawn(frozen(of(named)), public),
        ];
        all.iter().map(|it| Self::of(shell.clone(), "/p/322041", &round.title, it)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<DrawPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
