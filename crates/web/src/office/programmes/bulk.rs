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
    let mut tally = Tally::default();
    for id in ids {
        tally.count(one(&desk, (&by, round), id, what).await, "ledger_decided").map_err(|error| desk.problem(error))?;
    }
    Ok(Redirect::to(&format!("{back}&{}", tally.query())).into_response())
}

/// What becomes of several at once.
#[derive(Default)]
pub(super) struct Tally {
    done: usize,
    not: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// Counts one of them; `quicker` is why it was not done where somebody else was first.
    ///
    /// # Errors
    /// What is neither done nor refused: nothing goes on then.
    pub(super) fn count(&mut self, one: Result<(), ActError>, quicker: &'static str) -> Result<(), ActError> {
        let code = match one {
            Ok(()) => {
                self.done += 1;
                return Ok(());
            }
            Err(ActError::Refused(reasons)) => reasons.first().map_or(quicker, |it| it.code),
            Err(ActError::Conflict) => quicker,
            Err(other) => return Err(other),
        };
        *self.not.entry(code).or_default() += 1;
        Ok(())
    }

    /// As the address of the list tells it.
    pub(super) fn query(&self) -> String {
        let not: Vec<String> = self.not.iter().map(|(code, n)| format!("{code}.{n}")).collect();
        format!("n={}&not={}", self.done, not.join("~"))
    }
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

/// What became of several at once, as the address tells it; `nothing` is the text where nothing was picked.
pub(super) fn told(t: Texts, done: &str, not: &str, nothing: &str) -> Vec<Flash> {
    let Ok(done) = done.parse::<u32>() else { return Vec::new() };
    let mut all = Vec::new();
    if done > 0 {
        all.push(Flash { tone: Tone::Success, text: t.count("application-bulk-done", done) });
    }
    for (code, n) in not.split('~').filter_map(|part| part.split_once('.')) {
        let Ok(n) = n.parse::<u32>() else { continue };
        // Only what such a list says: the address may have been written by anybody.
        let known = ["ledger_", "parcel_", "stock_"].iter().any(|it| code.starts_with(it))
            || matches!(code, "round_full" | "not_by_review");
        let why = if known { t.find(format!("refused-{}", code.replace('_', "-"))) } else { None };
        if let Some(why) = why {
            all.push(Flash { tone: Tone::Warning, text: t.two("application-bulk-not", "n", n, "why", why) });
        }
    }
    if all.is_empty() {
        all.push(Flash { tone: Tone::Warning, text: t.get(nothing) });
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
        let nothing = "application-bulk-nothing";
        let told =
            |done: &str, not: &str| told(t, done, not, nothing).into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(told("", ""), Vec::<String>::new());
        assert_eq!(told("2", "ledger_decided.1~hello.3").len(), 2);
        assert_eq!(told("0", "").len(), 1);
        assert!(told("2", "ledger_decided.1").iter().all(|text| !text.contains('⟦')));
    }
}
