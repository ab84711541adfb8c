//! The payments of a round as a list by where they stand, fifty a page, and on top of it whose money is still to be decided, with what the
//! rule comes to. Leaves moving one to `move_payment`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::decide_payments::{AmountDue, amounts_due, decide_payments};
use tsunagari_acts::move_payment::{PaymentMove, move_payment};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ApplicationId, Yen};
use tsunagari_programmes::BenefitNo;
use tsunagari_storage::payment::{PaymentFilter, PaymentLine};

use super::super::parameter_form::{Typed, first, typed};
use super::super::words::application_href;
use super::super::{bulk, crumbs, framed, transfers};
use super::{Paying, account_chip, payment_href, payments_href, state_chip};
use crate::office::desk::Desk;
use crate::office::settings::{Wrong, number};
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, Crumbs, Empty, ErrorSummary, Link, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, page, page_with_status};

/// Lines of a page.
const LINES: usize = 50;

/// The views: word of the address, the states in it, and what can be done there.
const VIEWS: &[(&str, &[&str], &[PaymentMove])] = &[
    ("all", &[], &[]),
    ("decided", &["decided"], &[PaymentMove::PayByHand, PaymentMove::GiveUp]),
    ("listed", &["listed"], &[]),
    ("paid", &["paid"], &[PaymentMove::ComeBack]),
    ("came-back", &["returned"], &[PaymentMove::PayAgain, PaymentMove::GiveUp]),
    ("given-up", &["given_up"], &[PaymentMove::TakeUp]),
];

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/rounds/{round}/payments", Needs::Permission(Code::ViewProgrammes), show)
        .post("/office/programmes/rounds/{round}/payments/decide", handle, decide)
        .post("/office/programmes/rounds/{round}/payments/moves", handle, moves)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    view: String,
    after: String,
    done: String,
    n: String,
    not: String,
}

/// Somebody whose money is to be decided.
struct DueLine {
    pick: String,
    picked: bool,
    application: Link,
    name: String,
    what: String,
    most: String,
    field: String,
    yen: String,
}

struct Line {
    no: u32,
    href: String,
    name: String,
    kana: String,
    application: Link,
    what: String,
    yen: String,
    state: Chip,
    account: Chip,
    run: Option<Link>,
}

#[derive(Template)]
#[template(path = "office/programmes/payments/list.html")]
struct ListPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    errors: ErrorSummary,
    transfers: Option<Link>,
    due: Vec<DueLine>,
    due_text: String,
    decide: String,
    tabs: Tabs,
    view: String,
    sum: String,
    lines: Vec<Line>,
    several: bool,
    action: String,
    buttons: Vec<(&'static str, String)>,
    first: Option<Link>,
    next: Option<Link>,
    empty: Empty,
}

/// What is read.
struct Known {
    paying: Paying,
    due: Vec<AmountDue>,
    counts: Vec<(String, i64, Yen)>,
    lines: Vec<PaymentLine>,
    more: bool,
}

/// What its reader may do.
#[derive(Clone, Copy)]
struct May {
    handle: bool,
    names: bool,
    transfers: bool,
}

impl May {
    fn of(desk: &Desk) -> Self {
        Self {
            handle: desk.may(Code::HandleApplications),
            names: desk.may(Code::ViewPeople),
            transfers: desk.may(Code::ViewPayments),
        }
    }
}

fn view_of(view: &str) -> &'static (&'static str, &'static [&'static str], &'static [PaymentMove]) {
    const ALL: (&str, &[&str], &[PaymentMove]) = ("all", &[], &[]);
    VIEWS.iter().find(|(name, _, _)| *name == view).unwrap_or(&ALL)
}

async fn read(desk: &Desk, round: &str, asked: &Asked) -> Result<Known, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let paying = Paying::read(desk, &mut reader, round).await?;
    let id = paying.round.id;
    let counts = reader.payments_by_state(id).await.map_err(unreadable)?;
    let filter = PaymentFilter { round: Some(id), states: view_of(&asked.view).1 };
    let after = asked.after.parse().unwrap_or_default();
    let most = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let mut lines = reader.payment_lines(filter, after, most).await.map_err(unreadable)?;
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    drop(reader);
    // What somebody claims is read only where it can be decided.
    let due = match desk.grant::<HandleApplications>() {
        Ok(by) => amounts_due(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?,
        Err(_) => Vec::new(),
    };
    Ok(Known { paying, due, counts, lines, more })
}

fn pick_of(it: &AmountDue) -> String {
    format!("{}.{}", it.who.application, it.benefit.0)
}

fn due_line(t: Texts, it: &AmountDue, typed: &Typed, may: May) -> DueLine {
    let pick = pick_of(it);
    let field = format!("yen.{pick}");
    let rule = it.yen.map(|yen| yen.0.to_string()).unwrap_or_default();
    DueLine {
        picked: typed.get("pick").is_none_or(|all| all.contains(&pick)),
        application: Link::to(application_href(it.who.application), it.who.receipt.clone()),
        name: if may.names { it.who.name.clone() } else { String::new() },
        what: it.name.clone(),
        most: it.yen.map_or_else(|| t.get("payment-staff-decides"), |yen| t.yen(yen.0)),
        yen: typed.get(&field).and_then(|all| all.first()).cloned().unwrap_or(rule),
        pick,
        field,
    }
}

fn line(t: Texts, known: &Known, it: &PaymentLine, may: May) -> Line {
    let name = if it.applicant.is_none() { t.get("application-erased") } else { it.name.clone() };
    let payment = &it.payment;
    let run = it.run.filter(|_| may.transfers);
    Line {
        no: payment.no,
        href: if may.handle && may.names { payment_href(payment.no) } else { String::new() },
        name: if may.names { name } else { String::new() },
        kana: if may.names { it.kana.clone() } else { String::new() },
        application: Link::to(application_href(payment.application), it.receipt.clone()),
        what: known.paying.name(payment.benefit),
        yen: t.yen(payment.payment.yen().0),
        state: state_chip(t, payment.payment.state().code()),
        account: account_chip(t, it),
        run: run.map(|no| Link::to(transfers::run_href(no), t.one("transfers-run", "no", i64::from(no)))),
    }
}

fn tabs(t: Texts, here: &str, view: &str, counts: &[(String, i64, Yen)]) -> Tabs {
    let tab = |(name, states, _): &(&str, &[&str], &[PaymentMove])| {
        let of = |(state, _, _): &&(String, i64, Yen)| states.is_empty() || states.contains(&state.as_str());
        let n: i64 = counts.iter().filter(of).map(|(_, n, _)| n).sum();
        let item = NavItem::to(&format!("{here}?view={name}"), t.get(format!("payments-view-{name}")), "mail", "");
        NavItem { current: *name == view, count: u64::try_from(n).ok().filter(|n| *n > 0), ..item }
    };
    Tabs::of(t.get("payments-views"), VIEWS.iter().map(tab).collect())
}

impl ListPage {
    fn of(shell: Shell, known: &Known, asked: &Asked, may: May, (typed, wrong): (&Typed, &Wrong)) -> Self {
        let t = shell.t;
        let here = payments_href(known.paying.round.id);
        let (view, states, buttons) = view_of(&asked.view);
        let href = |after: &str| format!("{here}?view={view}&after={after}");
        let last = known.lines.last().filter(|_| known.more).map(|it| it.payment.no.to_string());
        let in_view = |(state, _, _): &&(String, i64, Yen)| states.is_empty() || states.contains(&state.as_str());
        let sum: i64 = known.counts.iter().filter(in_view).map(|(_, _, yen)| yen.0).sum();
        let button = |it: &PaymentMove| (it.code(), t.get(format!("payment-do-{}", it.code())));
        let one_of = |it: &PaymentLine| it.payment.benefit;
        Self {
            crumbs: crumbs(t, known.paying.links(t, false)),
            title: t.one("payments-title", "round", known.paying.round.title.clone()),
            errors: wrong.summary(t),
            transfers: may.transfers.then(|| Link::to(transfers::HERE, t.get("transfers-link"))),
            due: known.due.iter().map(|it| due_line(t, it, typed, may)).collect(),
            due_text: t.count("payments-due-text", known.due.len()),
            decide: format!("{here}/decide"),
            tabs: tabs(t, &here, view, &known.counts),
            view: (*view).to_owned(),
            sum: t.one("payments-sum", "yen", t.yen(sum)),
            lines: known.lines.iter().map(|it| line(t, known, it, may)).collect(),
            several: known.lines.iter().any(|it| known.lines.first().map(one_of) != Some(one_of(it))),
            action: format!("{here}/moves"),
            buttons: if may.handle { buttons.iter().map(button).collect() } else { Vec::new() },
            first: (!asked.after.is_empty()).then(|| Link::to(href(""), t.get("shell-pager-first"))),
            next: last.map(|after| Link::to(href(&after), t.get("shell-pager-next"))),
            empty: Empty::of("mail", t.get("payments-none"), t.get("payments-none.text")),
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let known = read(&desk, &round, &asked).await?;
    let mut shell = framed(&desk, &asked.done);
    shell.flash.extend(bulk::told(desk.t, &asked.n, &asked.not, "payments-bulk-nothing"));
    let nothing = (&Typed::new(), &Wrong::default());
    Ok(page(&ListPage::of(shell, &known, &asked, May::of(&desk), nothing)))
}

/// What was picked, with the amounts as they were typed.
fn decided(t: Texts, typed: &Typed, wrong: &mut Wrong) -> Result<Vec<(ApplicationId, BenefitNo, Yen)>, AppError> {
    let mut all = Vec::new();
    for pick in typed.get("pick").into_iter().flatten() {
        let (application, benefit) = pick.split_once('.').ok_or(AppError::NotFound)?;
        let application = application.parse().map_err(|_| AppError::NotFound)?;
        let benefit = BenefitNo(benefit.parse().map_err(|_| AppError::NotFound)?);
        let field = format!("yen.{pick}");
        match number(first(typed, &field)) {
            Some(yen) => all.push((application, benefit, Yen(yen))),
            None => wrong.unread(t, &field, "refused-payment-amount"),
        }
    }
    Ok(all)
}

async fn decide(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let id = Paying::read(&desk, &mut reader, &round).await?.round.id;
    drop(reader);
    let mut typed = typed(pairs);
    // Nobody picked is not everybody picked.
    typed.entry("pick".into()).or_default();
    let mut wrong = Wrong::default();
    let which = decided(desk.t, &typed, &mut wrong)?;
    if wrong.none() {
        match decide_payments(&desk.house, &by, id, &which).await {
            Ok(0) => return Ok(Redirect::to(&format!("{}?n=0&not=", payments_href(id))).into_response()),
            Ok(_) => {
                let to = format!("{}?view=decided&done=payments-decided", payments_href(id));
                return Ok(Redirect::to(&to).into_response());
            }
            Err(ActError::Refused(reasons)) => wrong = Wrong(sentences(desk.t, &reasons)),
            Err(other) => return Err(desk.problem(other)),
        }
    }
    let known = read(&desk, &round, &Asked::default()).await?;
    let shown = ListPage::of(desk.shell(), &known, &Asked::default(), May::of(&desk), (&typed, &wrong));
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

async fn moves(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = Paying::read(&desk, &mut reader, &round).await?.round.id;
    let typed = typed(pairs);
    let Some(what) = PaymentMove::ALL.into_iter().find(|it| it.code() == first(&typed, "do")) else {
        return Err(AppError::Bad(Vec::new()));
    };
    let mut which: Vec<u32> = Vec::new();
    for no in typed.get("payment").into_iter().flatten().take(LINES) {
        // Only those of this round: the form may have been made by anybody.
        let no = no.parse().map_err(|_| AppError::NotFound)?;
        if reader.payment(no).await.map_err(unreadable)?.round != round {
            return Err(AppError::NotFound);
        }
        which.push(no);
    }
    drop(reader);
    let mut tally = bulk::Tally::default();
    for no in which {
        let done = move_payment(&desk.house, &by, no, what).await.map(drop);
        tally.count(done, "payment_moved_already").map_err(|error| desk.problem(error))?;
    }
    let view = view_of(first(&typed, "view")).0;
    Ok(Redirect::to(&format!("{}?view={view}&{}", payments_href(round), tally.query())).into_response())
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_storage::payment::Undecided;
        let due = |yen| AmountDue {
            who: Undecided {
                application: ApplicationId(uuid::Uuid::nil()),
                receipt: "k7p2mx9a".into(),
                class: None,
                applicant: None,
                name: "架空 ゆい".into(),
            },
            benefit: BenefitNo(1),
            name: "助成金".into(),
            yen,
        };
        let face = |view: &str| {
            let paying = super::sample()?;
            let lines = if view == "given-up" { Vec::new() } else { super::sample_lines() };
            let counts = vec![("decided".to_owned(), 2, Yen(24_000))];
            let known = Known { paying, due: vec![due(Some(Yen(1_200))), due(None)], counts, lines, more: true };
            let asked = Asked { view: view.into(), after: "1".into(), ..Asked::default() };
            let may = May { handle: true, names: true, transfers: true };
            let wrong = Wrong(vec![("pick".into(), "✕".into())]);
            Some(Self::of(shell.clone(), &known, &asked, may, (&Typed::new(), &wrong)))
        };
        VIEWS.iter().filter_map(|(view, _, _)| face(view)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<ListPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn every_move_stands_in_a_view_of_payments_that_take_it() {
        use tsunagari_benefits::Payment;
        use tsunagari_benefits::payment::State;
        for (view, states, moves) in VIEWS {
            for what in *moves {
                let takes = |code: &&str| {
                    let state: State = code.parse().unwrap();
                    what.of(Payment::stored(state, 1, Yen(1))).is_ok()
                };
                assert!(states.iter().all(takes), "{view}: {what:?}");
            }
        }
    }
}
