//! What waits to be paid, what keeps the rest from it, a new list of transfers for a day, and every list so far. Leaves one list to `run`.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::propose_transfers::{propose_transfers, waiting_payments};
use tsunagari_i18n::Texts;
use tsunagari_kernel::era;
use tsunagari_storage::payment::PaymentLine;
use tsunagari_storage::transfer_run::TransferRun;

use super::super::parameter_form::{first, typed};
use super::super::payments::{account_chip, payment_href};
use super::super::{News, crumbs, framed};
use super::{HERE, run_href, state_chip};
use crate::office::desk::Desk;
use crate::office::settings::{Wrong, settle};
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Crumbs, Empty, ErrorSummary, Field, Link};
use crate::shell::{AppError, Shell, Tone, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get(HERE, Needs::Permission(Code::ViewPayments), show).post(
        HERE,
        Needs::Permission(Code::HandleApplications),
        propose,
    )
}

/// A payment that cannot stand in a list yet.
struct WaitLine {
    payment: Link,
    yen: String,
    why: Chip,
}

struct RunLine {
    run: Link,
    state: Chip,
    pay_on: String,
    lines: String,
    yen: String,
    proposed: String,
}

#[derive(Template)]
#[template(path = "office/programmes/transfers/list.html")]
struct ListPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    ready: String,
    /// The form of a new list, for those who may and where there is something to pay.
    pay_on: Option<Field>,
    /// The page on which the office says from which account it pays, while nobody has.
    payer: Option<Link>,
    payer_missing: bool,
    action: &'static str,
    waiting: Vec<WaitLine>,
    runs: Vec<RunLine>,
    empty: Empty,
}

struct Known {
    waiting: Vec<PaymentLine>,
    runs: Vec<TransferRun>,
    has_payer: bool,
}

/// What its reader may do.
#[derive(Clone, Copy)]
struct May {
    propose: bool,
    settings: bool,
}

async fn read(desk: &Desk) -> Result<Known, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let waiting = waiting_payments(&mut reader).await.map_err(|error| desk.problem(error))?;
    let runs = reader.transfer_runs().await.map_err(unreadable)?;
    let has_payer = reader.payer().await.map_err(unreadable)?.0.is_some();
    Ok(Known { waiting, runs, has_payer })
}

fn why(t: Texts, it: &PaymentLine) -> Chip {
    if it.stands == "held" { account_chip(t, it) } else { Chip::of(Tone::Warning, t.get("payment-no-place")) }
}

fn wait_line(t: Texts, it: &PaymentLine) -> WaitLine {
    let name = if it.name.is_empty() { it.receipt.clone() } else { it.name.clone() };
    WaitLine {
        payment: Link::to(payment_href(it.payment.no), name),
        yen: t.yen(it.payment.payment.yen().0),
        why: why(t, it),
    }
}

fn run_line(t: Texts, it: &TransferRun) -> RunLine {
    RunLine {
        run: Link::to(run_href(it.no), t.one("transfers-run", "no", i64::from(it.no))),
        state: state_chip(t, it.state),
        pay_on: t.date(it.pay_on),
        lines: t.number(i64::from(it.lines)),
        yen: t.yen(it.yen.0),
        proposed: t.date_time(it.proposed.1),
    }
}

impl ListPage {
    fn of(shell: Shell, known: &Known, may: May, (typed, wrong): (&str, &Wrong)) -> Self {
        let t = shell.t;
        let (ready, waiting): (Vec<_>, Vec<_>) = known.waiting.iter().partition(|it| it.is_ready());
        let sum: i64 = ready.iter().map(|it| it.payment.payment.yen().0).sum();
        let field = Field::date(t, "pay_on", t.get("transfers-pay-on")).hint(t.get("transfers-pay-on.hint"));
        let field = field.value(typed).error(wrong.at("pay_on")).required();
        let settings = Link::to("/office/settings/payer", t.get("payer-title"));
        Self {
            crumbs: crumbs(t, Vec::new()),
            errors: wrong.summary(t),
            ready: t.two("transfers-ready", "n", i64::try_from(ready.len()).unwrap_or(i64::MAX), "yen", t.yen(sum)),
            pay_on: (may.propose && known.has_payer && !ready.is_empty()).then_some(field),
            payer: may.settings.then_some(settings),
            payer_missing: !known.has_payer,
            action: HERE,
            waiting: waiting.into_iter().map(|it| wait_line(t, it)).collect(),
            runs: known.runs.iter().map(|it| run_line(t, it)).collect(),
            empty: Empty::of("mail", t.get("transfers-none"), t.get("transfers-none.text")),
            shell,
        }
    }
}

fn may(desk: &Desk) -> May {
    May { propose: desk.may(Code::HandleApplications), settings: desk.may(Code::ManageSettings) }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let known = read(&desk).await?;
    let shown = ListPage::of(framed(&desk, &news.done), &known, may(&desk), ("", &Wrong::default()));
    Ok(page_with_status(StatusCode::OK, &shown))
}

async fn propose(
    Extension(desk): Extension<Desk>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let typed = typed(pairs);
    let text = first(&typed, "pay_on").to_owned();
    let mut wrong = Wrong::default();
    match era::eras().read(&text) {
        Err(_) => wrong.unread(desk.t, "pay_on", "shipping-day-unread"),
        Ok(read) => match settle(&desk, propose_transfers(&desk.house, &by, read.day).await)? {
            Ok(no) => return Ok(Redirect::to(&format!("{}?done=transfers-proposed", run_href(no))).into_response()),
            Err(found) => wrong = found,
        },
    }
    let known = read(&desk).await?;
    let shown = ListPage::of(desk.shell(), &known, may(&desk), (&text, &wrong));
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

#[cfg(test)]
mod tests {
    use tsunagari_benefits::transfer_run::State;

    use super::*;
    use crate::shell::Sample;

    impl Sample for ListPage {
        fn samples(shell: Shell) -> Vec<Self> {
            let runs = || (1..).zip(State::ALL).filter_map(|(no, state)| super::super::sample_run(no, state)).collect();
            let may = May { propose: true, settings: true };
            let wrong = Wrong(vec![("pay_on".into(), "✕".into())]);
            let face = |known: &Known| Self::of(shell.clone(), known, may, ("", &wrong));
            let mut ready = super::super::super::payments::sample_lines().swap_remove(0);
            ready.holder = Some(tsunagari_storage::payment_account::HolderCheck::Same);
            let mut waiting = super::super::super::payments::sample_lines();
            waiting.push(ready);
            waiting[1].stands = "over".into();
            vec![
                face(&Known { waiting, runs: runs(), has_payer: true }),
                face(&Known { waiting: Vec::new(), runs: Vec::new(), has_payer: false }),
            ]
        }
    }

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<ListPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
