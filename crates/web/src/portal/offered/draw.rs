//! The proof of a draw, for everybody: what was told before anybody could know who takes part, the list that was frozen with its hash, the
//! key, and the order that follows from them, by receipt number. The list can be taken along and the draw computed again elsewhere.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tsunagari_kernel::RoundId;
use tsunagari_programmes::Stage;
use tsunagari_programmes::round_draw::RoundDraw;

use crate::draw_proof::{command, facts, order};
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
    if round.stage == Stage::Draft {
        return Err(AppError::NotFound);
    }
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
        let (round, now) = super::round::sample();
        let all = crate::draw_proof::samples(round.id, now);
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
