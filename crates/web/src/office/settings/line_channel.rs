//! One LINE channel: what is known of it, its check by live calls, webhook, plan, new secret, stopping and resuming.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_line_channel::{PlanGiven, keep_liff_id, keep_line_plan, keep_line_secret, keep_line_state};
use tsunagari_acts::line_gateway::webhook_url;
use tsunagari_acts::renew_mandate::renew_mandate;
use tsunagari_acts::set_webhook::{LineStanding, check_line, set_webhook};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ChannelId, MandateId};
use tsunagari_storage::line_channel::{ChannelKind, ChannelState, LineChannel, Mandate, ProviderOwner};
use tsunagari_storage::line_greeting::ChannelTerms;

use super::line::{mandate_chip, sample_channel, sample_mandates, state_chip};
use super::line_connect::plan_choices;
use super::line_standing::{Standing, samples_of_standing};
use super::{News, Wrong, crumbs, framed, number, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Chip, Choices, ConfirmForm, Crumbs, ErrorSummary, Facts, Field, FieldKind};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

const LIST: (&str, &str) = ("/office/settings/line", "settings-line");

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes
        .get("/office/settings/line/{channel}", needs, show)
        .post("/office/settings/line/{channel}/check", needs, check)
        .post("/office/settings/line/{channel}/webhook", needs, webhook)
        .post("/office/settings/line/{channel}/plan", needs, plan)
        .post("/office/settings/line/{channel}/mandate", needs, mandate)
        .post("/office/settings/line/{channel}/liff", needs, liff)
        .post("/office/settings/line/{channel}/secret", needs, secret)
        .post("/office/settings/line/{channel}/stop", needs, stop)
        .post("/office/settings/line/{channel}/resume", needs, resume)
}

/// Under which mandate the account is used, where it is another body's.
struct MandatePart {
    chip: Chip,
    action: String,
    choices: Choices,
    record: String,
}

#[derive(Template)]
#[template(path = "office/settings/line_channel.html")]
struct ChannelPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: String,
    state: Chip,
    stopped: Option<Banner>,
    facts: Facts,
    standing: Option<Standing>,
    check: ConfirmForm,
    webhook: Option<ConfirmForm>,
    doors: Vec<(String, String, String)>,
    plan: Option<(String, Choices, Vec<Field>)>,
    mandate: Option<MandatePart>,
    login: Option<LoginPart>,
    secret_action: String,
    secret: Field,
    turn: ConfirmForm,
}

/// What a login channel needs set at LINE, and its LIFF id.
struct LoginPart {
    todo: Vec<String>,
    facts: Facts,
    action: String,
    liff: Field,
    try_href: String,
}

/// What the page shows besides the channel.
#[derive(Default)]
struct Beside {
    origin: String,
    code: String,
    webhook: String,
    terms: ChannelTerms,
    standing: Option<LineStanding>,
    plan: Option<PlanTyped>,
    /// Whose account it is, when it is another body's, and the mandates on record.
    mandates: Option<Vec<Mandate>>,
    today: NaiveDate,
    liff: Option<String>,
    wrong: Wrong,
}

impl ChannelPage {
    fn of(shell: Shell, it: &LineChannel, beside: &Beside) -> Self {
        let (t, wrong) = (shell.t, &beside.wrong);
        let here = format!("/office/settings/line/{}", it.id);
        let act = |what: &str, key: &str| ConfirmForm::of(&shell, format!("{here}/{what}"), t.get(key));
        let messaging = it.kind == ChannelKind::Messaging;
        let typed = beside.plan.clone().unwrap_or_else(|| PlanTyped::of(it, &beside.terms));
        let mut facts = Facts::default()
            .row(t.get("settings-line-kind"), t.get(format!("settings-line-kind-{}", it.kind.code())))
            .row(t.get("settings-line-number"), it.number.clone())
            .row(t.get("settings-line-basic-id"), it.basic_id.clone().unwrap_or_default())
            .row(t.get("settings-line-hosts"), it.api_base.clone());
        if messaging {
            facts = facts.row(t.get("settings-line-webhook"), beside.webhook.clone());
        }
        let stopped = it.stopped_reason.as_ref().map(|reason| {
            let text = t.find(format!("settings-line-stopped-{}", reason.replace('_', "-")));
            Banner::of(Tone::Warning, t.get("settings-line-stopped-title"))
                .text(text.unwrap_or_else(|| t.get("settings-line-stopped-other")))
        });
        Self {
            crumbs: crumbs(t, &[LIST]),
            errors: wrong.summary(t),
            name: it.name.clone(),
            state: state_chip(t, it.state),
            stopped,
            facts,
            standing: beside.standing.as_ref().map(|it| Standing::of(t, it)),
            check: act("check", "settings-line-check"),
            webhook: messaging.then(|| act("webhook", "settings-line-set-webhook").look("solid")),
            doors: if messaging { doors(t, &here) } else { Vec::new() },
            plan: messaging
                .then(|| (format!("{here}/plan"), plan_choices(t, &typed.plan, wrong), plan_fields(t, &typed, wrong))),
            mandate: beside.mandates.as_deref().filter(|_| messaging).map(|all| mandate_part(t, it, all, beside)),
            login: (!messaging).then(|| login_part(t, &here, beside)),
            secret_action: format!("{here}/secret"),
            secret: Field::password(t, "secret", t.get("settings-line-secret"))
                .hint(t.get("settings-line-secret-new.hint"))
                .error(wrong.at("secret"))
                .autocomplete("off")
                .required(),
            turn: match it.state {
                ChannelState::Working => {
                    act("stop", "settings-line-stop").look("danger").ask(t.get("settings-line-stop.ask"))
                }
                ChannelState::Stopped => act("resume", "settings-line-resume"),
            },
            shell,
        }
    }
}

/// Where an account's greeting and menus are.
fn doors(t: Texts, here: &str) -> Vec<(String, String, String)> {
    [("greeting", "greeting-title"), ("menus", "menu-title")]
        .map(|(path, key)| (format!("{here}/{path}"), t.get(key), t.get(format!("{key}.lead"))))
        .into()
}

fn plan_fields(t: Texts, typed: &PlanTyped, wrong: &Wrong) -> Vec<Field> {
    let field = |name: &str, key: &str, value: &str| {
        Field::of(FieldKind::Number, t, name, t.get(key))
            .value(value)
            .hint(t.get(format!("{key}.hint")))
            .error(wrong.at(name))
    };
    vec![
        field("plan_fee", "line-plan-fee", &typed.plan_fee),
        field("plan_extra_price", "line-plan-extra", &typed.plan_extra_price),
        field("plan_ceiling", "settings-line-ceiling", &typed.plan_ceiling),
    ]
}

/// The mandate in use, and those that may take its place: what does not hold today cannot be chosen.
fn mandate_part(t: Texts, it: &LineChannel, all: &[Mandate], beside: &Beside) -> MandatePart {
    let holds = |mandate: &&Mandate| mandate.holds_on(beside.today);
    let mut choices =
        Choices::select(t, "mandate", t.get("settings-mandate")).option("", t.get("settings-mandate-none"));
    for one in all.iter().filter(holds) {
        choices = choices.option(one.id.to_string(), format!("{} {}", one.holder, one.document));
    }
    let used = all.iter().find(|one| Some(one.id) == it.mandate);
    MandatePart {
        chip: mandate_chip(t, used, beside.today),
        action: format!("/office/settings/line/{}/mandate", it.id),
        choices: choices
            .chosen(&it.mandate.map(|id| id.to_string()).unwrap_or_default())
            .error(beside.wrong.at("mandate")),
        record: format!("/office/settings/line/mandate/{}", it.provider),
    }
}

fn login_part(t: Texts, here: &str, beside: &Beside) -> LoginPart {
    let liff = beside.liff.clone().or_else(|| beside.terms.liff_id.clone()).unwrap_or_default();
    LoginPart {
        todo: ["callback", "linked", "published"].map(|step| t.get(format!("line-login-todo-{step}"))).into(),
        facts: Facts::default()
            .row(t.get("line-login-callback"), format!("{}/line/callback", beside.origin))
            .row(t.get("line-login-liff-endpoint"), format!("{}/p/{}", beside.origin, beside.code)),
        action: format!("{here}/liff"),
        liff: Field::text(t, "liff_id", t.get("line-liff-id"))
            .value(&liff)
            .hint(t.get("line-liff-id.hint"))
            .error(beside.wrong.at("liff_id"))
            .autocomplete("off"),
        try_href: format!("/p/{}/line-sign-in", beside.code),
    }
}

impl Sample for ChannelPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let stopped = LineChannel {
            state: ChannelState::Stopped,
            stopped_reason: Some("by_office".into()),
            kind: ChannelKind::Login,
            ..sample_channel()
        };
        let mut faces = vec![Self::of(shell.clone(), &stopped, &Beside::default())];
        faces.extend(samples_of_standing().into_iter().map(|standing| {
            let beside = Beside { standing: Some(standing), ..Beside::default() };
            Self::of(shell.clone(), &sample_channel(), &beside)
        }));
        let mandates = Some(sample_mandates());
        let used = LineChannel { mandate: Some(MandateId(uuid::Uuid::from_u128(4))), ..sample_channel() };
        faces.push(Self::of(shell, &used, &Beside { mandates, ..Beside::default() }));
        faces
    }
}

async fn channel_of(desk: &Desk, text: &str) -> Result<LineChannel, AppError> {
    let id: ChannelId = text.parse().map_err(|_| AppError::NotFound)?;
    desk.here().read().await.map_err(unreadable)?.line_channel(id).await.map_err(unreadable)
}

/// The channel of an address, if it is one that sends.
pub async fn messaging_of(desk: &Desk, text: &str) -> Result<LineChannel, AppError> {
    let it = channel_of(desk, text).await?;
    match it.kind {
        ChannelKind::Messaging => Ok(it),
        ChannelKind::Login => Err(AppError::NotFound),
    }
}

/// What the page shows besides: what is kept, with what this answer says.
async fn beside(desk: &Desk, it: &LineChannel, said: Beside) -> Result<Beside, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let terms = reader.channel_terms(it.id).await.map_err(unreadable)?;
    let providers = reader.line_providers().await.map_err(unreadable)?;
    let own = providers.iter().any(|one| one.id == it.provider && one.owner == ProviderOwner::Own);
    let mandates = if own && it.mandate.is_none() { None } else { Some(reader.mandates().await.map_err(unreadable)?) };
    drop(reader);
    Ok(Beside {
        mandates,
        today: desk.house.now().jst_date(),
        origin: desk.house.origin.clone(),
        code: desk.org.code.clone(),
        webhook: webhook_url(&desk.house, it),
        terms,
        ..said
    })
}

async fn tested(desk: &Desk, it: &LineChannel, standing: LineStanding) -> Result<Response, AppError> {
    let beside = beside(desk, it, Beside { standing: Some(standing), ..Beside::default() }).await?;
    Ok(page(&ChannelPage::of(desk.shell(), it, &beside)))
}

async fn refused(desk: &Desk, it: &LineChannel, said: Beside) -> Result<Response, AppError> {
    let beside = beside(desk, it, said).await?;
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ChannelPage::of(desk.shell(), it, &beside)))
}

/// Onward with the news, or the channel again with why not and what was typed.
async fn after(
    desk: &Desk,
    it: &LineChannel,
    done: Result<(), ActError>,
    news: &str,
    typed: Beside,
) -> Result<Response, AppError> {
    match settle(desk, done)? {
        Ok(()) => Ok(onward(&format!("/office/settings/line/{}?done={news}", it.id))),
        Err(wrong) => refused(desk, it, Beside { wrong, ..typed }).await,
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    Ok(page(&ChannelPage::of(framed(&desk, &news), &it, &beside(&desk, &it, Beside::default()).await?)))
}

async fn check(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    let by = desk.grant()?;
    let standing = check_line(&desk.house, &by, it.id).await.map_err(|error| desk.problem(error))?;
    tested(&desk, &it, standing).await
}

async fn webhook(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    let by = desk.grant()?;
    match settle(&desk, set_webhook(&desk.house, &by, it.id).await)? {
        Ok(standing) => tested(&desk, &it, standing).await,
        Err(wrong) => refused(&desk, &it, Beside { wrong, ..Beside::default() }).await,
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PlanTyped {
    plan: String,
    plan_ceiling: String,
    plan_fee: String,
    plan_extra_price: String,
}

impl PlanTyped {
    fn of(it: &LineChannel, terms: &ChannelTerms) -> Self {
        let yen = |it: Option<tsunagari_kernel::Yen>| it.map(|it| it.0.to_string()).unwrap_or_default();
        Self {
            plan: it.plan.code().to_owned(),
            plan_ceiling: it.plan_ceiling.to_string(),
            plan_fee: yen(terms.fee),
            plan_extra_price: yen(terms.extra_price),
        }
    }

    /// What is no number is outside every bound; an empty field means nothing is said.
    fn given(&self) -> PlanGiven {
        let read = |text: &str| (!text.trim().is_empty()).then(|| number(text).unwrap_or(-1));
        PlanGiven {
            plan: self.plan.clone(),
            ceiling: read(&self.plan_ceiling).unwrap_or(0),
            fee: read(&self.plan_fee),
            extra_price: read(&self.plan_extra_price),
        }
    }
}

async fn plan(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(given): Posted<PlanTyped>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    let by = desk.grant()?;
    let done = keep_line_plan(&desk.house, &by, it.id, &given.given()).await;
    after(&desk, &it, done, "saved", Beside { plan: Some(given), ..Beside::default() }).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MandateChosen {
    mandate: String,
}

async fn mandate(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(given): Posted<MandateChosen>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    let by = desk.grant()?;
    let done = renew_mandate(&desk.house, &by, it.id, given.mandate.parse().ok()).await;
    after(&desk, &it, done, "saved", Beside::default()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LiffTyped {
    liff_id: String,
}

async fn liff(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(given): Posted<LiffTyped>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    let by = desk.grant()?;
    let done = keep_liff_id(&desk.house, &by, it.id, &given.liff_id).await;
    after(&desk, &it, done, "saved", Beside { liff: Some(given.liff_id), ..Beside::default() }).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SecretTyped {
    secret: String,
}

async fn secret(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(given): Posted<SecretTyped>,
) -> Result<Response, AppError> {
    let it = channel_of(&desk, &channel).await?;
    let by = desk.grant()?;
    let done = keep_line_secret(&desk.house, &by, it.id, &given.secret).await;
    after(&desk, &it, done, "secret", Beside::default()).await
}

async fn turned(desk: &Desk, channel: &str, state: ChannelState) -> Result<Response, AppError> {
    let it = channel_of(desk, channel).await?;
    let by = desk.grant()?;
    keep_line_state(&desk.house, &by, it.id, state).await.map_err(|error| desk.problem(error))?;
    let done = match state {
        ChannelState::Working => "resumed",
        ChannelState::Stopped => "stopped",
    };
    Ok(onward(&format!("/office/settings/line/{}?done={done}", it.id)))
}

async fn stop(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    turned(&desk, &channel, ChannelState::Stopped).await
}

async fn resume(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    turned(&desk, &channel, ChannelState::Working).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<ChannelPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
