//! A LINE channel is connected: first the provider it stands under (`name_provider`), then the channel itself, which is
//! stored only when LINE accepts its number and secret. A channel can never move to another provider, and user ids are
//! the provider's; so a vendor's provider is refused unless the office says in so many words that it knows.
//! Leaves the webhook to `set_webhook`, plan and stopping to `keep_line_channel`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::Secret;
use tsunagari_channels::line::{BotInfo, Fault, HostSet, LineError};
use tsunagari_kernel::{ChannelId, MandateId, ProviderId};
use tsunagari_storage::line_channel::{ChannelKind, ChannelState, LineChannel, LinePlan, Provider, ProviderOwner};

use crate::line_gateway::{GatewayError, OpenLine, line_reason};
use crate::{ActError, House, Reason};

/// What the office said about a vendor's provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VendorRisk {
    /// Nothing yet: it is refused with the warning.
    NotAccepted,
    /// It knows that the registry is lost when the contract ends.
    Accepted,
}

/// What the form of the first step brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderGiven {
    /// As LINE's console names it.
    pub name: String,
    /// The owner's code.
    pub owner: String,
    /// The owner's name.
    pub owner_name: String,
    /// What was said about a vendor's.
    pub vendor_risk: VendorRisk,
}

/// Records a provider.
///
/// # Errors
/// Reasons at the fields; `line_vendor_provider`.
pub async fn name_provider(
    house: &House,
    by: &Granted<ManageChannels>,
    given: &ProviderGiven,
) -> Result<ProviderId, ActError> {
    let mut wrong = Vec::new();
    for (field, text) in [("name", &given.name), ("owner_name", &given.owner_name)] {
        match text.trim().chars().count() {
            0 => wrong.push(Reason::at(field, "field_empty")),
            1..=100 => {}
            _ => wrong.push(Reason::at(field, "field_too_long").with("most", 100)),
        }
    }
    let owner: Option<ProviderOwner> = given.owner.parse().ok();
    match owner {
        None => wrong.push(Reason::at("owner", "choose_one")),
        Some(ProviderOwner::Vendor) if given.vendor_risk == VendorRisk::NotAccepted => {
            wrong.push(Reason::at("owner", "line_vendor_provider"));
        }
        Some(ProviderOwner::Vendor | ProviderOwner::Own | ProviderOwner::OtherBody) => {}
    }
    let (true, Some(owner)) = (wrong.is_empty(), owner) else { return Err(ActError::Refused(wrong)) };
    let now = house.real_clock.now();
    let id = ProviderId::born(&house.chance, now);
    let provider =
        Provider { id, name: given.name.trim().to_owned(), owner, owner_name: given.owner_name.trim().to_owned() };
    let act = match owner {
        ProviderOwner::Vendor => Act::named("accept_vendor_provider", by.actor(), house.operation()),
        ProviderOwner::Own | ProviderOwner::OtherBody => Act::named("name_provider", by.actor(), house.operation()),
    };
    let mut tx = house.org(by.org()).write().await?;
    tx.add_line_provider(&provider, now).await?;
    tx.commit(&act.on("provider", id)).await?;
    Ok(id)
}

/// What the form of the second step brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelGiven {
    /// The provider.
    pub provider: ProviderId,
    /// The mandate, when the provider is another body's.
    pub mandate: Option<MandateId>,
    /// The kind's code.
    pub kind: String,
    /// LINE's channel id.
    pub number: String,
    /// LINE's channel secret.
    pub secret: String,
    /// A name of our own, for a login channel; a messaging channel's name comes from LINE.
    pub name: String,
    /// The plan's code.
    pub plan: String,
    /// Hosts; empty ones mean LINE's own, or the demonstration's simulator.
    pub bases: [String; 3],
}

/// Connects the channel after LINE has accepted it.
///
/// # Errors
/// Reasons at the fields, LINE's refusals among them.
pub async fn connect_line_channel(
    house: &House,
    by: &Granted<ManageChannels>,
    given: &ChannelGiven,
) -> Result<ChannelId, ActError> {
    let channel = drafted(house, by, given).await?;
    let secret = given.secret.trim().to_owned();
    let open = house.line.prove(channel, Secret::of(secret.clone())).await.map_err(at_field)?;
    let channel = introduced(open).await?;
    let now = house.real_clock.now();
    let mut tx = house.org(by.org()).write().await?;
    tx.add_line_channel(&channel, &secret, now).await?;
    tx.commit(&Act::named("connect_line_channel", by.actor(), house.operation()).on("channel", channel.id)).await?;
    Ok(channel.id)
}

/// Asks LINE who the bot is; a login channel has none.
async fn introduced(open: OpenLine) -> Result<LineChannel, ActError> {
    let OpenLine { api, token, mut channel, .. } = open;
    match channel.kind {
        ChannelKind::Login => {}
        ChannelKind::Messaging => {
            let told = api.bot_info(&token).await.map_err(|error| at_field(error.into()))?;
            let BotInfo { user_id, basic_id, display_name, .. } = told.value;
            channel.basic_id = Some(basic_id).filter(|id| !id.is_empty());
            channel.bot_user_id = Some(user_id).filter(|id| !id.is_empty());
            if !display_name.is_empty() {
                channel.name = display_name;
            }
        }
    }
    Ok(channel)
}

/// LINE refuses number and secret together; the secret is what people mistype or what was issued anew.
fn at_field(error: GatewayError) -> ActError {
    match &error {
        GatewayError::Line(LineError { fault: Fault::Rejected { .. } | Fault::Unauthorised, .. }) => {
            ActError::refused_at("secret", "line_secret_refused")
        }
        GatewayError::Line(other) => ActError::refused_at("number", line_reason(&other.fault)),
        GatewayError::Host(_) | GatewayError::NotAllowed(_) => ActError::refused_at("api_base", error.code()),
        GatewayError::Stopped | GatewayError::Storage(_) => error.into(),
    }
}

async fn drafted(house: &House, by: &Granted<ManageChannels>, given: &ChannelGiven) -> Result<LineChannel, ActError> {
    let mut wrong = faults(house, given);
    let mut reader = house.org(by.org()).read().await?;
    let provider =
        reader.line_providers().await?.into_iter().find(|it| it.id == given.provider).ok_or(ActError::NotFound)?;
    let today = house.now().jst_date();
    match provider.owner {
        ProviderOwner::Own => {}
        ProviderOwner::OtherBody | ProviderOwner::Vendor => {
            let mandates = reader.mandates().await?;
            let named = mandates.iter().find(|it| Some(it.id) == given.mandate);
            match (provider.owner, named) {
                (_, Some(mandate)) if !mandate.holds_on(today) => {
                    wrong.push(Reason::at("mandate", "mandate_not_in_force"))
                }
                (ProviderOwner::OtherBody, None) => wrong.push(Reason::at("mandate", "mandate_needed")),
                (ProviderOwner::Own | ProviderOwner::OtherBody | ProviderOwner::Vendor, _) => {}
            }
        }
    }
    let number = given.number.trim();
    if reader.line_channels().await?.iter().any(|it| it.number == number) {
        wrong.push(Reason::at("number", "line_channel_known"));
    }
    let kind = given.kind.parse::<ChannelKind>();
    let plan = given.plan.parse::<LinePlan>();
    let (true, Ok(kind), Ok(plan)) = (wrong.is_empty(), kind, plan) else { return Err(ActError::Refused(wrong)) };
    let now = house.real_clock.now();
    let [api_base, data_base, access_base] = bases(house, &given.bases);
    Ok(LineChannel {
        id: ChannelId::born(&house.chance, now),
        provider: given.provider,
        kind,
        number: number.to_owned(),
        name: if given.name.trim().is_empty() { provider.name } else { given.name.trim().to_owned() },
        basic_id: None,
        bot_user_id: None,
        mandate: given.mandate,
        hook: URL_SAFE_NO_PAD.encode(house.chance.bytes::<24>()),
        api_base,
        data_base,
        access_base,
        plan,
        plan_ceiling: 0,
        state: ChannelState::Working,
        stopped_reason: None,
        stopped_at: None,
        rich_menu_id: None,
    })
}

/// Empty hosts are the usual ones; a slash at the end is dropped.
fn bases(house: &House, given: &[String; 3]) -> [String; 3] {
    let mut bases = house.outside.hosts.line_defaults();
    for (base, text) in bases.iter_mut().zip(given) {
        let text = text.trim().trim_end_matches('/');
        if !text.is_empty() {
            text.clone_into(base);
        }
    }
    bases
}

fn faults(house: &House, given: &ChannelGiven) -> Vec<Reason> {
    let mut wrong = Vec::new();
    let number = given.number.trim();
    if number.is_empty() {
        wrong.push(Reason::at("number", "field_empty"));
    } else if !(5..=20).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
        wrong.push(Reason::at("number", "line_number_unfit"));
    }
    let secret = given.secret.trim();
    if secret.is_empty() {
        wrong.push(Reason::at("secret", "field_empty"));
    } else if secret.len() != 32 || !secret.bytes().all(|b| b.is_ascii_hexdigit()) {
        wrong.push(Reason::at("secret", "line_secret_unfit"));
    }
    if given.kind.parse::<ChannelKind>().is_err() {
        wrong.push(Reason::at("kind", "choose_one"));
    }
    if given.plan.parse::<LinePlan>().is_err() {
        wrong.push(Reason::at("plan", "choose_one"));
    }
    let all = bases(house, &given.bases);
    for (field, base) in ["api_base", "data_base", "access_base"].into_iter().zip(&all) {
        let base = base.as_str();
        if HostSet::at_one_root(base).is_err() {
            wrong.push(Reason::at(field, "line_host"));
        }
    }
    let [api, data, access] = &all;
    if let Err(why) = house.outside.hosts.line([api, data, access])
        && wrong.iter().all(|it| it.field != Some("api_base"))
    {
        wrong.push(Reason { field: Some("api_base"), ..Reason::of(GatewayError::from(why).code()) });
    }
    wrong
}
