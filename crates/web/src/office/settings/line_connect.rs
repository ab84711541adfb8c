//! The way to a connected LINE channel, a step a page: whose provider (with the mandate when it is another body's), then
//! the channel, which LINE checks before it is kept; webhook and test follow on the channel's own page.

use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::connect_line_channel::{
    ChannelGiven, ProviderGiven, VendorRisk, connect_line_channel, name_provider,
};
use tsunagari_acts::record_mandate::{HOLDER_KINDS, MandateGiven, record_mandate};
use tsunagari_kernel::ProviderId;
use tsunagari_storage::line_channel::{ChannelKind, LinePlan, Mandate, Provider, ProviderOwner};

use super::paper::{Paper, Part};
use super::{Wrong, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Choices, Field, Steps};
use crate::shell::{AppError, Shell, Tone, page, page_with_status};

const LIST: (&str, &str) = ("/office/settings/line", "settings-line");
const FIRST: &str = "/office/settings/line/connect";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes
        .get(FIRST, needs, first)
        .post(FIRST, needs, keep_first)
        .get("/office/settings/line/connect/{provider}", needs, second)
        .post("/office/settings/line/connect/{provider}", needs, keep_second)
        .get("/office/settings/line/mandate/{provider}", needs, mandate)
        .post("/office/settings/line/mandate/{provider}", needs, keep_mandate)
}

fn steps(shell: &Shell, at: usize) -> Steps {
    let labels =
        ["provider", "mandate", "channel", "webhook"].map(|step| shell.t.get(format!("settings-line-step-{step}")));
    Steps::of(shell.t, labels.to_vec(), at)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ProviderTyped {
    owner: String,
    name: String,
    owner_name: String,
    vendor: String,
}

fn first_form(shell: Shell, given: &ProviderTyped, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let owners =
        ProviderOwner::ALL.iter().fold(Choices::radio(t, "owner", t.get("settings-line-owner")), |choices, owner| {
            let key = format!("settings-line-owner-{}", owner.code().replace('_', "-"));
            choices.option_with(owner.code(), t.get(&key), t.get(format!("{key}.hint")))
        });
    let mut paper = Paper::of(shell.clone(), "settings-line-connect", &[LIST], FIRST, wrong)
        .step(steps(&shell, 0))
        .button(t.get("settings-next"))
        .part(Banner::of(Tone::Info, t.get("settings-line-why")).text(t.get("settings-line-why.text")))
        .part(owners.chosen(&given.owner).error(wrong.at("owner")).required());
    if given.owner == ProviderOwner::Vendor.code() {
        paper = paper
            .part(Banner::of(Tone::Warning, t.get("settings-line-vendor")).text(t.get("settings-line-vendor.text")))
            .part(
                Choices::checkbox(t, "vendor", t.get("settings-line-vendor-ask"))
                    .option("accepted", t.get("settings-line-vendor-yes")),
            );
    }
    paper
        .part(
            Field::text(t, "name", t.get("settings-line-provider-name"))
                .value(&given.name)
                .hint(t.get("settings-line-provider-name.hint"))
                .error(wrong.at("name"))
                .required(),
        )
        .part(
            Field::text(t, "owner_name", t.get("settings-line-owner-name"))
                .value(&given.owner_name)
                .error(wrong.at("owner_name"))
                .required(),
        )
}

async fn first(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let given =
        ProviderTyped { name: desk.org.name.clone(), owner_name: desk.org.name.clone(), ..ProviderTyped::default() };
    Ok(page(&first_form(desk.shell(), &given, &Wrong::default())))
}

async fn keep_first(
    Extension(desk): Extension<Desk>,
    Posted(given): Posted<ProviderTyped>,
) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let wanted = ProviderGiven {
        name: given.name.clone(),
        owner: given.owner.clone(),
        owner_name: given.owner_name.clone(),
        vendor_risk: if given.vendor == "accepted" { VendorRisk::Accepted } else { VendorRisk::NotAccepted },
    };
    match settle(&desk, name_provider(&desk.house, &by, &wanted).await)? {
        Ok(id) if given.owner == ProviderOwner::OtherBody.code() => {
            Ok(onward(&format!("/office/settings/line/mandate/{id}")))
        }
        Ok(id) => Ok(onward(&format!("{FIRST}/{id}"))),
        Err(wrong) => Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &first_form(desk.shell(), &given, &wrong))),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct MandateTyped {
    holder: String,
    holder_kind: String,
    document: String,
    scope: String,
    from_on: String,
    last_on: String,
}

fn mandate_form(shell: Shell, provider: &Provider, given: &MandateTyped, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let kinds =
        HOLDER_KINDS.iter().fold(Choices::select(t, "holder_kind", t.get("settings-mandate-kind")), |choices, kind| {
            choices.option(*kind, t.get(format!("settings-mandate-kind-{kind}")))
        });
    let here = format!("/office/settings/line/mandate/{}", provider.id);
    Paper::of(shell.clone(), "settings-mandate", &[LIST], here, wrong)
        .step(steps(&shell, 1))
        .button(t.get("settings-next"))
        .part(
            Field::text(t, "holder", t.get("settings-mandate-holder"))
                .value(&given.holder)
                .error(wrong.at("holder"))
                .required(),
        )
        .part(kinds.chosen(&given.holder_kind).error(wrong.at("holder_kind")).required())
        .part(
            Field::text(t, "document", t.get("settings-mandate-document"))
                .value(&given.document)
                .hint(t.get("settings-mandate-document.hint"))
                .error(wrong.at("document"))
                .required(),
        )
        .part(
            Field::area(t, "scope", t.get("settings-mandate-scope"))
                .value(&given.scope)
                .rows(3)
                .hint(t.get("settings-mandate-scope.hint"))
                .error(wrong.at("scope"))
                .required(),
        )
        .part(
            Field::date(t, "from_on", t.get("settings-mandate-from"))
                .value(&given.from_on)
                .error(wrong.at("from_on"))
                .required(),
        )
        .part(
            Field::date(t, "last_on", t.get("settings-mandate-last"))
                .value(&given.last_on)
                .hint(t.get("settings-mandate-last.hint"))
                .error(wrong.at("last_on")),
        )
}

async fn provider_of(desk: &Desk, text: &str) -> Result<(Provider, Vec<Mandate>), AppError> {
    let id: ProviderId = text.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let all = reader.line_providers().await.map_err(unreadable)?;
    let mandates = reader.mandates().await.map_err(unreadable)?;
    Ok((all.into_iter().find(|it| it.id == id).ok_or(AppError::NotFound)?, mandates))
}

async fn mandate(Extension(desk): Extension<Desk>, Path(provider): Path<String>) -> Result<Response, AppError> {
    let (provider, _) = provider_of(&desk, &provider).await?;
    let today = desk.house.now().jst_date().to_string();
    let given = MandateTyped {
        holder: provider.owner_name.clone(),
        from_on: today,
        holder_kind: "school".into(),
        ..MandateTyped::default()
    };
    Ok(page(&mandate_form(desk.shell(), &provider, &given, &Wrong::default())))
}

async fn keep_mandate(
    Extension(desk): Extension<Desk>,
    Path(provider): Path<String>,
    Posted(given): Posted<MandateTyped>,
) -> Result<Response, AppError> {
    let (provider, _) = provider_of(&desk, &provider).await?;
    let by = desk.grant()?;
    let wanted = MandateGiven {
        holder: given.holder.clone(),
        holder_kind: given.holder_kind.clone(),
        document: given.document.clone(),
        scope: given.scope.clone(),
        from_on: given.from_on.trim().parse().ok(),
        last_on: given.last_on.trim().parse().ok(),
    };
    match settle(&desk, record_mandate(&desk.house, &by, &wanted).await)? {
        Ok(_) => Ok(onward(&after_mandate(&desk, &provider).await?)),
        Err(wrong) => Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &mandate_form(desk.shell(), &provider, &given, &wrong),
        )),
    }
}

/// Where the way goes on: to the account that waits for a newer mandate, else to connecting one.
async fn after_mandate(desk: &Desk, provider: &Provider) -> Result<String, AppError> {
    let all = desk.here().read().await.map_err(unreadable)?.line_channels().await.map_err(unreadable)?;
    let known = all.into_iter().find(|it| it.provider == provider.id && it.kind == ChannelKind::Messaging);
    Ok(known.map_or_else(|| format!("{FIRST}/{}", provider.id), |it| format!("/office/settings/line/{}", it.id)))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ChannelTyped {
    kind: String,
    number: String,
    secret: String,
    name: String,
    plan: String,
    mandate: String,
    api_base: String,
    data_base: String,
    access_base: String,
}

/// The question of the plan, shared with the channel's own page.
pub fn plan_choices(t: tsunagari_i18n::Texts, chosen: &str, wrong: &Wrong) -> Choices {
    LinePlan::ALL
        .iter()
        .fold(Choices::radio(t, "plan", t.get("settings-line-plan")), |choices, plan| {
            let key = format!("settings-line-plan-{}", plan.code());
            choices.option_with(plan.code(), t.get(&key), t.get(format!("{key}.hint")))
        })
        .chosen(chosen)
        .error(wrong.at("plan"))
}

/// What the second step is asked under: whose channel, by which mandates, and the hosts that are meant where none is given.
#[derive(Clone, Copy)]
struct Under<'a> {
    provider: &'a Provider,
    mandates: &'a [Mandate],
    usual: &'a [String; 3],
}

fn second_form(shell: Shell, under: Under<'_>, given: &ChannelTyped, wrong: &Wrong) -> Paper {
    let Under { provider, mandates, usual } = under;
    let t = shell.t;
    let here = format!("{FIRST}/{}", provider.id);
    let kinds =
        ChannelKind::ALL.iter().fold(Choices::radio(t, "kind", t.get("settings-line-kind")), |choices, kind| {
            let key = format!("settings-line-kind-{}", kind.code());
            choices.option_with(kind.code(), t.get(&key), t.get(format!("{key}.hint")))
        });
    let base = |name: &str, value: &str, official: &str| {
        Field::text(t, name, t.get(format!("settings-line-{}", name.replace('_', "-"))))
            .value(value)
            .hint(t.one("settings-line-base.hint", "official", official))
            .error(wrong.at(name))
    };
    let folded = vec![
        base("api_base", &given.api_base, &usual[0]),
        base("data_base", &given.data_base, &usual[1]),
        base("access_base", &given.access_base, &usual[2]),
    ];
    let mut paper = Paper::of(shell.clone(), "settings-line-channel", &[LIST], here, wrong)
        .step(steps(&shell, 2))
        .button(t.get("settings-line-check-and-connect"))
        .part(Part::Note(t.two(
            "settings-line-owned",
            "name",
            provider.name.clone(),
            "owner",
            provider.owner_name.clone(),
        )))
        .part(kinds.chosen(&given.kind).error(wrong.at("kind")).required())
        .part(
            Field::text(t, "number", t.get("settings-line-number"))
                .value(&given.number)
                .hint(t.get("settings-line-number.hint"))
                .error(wrong.at("number"))
                .required(),
        )
        .part(
            Field::password(t, "secret", t.get("settings-line-secret"))
                .hint(t.get("settings-line-secret.hint"))
                .error(wrong.at("secret"))
                .autocomplete("off")
                .required(),
        )
        .part(
            Field::text(t, "name", t.get("settings-line-own-name"))
                .value(&given.name)
                .hint(t.get("settings-line-own-name.hint"))
                .error(wrong.at("name")),
        )
        .part(plan_choices(t, &given.plan, wrong));
    match provider.owner {
        ProviderOwner::Own => {}
        ProviderOwner::OtherBody | ProviderOwner::Vendor => {
            let none =
                Choices::select(t, "mandate", t.get("settings-mandate")).option("", t.get("settings-mandate-none"));
            let all = mandates
                .iter()
                .fold(none, |choices, it| choices.option(it.id.to_string(), format!("{} {}", it.holder, it.document)));
            paper = paper.part(all.chosen(&given.mandate).error(wrong.at("mandate")));
        }
    }
    paper.part(Part::Folded(t.get("settings-line-bases"), folded))
}

async fn second(Extension(desk): Extension<Desk>, Path(provider): Path<String>) -> Result<Response, AppError> {
    let (provider, mandates) = provider_of(&desk, &provider).await?;
    let given = ChannelTyped {
        kind: ChannelKind::Messaging.code().into(),
        plan: LinePlan::Municipal.code().into(),
        mandate: mandates.first().map(|it| it.id.to_string()).unwrap_or_default(),
        ..ChannelTyped::default()
    };
    let usual = desk.house.outside.hosts.line_defaults();
    let under = Under { provider: &provider, mandates: &mandates, usual: &usual };
    Ok(page(&second_form(desk.shell(), under, &given, &Wrong::default())))
}

async fn keep_second(
    Extension(desk): Extension<Desk>,
    Path(provider): Path<String>,
    Posted(given): Posted<ChannelTyped>,
) -> Result<Response, AppError> {
    let (provider, mandates) = provider_of(&desk, &provider).await?;
    let by = desk.grant()?;
    let wanted = ChannelGiven {
        provider: provider.id,
        mandate: match provider.owner {
            ProviderOwner::Own => None,
            ProviderOwner::OtherBody | ProviderOwner::Vendor => given.mandate.parse().ok(),
        },
        kind: given.kind.clone(),
        number: given.number.clone(),
        secret: given.secret.clone(),
        name: given.name.clone(),
        plan: given.plan.clone(),
        bases: [given.api_base.clone(), given.data_base.clone(), given.access_base.clone()],
    };
    match settle(&desk, connect_line_channel(&desk.house, &by, &wanted).await)? {
        Ok(id) => Ok(onward(&format!("/office/settings/line/{id}?done=connected"))),
        Err(wrong) => {
            let usual = desk.house.outside.hosts.line_defaults();
            let under = Under { provider: &provider, mandates: &mandates, usual: &usual };
            let form = second_form(desk.shell(), under, &given, &wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_acts::outside::OFFICIAL;

    use super::*;
    use crate::shell::sample::{faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        let found = faults_of(office_shell, |shell| {
            let none = Wrong::default();
            let provider = |owner| Provider {
                id: ProviderId(uuid::Uuid::nil()),
                name: "架空".into(),
                owner,
                owner_name: "架空市".into(),
            };
            let (another, own) = (provider(ProviderOwner::OtherBody), provider(ProviderOwner::Own));
            let usual = OFFICIAL.map(str::to_owned);
            let under = |provider| Under { provider, mandates: &[], usual: &usual };
            let vendor = ProviderTyped { owner: "vendor".into(), ..ProviderTyped::default() };
            vec![
                first_form(shell.clone(), &ProviderTyped::default(), &none),
                first_form(shell.clone(), &vendor, &none),
                mandate_form(shell.clone(), &another, &MandateTyped::default(), &none),
                second_form(shell.clone(), under(&another), &ChannelTyped::default(), &none),
                second_form(shell, under(&own), &ChannelTyped::default(), &none),
            ]
        });
        assert_eq!(found, Vec::<String>::new());
    }
}
