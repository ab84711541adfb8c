//! One payment: how much, where it stands, and the account it goes to, which the staff may enter for its applicant as long as it stands in
//! no list. Each look is on the record. Leaves moving it to the list.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_payment_account::{accept_account_holder, keep_payment_account};
use tsunagari_acts::move_payment::change_amount;
use tsunagari_acts::open_payment_account::open_payment_account;
use tsunagari_benefits::Account;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Yen;
use tsunagari_storage::parcel_paper::SaidBy;
use tsunagari_storage::payment::KeptPayment;
use tsunagari_storage::payment_account::{HolderCheck, PaymentAccount};

use super::super::parameter_form::{Typed, first, typed};
use super::super::words::application_href;
use super::super::{crumbs, framed};
use super::{Paying, holder_chip, state_chip};
use crate::account_form::{self, AccountFields, Names};
use crate::office::desk::Desk;
use crate::office::settings::{Wrong, number, settle};
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, ConfirmForm, Crumbs, ErrorSummary, Facts, Field, FieldKind, Link};
use crate::shell::{AppError, Shell, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let needs = Needs::Both(Code::HandleApplications, Code::ViewPeople);
    routes
        .get("/office/programmes/payments/{payment}", needs, show)
        .post("/office/programmes/payments/{payment}", needs, keep)
        .post("/office/programmes/payments/{payment}/amount", needs, amount)
        .post("/office/programmes/payments/{payment}/holder", needs, accept)
}

/// Where a payment lies.
pub(in crate::office::programmes) fn payment_href(no: u32) -> String {
    format!("/office/programmes/payments/{no}")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    done: String,
    names: String,
}

#[derive(Template)]
#[template(path = "office/programmes/payments/payment.html")]
struct PaymentPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    state: Chip,
    errors: ErrorSummary,
    facts: Facts,
    application: Link,
    account: Option<Facts>,
    holder: Option<Chip>,
    accept: Option<ConfirmForm>,
    /// The amount, while it can be put right.
    amount: Option<Field>,
    seen: i64,
    /// The form of the account, while it can be told, with the other way of naming it.
    form: Option<AccountFields>,
    names: &'static str,
    other: Link,
    action: String,
}

struct Known {
    paying: Paying,
    payment: KeptPayment,
    receipt: String,
    name: String,
    account: Option<PaymentAccount>,
}

async fn read(desk: &Desk, no: &str) -> Result<Known, AppError> {
    let no: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleApplications>()?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let payment = reader.payment(no).await.map_err(unreadable)?;
    let paying = Paying::read(desk, &mut reader, &payment.round.to_string()).await?;
    let application = reader.application(payment.application).await.map_err(unreadable)?;
    let name = match application.applicant {
        Some(person) => reader.person(person).await.map_err(unreadable)?.name(),
        None => desk.t.get("application-erased"),
    };
    drop(reader);
    let account = open_payment_account(&desk.house, &by, no).await.map_err(|error| desk.problem(error))?;
    Ok(Known { paying, payment, receipt: application.receipt, name, account })
}

/// An account as the staff reads it.
pub(in crate::office::programmes) fn account_facts(t: Texts, it: &Account) -> Facts {
    Facts::default()
        .row(t.get("account-bank"), it.bank.to_string())
        .row(t.get("account-branch"), it.branch.to_string())
        .row(t.get("account-kind"), t.get(format!("account-kind-{}", account_form::kind_code(it.kind))))
        .row(t.get("account-number"), it.number.to_string())
        .row(t.get("account-holder"), it.holder.to_string())
}

fn told(t: Texts, it: &PaymentAccount) -> Facts {
    let key = match (it.doubted, it.said_by) {
        (true, _) => "payment-account-doubted-at",
        (false, SaidBy::Applicant) => "parcel-said-by-applicant",
        (false, SaidBy::Staff) => "parcel-said-by-staff",
    };
    account_facts(t, &it.account).row(t.get("payment-told"), t.one(key, "at", t.date_time(it.told_at)))
}

impl PaymentPage {
    fn of(shell: Shell, known: &Known, names: Option<Names>, (typed, wrong): (&Typed, &Wrong)) -> Self {
        let t = shell.t;
        let it = &known.payment;
        let account = known.account.as_ref();
        let names = names.unwrap_or(if account.is_some() { Names::Bank } else { Names::Yucho });
        let value = |field: &str| match (typed.get(field).and_then(|all| all.first()), account) {
            (Some(typed), _) => typed.clone(),
            (None, Some(known)) if names == Names::Bank => account_form::shown(&known.account, field),
            (None, _) => String::new(),
        };
        let takes = it.payment.takes_account();
        let differs = account.is_some_and(|it| it.holder == HolderCheck::Differs && !it.doubted);
        let accept = ConfirmForm::of(&shell, format!("{}/holder", payment_href(it.no)), t.get("payment-holder-accept"));
        let other = if names == Names::Bank { Names::Yucho } else { Names::Bank };
        let to_other = format!("{}?names={}", payment_href(it.no), other.code());
        let yen = it.payment.yen();
        let field = Field::of(FieldKind::Number, t, "yen", t.get("payment-yen"));
        let typed_yen = Some(first(typed, "yen")).filter(|it| !it.is_empty()).map(str::to_owned);
        Self {
            crumbs: crumbs(t, known.paying.links(t, true)),
            title: t.two("payment-title", "name", known.name.clone(), "yen", t.yen(yen.0)),
            state: state_chip(t, it.payment.state().code()),
            errors: wrong.summary(t),
            facts: Facts::default()
                .row(t.get("payment-what"), known.paying.name(it.benefit))
                .row(t.get("payment-yen"), t.yen(yen.0))
                .row(t.get("payment-decided-at"), t.date_time(it.made_at))
                .row(t.get("payment-changed"), t.date_time(it.changed_at))
                .row(t.get("payment-sending"), t.number(i64::from(it.payment.sending()))),
            application: Link::to(application_href(it.application), known.receipt.clone()),
            account: account.map(|it| told(t, it)),
            holder: account.map(|it| holder_chip(t, it.holder)),
            accept: differs.then(|| accept.ask(t.get("payment-holder-accept.ask"))),
            amount: it
                .payment
                .list()
                .is_ok()
                .then(|| field.value(typed_yen.unwrap_or_else(|| yen.0.to_string())).error(wrong.at("yen")).required()),
            seen: yen.0,
            form: takes.then(|| AccountFields::of(t, names, value, |field| wrong.at(field))),
            names: names.code(),
            other: Link::to(to_other, t.get(format!("account-names-{}", other.code()))),
            action: payment_href(it.no),
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let known = read(&desk, &no).await?;
    let shell = framed(&desk, &asked.done);
    let nothing = (&Typed::new(), &Wrong::default());
    Ok(page_with_status(StatusCode::OK, &PaymentPage::of(shell, &known, Names::parse(&asked.names), nothing)))
}

async fn refused(
    desk: &Desk,
    no: &str,
    names: Option<Names>,
    (typed, wrong): (&Typed, &Wrong),
) -> Result<Response, AppError> {
    let known = read(desk, no).await?;
    let shown = PaymentPage::of(desk.shell(), &known, names, (typed, wrong));
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

fn back(no: u32, done: &str) -> Response {
    Redirect::to(&format!("{}?done={done}", payment_href(no))).into_response()
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let number: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let typed = typed(pairs);
    let names = Names::parse(first(&typed, "names")).ok_or(AppError::Bad(Vec::new()))?;
    let said = account_form::said(names, |field| first(&typed, field).to_owned());
    match keep_payment_account(&desk.house, &by, number, &said).await {
        Ok(()) => Ok(back(number, "account-kept")),
        Err(ActError::Refused(reasons)) => {
            refused(&desk, &no, Some(names), (&typed, &Wrong(sentences(desk.t, &reasons)))).await
        }
        Err(other) => Err(desk.problem(other)),
    }
}

async fn amount(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let payment: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let typed = typed(pairs);
    let seen = Yen(first(&typed, "seen").parse().unwrap_or_default());
    let mut wrong = Wrong::default();
    match number(first(&typed, "yen")) {
        None => wrong.unread(desk.t, "yen", "refused-payment-amount"),
        Some(yen) => match settle(&desk, change_amount(&desk.house, &by, payment, (seen, Yen(yen))).await)? {
            Ok(()) => return Ok(back(payment, "amount-kept")),
            Err(found) => wrong = Wrong(found.0.into_iter().map(|(_, sentence)| ("yen".into(), sentence)).collect()),
        },
    }
    refused(&desk, &no, None, (&typed, &wrong)).await
}

async fn accept(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let no: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    accept_account_holder(&desk.house, &by, no).await.map_err(|error| desk.problem(error))?;
    Ok(back(no, "holder-accepted"))
}

/// An invented account.
#[cfg(test)]
pub(in crate::office::programmes) fn sample_account() -> Option<Account> {
    let said = tsunagari_benefits::SaidAccount::Yucho {
        symbol: "10530".into(),
        number: "12345671".into(),
        holder: "カクウ ユイ".into(),
    };
    said.account().ok()
}

#[cfg(test)]
impl crate::shell::Sample for PaymentPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_kernel::{PersonId, Timestamp};
        let face = |line: tsunagari_storage::payment::PaymentLine| {
            let no = line.payment.no;
            let account = PaymentAccount {
                payment: no,
                person: PersonId(uuid::Uuid::nil()),
                account: sample_account()?,
                said_by: if no.is_multiple_of(2) { SaidBy::Staff } else { SaidBy::Applicant },
                holder: HolderCheck::ALL[no as usize % 3],
                told_at: Timestamp::from_micros(0),
                doubted: no == 4,
            };
            let known = Known {
                paying: super::sample()?,
                payment: line.payment,
                receipt: line.receipt,
                name: line.name,
                account: (no > 1).then_some(account),
            };
            let wrong = Wrong(vec![("holder".into(), "✕".into()), ("yen".into(), "✕".into())]);
            Some(Self::of(shell.clone(), &known, None, (&Typed::new(), &wrong)))
        };
        super::sample_lines().into_iter().filter_map(face).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<PaymentPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
