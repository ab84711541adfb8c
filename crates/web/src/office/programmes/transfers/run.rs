//! One list of transfers: its lines with the accounts they pay, who drew it up and released it, its file, and its end. Each look is on the
//! record. Leaves drawing it up to `list`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::{HandleApplications, ReleasePayments, ViewPayments};
use tsunagari_acts::ActError;
use tsunagari_acts::end_transfers::{CallsOff, call_off_transfers, carry_out_transfers};
use tsunagari_acts::open_transfers::{OpenedTransfers, open_transfers};
use tsunagari_acts::release_transfers::{release_transfers, take_transfer_file};
use tsunagari_benefits::payment::reference;
use tsunagari_benefits::transfer_run::State;
use tsunagari_i18n::Texts;
use tsunagari_kernel::UserId;
use tsunagari_storage::payment::PaymentLine;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::transfer_run::TransferLine;

use super::super::payments::{holder_chip, payment_href, state_chip as payment_chip};
use super::super::words::application_href;
use super::super::{News, crumbs, framed};
use super::{HERE, run_href, state_chip};
use crate::account_form;
use crate::office::desk::Desk;
use crate::office::export::file_name;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, ConfirmForm, Crumbs, Facts, Link};
use crate::shell::{AppError, Shell, page};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let release = Needs::Permission(Code::ReleasePayments);
    routes
        .get("/office/programmes/transfers/{run}", Needs::Permission(Code::ViewPayments), show)
        .post("/office/programmes/transfers/{run}/release", release, let_go)
        .get("/office/programmes/transfers/{run}/file", release, file)
        .post("/office/programmes/transfers/{run}/stop", release, stop)
        .post("/office/programmes/transfers/{run}/call-off", Needs::Permission(Code::HandleApplications), call_off)
        .post("/office/programmes/transfers/{run}/carry-out", Needs::Permission(Code::HandleApplications), carry_out)
}

struct Line {
    reference: String,
    payment: Link,
    application: Link,
    account: String,
    holder: String,
    check: Option<Chip>,
    yen: String,
    state: Chip,
}

#[derive(Template)]
#[template(path = "office/programmes/transfers/run.html")]
struct RunPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    state: Chip,
    said: String,
    facts: Facts,
    payer: Facts,
    /// What comes next, the first of which stands out.
    steps: Vec<ConfirmForm>,
    file: Option<Link>,
    lines: Vec<Line>,
    /// Lines that are gone because somebody was erased.
    missing: String,
}

/// What its reader may do.
#[derive(Clone, Copy)]
struct May {
    handle: bool,
    release: bool,
    /// It is their own list.
    own: bool,
    /// Its day has come.
    due: bool,
}

fn line(t: Texts, (line, it): &(TransferLine, PaymentLine), handle: bool) -> Line {
    let account = &line.account;
    let name = if it.name.is_empty() { t.get("application-erased") } else { it.name.clone() };
    Line {
        reference: format!("{:010}", reference(line.payment, line.sending)),
        payment: Link::to(if handle { payment_href(line.payment) } else { String::new() }, name),
        application: Link::to(application_href(it.payment.application), it.receipt.clone()),
        account: account_form::in_full(t, account),
        holder: account.holder.to_string(),
        check: it.holder.map(|it| holder_chip(t, it)),
        yen: t.yen(line.yen.0),
        state: payment_chip(t, it.payment.payment.state().code()),
    }
}

fn steps(shell: &Shell, state: State, no: u32, may: May) -> Vec<ConfirmForm> {
    let t = shell.t;
    let form = |to: &str, look| {
        let form = ConfirmForm::of(shell, format!("{}/{to}", run_href(no)), t.get(format!("run-do-{to}")));
        form.look(look).ask(t.get(format!("run-do-{to}.ask")))
    };
    let mut all = Vec::new();
    match state {
        State::Proposed => {
            if may.release && !may.own {
                all.push(form("release", "solid"));
            }
            if may.handle {
                all.push(form("call-off", "text"));
            } else if may.release {
                all.push(form("stop", "text"));
            }
        }
        State::Released => {
            if may.handle && may.due {
                all.push(form("carry-out", "solid"));
            }
            if may.release {
                all.push(form("stop", "text"));
            }
        }
        State::CarriedOut | State::CalledOff => {}
    }
    all
}

fn facts(t: Texts, opened: &OpenedTransfers, staff: &[Staff]) -> Facts {
    let it = &opened.run;
    let named = |id: UserId| staff.iter().find(|it| it.id == id).map(|it| it.name.clone()).unwrap_or_default();
    let by = |(id, at)| t.two("run-by", "name", named(id), "at", t.date_time(at));
    let mut facts = Facts::default()
        .row(t.get("transfers-pay-on"), t.date(it.pay_on))
        .row(t.get("transfers-lines"), t.number(i64::from(it.lines)))
        .row(t.get("payment-yen"), t.yen(it.yen.0))
        .row(t.get("run-proposed"), by(it.proposed));
    if let Some(released) = it.released {
        facts = facts.row(t.get("run-released"), by(released));
    }
    if let Some(at) = it.ended {
        facts = facts.row(t.get("run-ended"), t.date_time(at));
    }
    facts.row(t.get("run-digest"), it.digest.clone())
}

impl RunPage {
    fn of(shell: Shell, opened: &OpenedTransfers, staff: &[Staff], may: May) -> Self {
        let t = shell.t;
        let it = &opened.run;
        let payer = &it.payer.requester;
        let account = tsunagari_benefits::Account {
            bank: payer.bank.clone(),
            branch: payer.branch.clone(),
            kind: payer.kind,
            number: payer.number.clone(),
            holder: payer.name.clone(),
        };
        let key = match it.state {
            State::Proposed if may.own => "run-said-own",
            State::Proposed => "run-said-proposed",
            State::Released => "run-said-released",
            State::CarriedOut => "run-said-carried-out",
            State::CalledOff => "run-said-called-off",
        };
        let gone = usize::try_from(it.lines).unwrap_or(usize::MAX).saturating_sub(opened.lines.len());
        let has_file = may.release && matches!(it.state, State::Released | State::CarriedOut);
        Self {
            crumbs: crumbs(t, vec![Link::to(HERE, t.get("transfers-title"))]),
            title: t.one("transfers-run", "no", i64::from(it.no)),
            state: state_chip(t, it.state),
            said: t.get(key),
            facts: facts(t, opened, staff),
            payer: super::super::payments::account_facts(t, &account).row(t.get("payer-code"), payer.code.clone()),
            steps: steps(&shell, it.state, it.no, may),
            file: has_file.then(|| Link::to(format!("{}/file", run_href(it.no)), t.get("run-file"))),
            lines: opened.lines.iter().map(|it| line(t, it, may.handle)).collect(),
            missing: if gone > 0 { t.count("run-missing", gone) } else { String::new() },
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let no = number(&no)?;
    let by = desk.grant::<ViewPayments>()?;
    let opened = open_transfers(&desk.house, &by, no).await.map_err(|error| desk.problem(error))?;
    let staff = desk.here().read().await.map_err(unreadable)?.staff().await.map_err(unreadable)?;
    let may = May {
        handle: desk.may(Code::HandleApplications),
        release: desk.may(Code::ReleasePayments),
        own: opened.run.proposed.0 == by.user(),
        due: opened.run.pay_on <= desk.house.clock.today(),
    };
    Ok(page(&RunPage::of(framed(&desk, &news.done), &opened, &staff, may)))
}

fn number(no: &str) -> Result<u32, AppError> {
    no.parse().map_err(|_| AppError::NotFound)
}

fn after(desk: &Desk, no: u32, done: Result<(), ActError>, news: &str) -> Result<Response, AppError> {
    done.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?done={news}", run_href(no))).into_response())
}

async fn let_go(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let (no, by) = (number(&no)?, desk.grant::<ReleasePayments>()?);
    after(&desk, no, release_transfers(&desk.house, &by, no).await, "transfers-released")
}

async fn stop(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let (no, by) = (number(&no)?, desk.grant::<ReleasePayments>()?);
    after(&desk, no, call_off_transfers(&desk.house, &CallsOff::Releaser(&by), no).await, "transfers-called-off")
}

async fn call_off(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let (no, by) = (number(&no)?, desk.grant::<HandleApplications>()?);
    after(&desk, no, call_off_transfers(&desk.house, &CallsOff::Office(&by), no).await, "transfers-called-off")
}

async fn carry_out(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let (no, by) = (number(&no)?, desk.grant::<HandleApplications>()?);
    let done = carry_out_transfers(&desk.house, &by, no).await.map(drop);
    after(&desk, no, done, "transfers-carried-out")
}

async fn file(Extension(desk): Extension<Desk>, Path(no): Path<String>) -> Result<Response, AppError> {
    let (no, by) = (number(&no)?, desk.grant::<ReleasePayments>()?);
    let pay_on = desk.here().read().await.map_err(unreadable)?.transfer_run(no).await.map_err(unreadable)?.pay_on;
    let bytes = take_transfer_file(&desk.house, &by, no).await.map_err(|error| desk.problem(error))?;
    let name = file_name(&desk.org, &format!("transfers-{no}"), pay_on, "txt");
    let disposition = format!("attachment; filename=\"{name}\"");
    let media = "text/plain; charset=shift_jis".to_owned();
    Ok(([(CONTENT_TYPE, media), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Sample;

    impl Sample for RunPage {
        fn samples(shell: Shell) -> Vec<Self> {
            let face = |(n, state): (u32, State)| {
                let known = super::super::super::payments::sample_lines().swap_remove(0);
                let line = TransferLine {
                    no: 1,
                    payment: 1,
                    sending: 1,
                    yen: tsunagari_kernel::Yen(12_000),
                    person: tsunagari_kernel::PersonId(uuid::Uuid::nil()),
                    account: super::super::super::payments::sample_account()?,
                };
                let run = super::super::sample_run(n, state)?;
                let opened = OpenedTransfers { run, lines: vec![(line, known)] };
                let may = May { handle: n != 2, release: true, own: n == 5, due: true };
                Some(Self::of(shell.clone(), &opened, &[], may))
            };
            let states = State::ALL.into_iter().chain([State::Proposed]);
            (1..).zip(states).filter_map(face).collect()
        }
    }

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<RunPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
