//! Several applications of a round at once: each is decided or recorded by itself, and what could not be done is told with its
//! reason and how often. Leaves what can be done to `decision`.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ApplicationId, RoundId};

use super::decision::Move;
use super::parameter_form::{first, typed};
use super::words::round_href;
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Flash, Tone};

/// The most at once: a page of the list.
const MOST: usize = 50;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/office/programmes/rounds/{round}/moves", Needs::Permission(Code::HandleApplications), take)
}

async fn take(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let round: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleApplications>()?;
    desk.here().read().await.map_err(unreadable)?.round(round).await.map_err(unreadable)?;
    let typed = typed(pairs);
    let view: String = first(&typed, "view").chars().filter(|sign| sign.is_ascii_lowercase() || *sign == '-').collect();
    let back = format!("{}?view={view}", round_href(round));
    let Some(what) = Move::parse(first(&typed, "do")) else { return Err(AppError::Bad(Vec::new())) };
    let ids = typed.get("application").into_iter().flatten().take(MOST);
    let ids: Vec<ApplicationId> = ids.map(|id| id.parse()).collect::<Result<_, _>>().map_err(|_| AppError::NotFound)?;
    let mut done = 0;
    let mut not: BTreeMap<&'static str, usize> = BTreeMap::new();
    for id in ids {
        match one(&desk, (&by, round), id, what).await {
            Ok(()) => done += 1,
            Err(ActError::Refused(reasons)) => {
                *not.entry(reasons.first().map_or("ledger_decided", |it| it.code)).or_default() += 1;
            }
            // Somebody else was quicker with this one.
            Err(ActError::Conflict) => *not.entry("ledger_decided").or_default() += 1,
            Err(other) => return Err(desk.problem(other)),
        }
    }
    let not: Vec<String> = not.into_iter().map(|(code, n)| format!("{code}.{n}")).collect();
    Ok(Redirect::to(&format!("{back}&n={done}&not={}", not.join("~"))).into_response())
}

/// One of them, when it is an application of this round.
async fn one(
    desk: &Desk,
    (by, round): (&tsunagari_access::Granted<HandleApplications>, RoundId),
    id: ApplicationId,
    what: Move,
) -> Result<(), ActError> {
    let it = desk.here().read().await?.application(id).await?;
    if it.round != round {
        return Err(ActError::NotFound);
    }
    what.take(&desk.house, by, id).await
}

/// What became of several at once, as the address tells it.
pub(super) fn told(t: Texts, done: &str, not: &str) -> Vec<Flash> {
    let Ok(done) = done.parse::<u32>() else { return Vec::new() };
    let mut all = Vec::new();
    if done > 0 {
        all.push(Flash { tone: Tone::Success, text: t.count("application-bulk-done", done) });
    }
    for (code, n) in not.split('~').filter_map(|part| part.split_once('.')) {
        let Ok(n) = n.parse::<u32>() else { continue };
        // Only what a ledger or a full round says: the address may have been written by anybody.
        let known = code.starts_with("ledger_") || matches!(code, "round_full" | "not_by_review");
        let why = if known { t.find(format!("refused-{}", code.replace('_', "-"))) } else { None };
        if let Some(why) = why {
            all.push(Flash { tone: Tone::Warning, text: t.two("application-bulk-not", "n", n, "why", why) });
        }
    }
    if all.is_empty() {
        all.push(Flash { tone: Tone::Warning, text: t.get("application-bulk-nothing") });
    }
    all
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn what_was_done_is_told_and_nothing_invented() {
        let t = Texts::of(Locale::Ja);
        let told = |done: &str, not: &str| told(t, done, not).into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(told("", ""), Vec::<String>::new());
        assert_eq!(told("2", "ledger_decided.1~hello.3").len(), 2);
        assert_eq!(told("0", "").len(), 1);
        assert!(told("2", "ledger_decided.1").iter().all(|text| !text.contains('⟦')));
    }
}
