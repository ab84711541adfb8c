//! The payments of an application as its applicant sees them: how much, where each stands, and the page on which they say which account it
//! goes to. The account is shown by its last digits alone. Leaves keeping it to `keep_payment_account`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_payment_account::keep_my_payment_account;
use tsunagari_benefits::Account;
use tsunagari_i18n::Texts;
use tsunagari_kernel::ApplicationId;
use tsunagari_storage::Reader;
use tsunagari_storage::application::KeptApplication;
use tsunagari_storage::parcel_paper::SaidBy;
use tsunagari_storage::payment::KeptPayment;
use tsunagari_storage::payment_account::PaymentAccount;
use tsunagari_storage::person_key::PersonKeys;

use crate::account_form::{self, AccountFields, Names};
use crate::portal::draft::Given;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, ErrorSummary, Link};
use crate::shell::{AppError, Shell, Tone, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/applications/{application}/payments/{payment}", Needs::Resident, show).post(
        "/me/applications/{application}/payments/{payment}",
        Needs::Resident,
        keep,
    )
}

/// A payment on the page of its application.
pub(super) struct PaymentPart {
    pub(super) yen: String,
    pub(super) state: Chip,
    pub(super) said: String,
    /// Where it goes to, in short; empty where nobody said so.
    pub(super) to: String,
    /// Where they say which account, and the words of that; empty once it stands in a list.
    pub(super) href: String,
    pub(super) button: String,
    /// Nobody said yet which account, or money came back from it.
    pub(super) asks: bool,
}

/// The payments of an application, with what is known of their accounts.
pub(super) async fn of(
    reader: &mut Reader,
    it: &KeptApplication,
    keys: &PersonKeys,
) -> Result<Vec<(KeptPayment, Option<PaymentAccount>)>, AppError> {
    let mut all = Vec::new();
    for payment in reader.payments_of(it.id).await.map_err(unreadable)? {
        let account = reader.payment_account(payment.no, keys).await.map_err(unreadable)?;
        all.push((payment, account));
    }
    Ok(all)
}

/// One of them, as the page of the application shows it.
pub(super) fn part(t: Texts, (it, account): &(KeptPayment, Option<PaymentAccount>), held: bool) -> PaymentPart {
    let known = account.as_ref().is_some_and(|it| !it.doubted);
    let takes = held && it.payment.takes_account();
    let code = it.payment.state().code();
    let key = match code {
        "decided" if takes && !known => "my-payment-asks".to_owned(),
        "returned" if known => "my-payment-again".to_owned(),
        code => format!("my-payment-{}", code.replace('_', "-")),
    };
    let tone = match code {
        "paid" => Tone::Success,
        _ if takes && !known => Tone::Warning,
        _ => Tone::Info,
    };
    PaymentPart {
        yen: t.yen(it.payment.yen().0),
        state: Chip::of(tone, t.get(key.clone())),
        said: t.get(format!("{key}.text")),
        to: account.as_ref().map(|it| account_form::in_short(t, &it.account)).unwrap_or_default(),
        href: if takes { href(it.application, it.no) } else { String::new() },
        button: t.get(if known { "my-payment-change" } else { "my-payment-say" }),
        asks: takes && !known,
    }
}

fn href(application: ApplicationId, no: u32) -> String {
    format!("/me/applications/{application}/payments/{no}")
}

#[derive(Template)]
#[template(path = "portal/me/payment.html")]
struct PaymentPage {
    shell: Shell,
    errors: ErrorSummary,
    lead: String,
    /// The two ways of naming an account, while neither is chosen.
    ways: Vec<Link>,
    form: Option<AccountFields>,
    names: &'static str,
    action: String,
    back: String,
}

impl PaymentPage {
    fn choosing(shell: Shell, it: &KeptPayment) -> Self {
        let t = shell.t;
        let action = href(it.application, it.no);
        let way = |names: Names| {
            Link::to(format!("{action}?names={}", names.code()), t.get(format!("account-names-{}", names.code())))
        };
        Self {
            errors: ErrorSummary::of(t, Vec::new()),
            lead: t.one("my-payment-lead", "yen", t.yen(it.payment.yen().0)),
            ways: Names::ALL.map(way).to_vec(),
            form: None,
            names: "",
            action,
            back: format!("/me/applications/{}", it.application),
            shell,
        }
    }

    fn asking(
        shell: Shell,
        it: &KeptPayment,
        names: Names,
        typed: impl Fn(&str) -> String,
        wrong: &[(String, String)],
    ) -> Self {
        let t = shell.t;
        let at = |field: &str| wrong.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.clone());
        Self {
            errors: ErrorSummary::of(t, wrong.to_vec()),
            lead: t.get(format!("account-where-{}", names.code())),
            ways: Vec::new(),
            form: Some(AccountFields::of(t, names, typed, at)),
            names: names.code(),
            action: href(it.application, it.no),
            back: href(it.application, it.no),
            shell,
        }
    }
}

/// One's own payment, with what its form begins with.
struct Own {
    payment: KeptPayment,
    /// The account they told themselves, of this one or of the one before.
    account: Option<Account>,
    /// The reading of their name, which most accounts are under.
    kana: String,
}

impl Own {
    fn value(&self, names: Names, field: &str) -> String {
        match (&self.account, names) {
            (Some(it), Names::Bank) => account_form::shown(it, field),
            (Some(it), Names::Yucho) if field == "holder" => it.holder.to_string(),
            (None, _) if field == "holder" => self.kana.clone(),
            (Some(_) | None, _) => String::new(),
        }
    }
}

/// One's own payment; anybody else's is unknown.
async fn own(visitor: &Visitor, application: &str, no: &str) -> Result<Own, AppError> {
    let id: ApplicationId = application.parse().map_err(|_| AppError::NotFound)?;
    let no: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let (here, person) = (visitor.town.here(), visitor.resident.person());
    let keys = here.person_keys(&[person]).await.map_err(unreadable)?;
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let it = reader.application(id).await.map_err(unreadable)?;
    let payment = reader.payment(no).await.map_err(unreadable)?;
    if it.applicant != Some(person) || payment.application != id {
        return Err(AppError::NotFound);
    }
    let told = reader.payment_account(no, &keys).await.map_err(unreadable)?;
    let before = reader.last_account_of(person, &keys).await.map_err(unreadable)?;
    let theirs = told.filter(|it| it.said_by == SaidBy::Applicant).or(before);
    let kana = reader.person(person).await.map_err(unreadable)?.kana();
    Ok(Own { payment, account: theirs.map(|it| it.account), kana })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    names: String,
}

async fn show(
    Extension(visitor): Extension<Visitor>,
    Path((application, no)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let own = own(&visitor, &application, &no).await?;
    let payment = &own.payment;
    if !payment.payment.takes_account() {
        return Ok(go(&format!("/me/applications/{}", payment.application)));
    }
    let shown = match Names::parse(&asked.names) {
        None => PaymentPage::choosing(visitor.shell(), payment),
        Some(names) => PaymentPage::asking(visitor.shell(), payment, names, |field| own.value(names, field), &[]),
    };
    Ok(page_with_status(StatusCode::OK, &shown))
}

async fn keep(
    Extension(visitor): Extension<Visitor>,
    Path((application, no)): Path<(String, String)>,
    form: Given,
) -> Result<Response, AppError> {
    let payment = own(&visitor, &application, &no).await?.payment;
    let names = Names::parse(form.get("names")).ok_or(AppError::Bad(Vec::new()))?;
    let typed = |field: &str| form.get(field).to_owned();
    let said = account_form::said(names, typed);
    match keep_my_payment_account(&visitor.town.house, &visitor.resident, payment.no, &said).await {
        Ok(()) => Ok(go(&format!("/me/applications/{}?news=account", payment.application))),
        Err(ActError::Refused(reasons)) => {
            let wrong = sentences(visitor.town.t, &reasons);
            let shown = PaymentPage::asking(visitor.shell(), &payment, names, typed, &wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(visitor.town.problem(other)),
    }
}

/// Payments in every state, with and without an account.
#[cfg(test)]
pub(super) fn samples() -> Vec<(KeptPayment, Option<PaymentAccount>)> {
    use tsunagari_benefits::payment::State;
    use tsunagari_benefits::{Payment, SaidAccount};
    use tsunagari_kernel::{PersonId, RoundId, Timestamp, Yen};
    use tsunagari_programmes::BenefitNo;
    use tsunagari_storage::payment_account::HolderCheck;
    use uuid::Uuid;
    let at = Timestamp::from_micros(0);
    let said =
        SaidAccount::Yucho { symbol: "10530".into(), number: "12345671".into(), holder: "カクウ ユイ".into() };
    let one = |(no, state): (u32, State), doubted: Option<bool>| {
        let payment = KeptPayment {
            no,
            application: ApplicationId(Uuid::nil()),
            round: RoundId(Uuid::nil()),
            benefit: BenefitNo(1),
            payment: Payment::stored(state, 1, Yen(12_000)),
            given: None,
            made_at: at,
            changed_at: at,
        };
        let account = |doubted| {
            let account = said.account().ok()?;
            let (person, said_by, holder) = (PersonId(Uuid::nil()), SaidBy::Applicant, HolderCheck::Same);
            Some(PaymentAccount { payment: no, person, account, said_by, holder, told_at: at, doubted })
        };
        (payment, doubted.and_then(account))
    };
    let all = |doubted: Option<bool>| (1..).zip(State::ALL).map(move |it| (it, doubted));
    let every = all(None).chain(all(Some(false))).chain(all(Some(true)));
    every.map(|(it, doubted)| one(it, doubted)).collect()
}

#[cfg(test)]
impl crate::shell::Sample for PaymentPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = [("holder".to_owned(), "✕".to_owned())];
        let Some((payment, _)) = samples().into_iter().next() else { return Vec::new() };
        let ask = |names, wrong| Self::asking(shell.clone(), &payment, names, |_| String::new(), wrong);
        vec![Self::choosing(shell.clone(), &payment), ask(Names::Yucho, &[]), ask(Names::Bank, &wrong)]
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<PaymentPage>(crate::shell::sample::portal_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn it_asks_until_an_account_is_told_and_never_shows_a_whole_one() {
        for it in samples() {
            let shown = part(Texts::of(Locale::Ja), &it, true);
            let known = it.1.as_ref().is_some_and(|it| !it.doubted);
            assert_eq!(shown.asks, it.0.payment.takes_account() && !known);
            assert!(!shown.to.contains("1234567") && !shown.said.contains('⟦'), "{} {}", shown.to, shown.said);
            assert!(!part(Texts::of(Locale::Ja), &it, false).asks);
        }
    }
}
