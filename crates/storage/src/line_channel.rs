//! LINE channels with the provider they stand under, the mandates of other bodies, and the channels' secrets (sealed by
//! the organisation's key). Followers are in `line_follower`, events in `line_inbound`. Leaves calls to LINE to acts.

use chrono::NaiveDate;
use tsunagari_kernel::{ChannelId, MandateId, ProviderId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// All, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The stored code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(code: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|it| it.code() == code).ok_or(())
            }
        }
    };
}

codes! {
    /// Whose LINE provider a channel stands under. A channel can never move to another provider.
    ProviderOwner {
        /// This organisation.
        Own = "own",
        /// Another public body or school, which lets us send under a recorded mandate.
        OtherBody = "other_body",
        /// A company that built the account.
        Vendor = "vendor",
    }
}
codes! {
    /// What a channel does.
    ChannelKind {
        /// Sends and receives (Messaging API).
        Messaging = "messaging",
        /// Signs residents in (LINE Login).
        Login = "login",
    }
}
codes! {
    /// The price plan of the official account (prices: LINE's Japanese price page, 2026-08).
    LinePlan {
        /// 地方公共団体プラン: no limit, no fee, one account a body.
        Municipal = "municipal",
        /// コミュニケーション: 200 a month.
        Communication = "communication",
        /// ライト: 5,000 a month.
        Light = "light",
        /// スタンダード: 30,000 a month, more for money up to a ceiling.
        Standard = "standard",
    }
}
codes! {
    /// Whether a channel may be used.
    ChannelState {
        /// In use.
        Working = "working",
        /// Stopped by the office or by what LINE answered.
        Stopped = "stopped",
    }
}

impl LinePlan {
    /// Messages a month without further cost; `None` is without limit.
    pub const fn included(self) -> Option<i64> {
        match self {
            Self::Municipal => None,
            Self::Communication => Some(200),
            Self::Light => Some(5_000),
            Self::Standard => Some(30_000),
        }
    }
}

/// A LINE provider: the name space of user ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The id.
    pub id: ProviderId,
    /// As LINE's console names it.
    pub name: String,
    /// Whose it is.
    pub owner: ProviderOwner,
    /// The owner's name.
    pub owner_name: String,
}

/// Another body's leave to send through its channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// The id.
    pub id: MandateId,
    /// Who owns the channel.
    pub holder: String,
    /// `school`, `municipality`, `association`, `company`, `other`.
    pub holder_kind: String,
    /// The document that says so: number or title, and date.
    pub document: String,
    /// What may be sent.
    pub scope: String,
    /// From this day …
    pub from_on: NaiveDate,
    /// … to before this day; open when empty.
    pub until_on: Option<NaiveDate>,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
}

impl Mandate {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.until_on.is_none_or(|until| day < until)
    }
}

/// A channel without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChannel {
    /// Our id.
    pub id: ChannelId,
    /// The provider it stands under.
    pub provider: ProviderId,
    /// What it does.
    pub kind: ChannelKind,
    /// LINE's channel id (digits).
    pub number: String,
    /// The account's name.
    pub name: String,
    /// `@…`, once LINE told it.
    pub basic_id: Option<String>,
    /// The bot's own user id, once LINE told it.
    pub bot_user_id: Option<String>,
    /// The mandate it is used under.
    pub mandate: Option<MandateId>,
    /// The secret part of its webhook's path.
    pub hook: String,
    /// `https://api.line.me`, or a simulator's root.
    pub api_base: String,
    /// `https://api-data.line.me`.
    pub data_base: String,
    /// `https://access.line.me`.
    pub access_base: String,
    /// The price plan.
    pub plan: LinePlan,
    /// How many messages beyond the plan's may be paid for a month.
    pub plan_ceiling: i64,
    /// Whether it may be used.
    pub state: ChannelState,
    /// Why it was stopped: a code.
    pub stopped_reason: Option<String>,
    /// When it was stopped (real time).
    pub stopped_at: Option<Timestamp>,
    /// The rich menu made for it.
    pub rich_menu_id: Option<String>,
}

impl LineChannel {
    /// A channel as it begins, with a simulator's root in place of LINE's three hosts; number, name and hook are still empty.
    pub fn simulated(base: &str, id: ChannelId, provider: ProviderId, kind: ChannelKind) -> Self {
        Self {
            id,
            provider,
            kind,
            number: String::new(),
            name: String::new(),
            basic_id: None,
            bot_user_id: None,
            mandate: None,
            hook: String::new(),
            api_base: base.to_owned(),
            data_base: base.to_owned(),
            access_base: base.to_owned(),
            plan: LinePlan::Municipal,
            plan_ceiling: 0,
            state: ChannelState::Working,
            stopped_reason: None,
            stopped_at: None,
            rich_menu_id: None,
        }
    }
}

const CHANNEL: &str = "channel_id, provider_id, kind, number, name, basic_id, bot_user_id, mandate_id, hook, api_base, data_base, \
    access_base, plan, plan_ceiling, state, stopped_reason, stopped_at, rich_menu_id";

fn read_channel(row: &Row) -> Result<LineChannel, StorageError> {
    let code = |column: &'static str| -> Result<String, StorageError> { row.text(column) };
    let unknown = |column: &'static str, value: String| StorageError::Unreadable { column: column.to_owned(), value };
    Ok(LineChannel {
        id: row.id("channel_id")?,
        provider: row.id("provider_id")?,
        kind: code("kind")?.parse().map_err(|()| unknown("kind", String::new()))?,
        number: row.text("number")?,
        name: row.text("name")?,
        basic_id: row.opt_text("basic_id")?,
        bot_user_id: row.opt_text("bot_user_id")?,
        mandate: row.opt_id("mandate_id")?,
        hook: row.text("hook")?,
        api_base: row.text("api_base")?,
        data_base: row.text("data_base")?,
        access_base: row.text("access_base")?,
        plan: code("plan")?.parse().map_err(|()| unknown("plan", String::new()))?,
        plan_ceiling: row.int("plan_ceiling")?,
        state: code("state")?.parse().map_err(|()| unknown("state", String::new()))?,
        stopped_reason: row.opt_text("stopped_reason")?,
        stopped_at: row.opt_instant("stopped_at")?,
        rich_menu_id: row.opt_text("rich_menu_id")?,
    })
}

fn read_provider(row: &Row) -> Result<Provider, StorageError> {
    let owner = row.text("owner")?;
    Ok(Provider {
        id: row.id("provider_id")?,
        name: row.text("name")?,
        owner: owner.parse().map_err(|()| StorageError::Unreadable { column: "owner".into(), value: owner })?,
        owner_name: row.text("owner_name")?,
    })
}

fn read_mandate(row: &Row) -> Result<Mandate, StorageError> {
    Ok(Mandate {
        id: row.id("mandate_id")?,
        holder: row.text("holder")?,
        holder_kind: row.text("holder_kind")?,
        document: row.text("document")?,
        scope: row.text("scope")?,
        from_on: row.date("from_on")?,
        until_on: row.opt_date("until_on")?,
        recorded_by: row.opt_id("recorded_by")?,
    })
}

fn secret_context(id: ChannelId) -> Vec<u8> {
    [b"line_secret".as_slice(), id.0.as_bytes()].concat()
}

impl Reader {
    /// Every channel, the working ones first, oldest first.
    pub async fn line_channels(&mut self) -> Result<Vec<LineChannel>, StorageError> {
        let sql = format!(
            "SELECT {CHANNEL} FROM line_channel WHERE org_id = $1 ORDER BY state DESC, kind DESC, created_at, channel_id"
        );
        self.rows(&sql, vec![]).await?.iter().map(read_channel).collect()
    }

    /// One channel.
    pub async fn line_channel(&mut self, id: ChannelId) -> Result<LineChannel, StorageError> {
        let sql = format!("SELECT {CHANNEL} FROM line_channel WHERE org_id = $1 AND channel_id = $2");
        read_channel(&self.one("channel", &sql, args![id]).await?)
    }

    /// The channel messages leave by: the oldest working Messaging API channel whose mandate, where it has one, holds.
    pub async fn sending_line_channel(&mut self) -> Result<Option<LineChannel>, StorageError> {
        let all = self.line_channels().await?;
        let able = all.into_iter().filter(|it| it.kind == ChannelKind::Messaging && it.state == ChannelState::Working);
        for it in able {
            if self.mandate_holds(&it).await? {
                return Ok(Some(it));
            }
        }
        Ok(None)
    }

    /// Whether a channel may be used today: its mandate holds, or it needs none because it is not another body's.
    pub async fn mandate_holds(&mut self, it: &LineChannel) -> Result<bool, StorageError> {
        let Some(id) = it.mandate else {
            let providers = self.line_providers().await?;
            let owner = providers.iter().find(|one| one.id == it.provider).map(|one| one.owner);
            return Ok(owner != Some(ProviderOwner::OtherBody));
        };
        let today = self.clock().today();
        Ok(self.mandates().await?.iter().any(|mandate| mandate.id == id && mandate.holds_on(today)))
    }

    /// The channel residents sign in by: the oldest working LINE Login channel.
    pub async fn login_line_channel(&mut self) -> Result<Option<LineChannel>, StorageError> {
        let all = self.line_channels().await?;
        Ok(all.into_iter().find(|it| it.kind == ChannelKind::Login && it.state == ChannelState::Working))
    }

    /// A channel's secret, opened.
    pub async fn line_secret(&mut self, id: ChannelId) -> Result<String, StorageError> {
        Ok(self.webhook_check(id).await?.0)
    }

    /// What a webhook of a channel is checked with: its secret, opened, and the bot's user id where LINE has told it.
    pub async fn webhook_check(&mut self, id: ChannelId) -> Result<(String, Option<String>), StorageError> {
        let sql = "SELECT secret_sealed, bot_user_id FROM line_channel WHERE org_id = $1 AND channel_id = $2";
        let row = self.one("channel", sql, args![id]).await?;
        let plain = self.org_key().await?.open(&secret_context(id), &row.bytes("secret_sealed")?)?;
        let secret = String::from_utf8(plain.to_vec()).map_err(|_| StorageError::Sealed)?;
        Ok((secret, row.opt_text("bot_user_id")?))
    }

    /// Every provider.
    pub async fn line_providers(&mut self) -> Result<Vec<Provider>, StorageError> {
        let sql = "SELECT provider_id, name, owner, owner_name FROM line_provider WHERE org_id = $1 ORDER BY created_at, provider_id";
        self.rows(sql, vec![]).await?.iter().map(read_provider).collect()
    }

    /// Every mandate, the newest first.
    pub async fn mandates(&mut self) -> Result<Vec<Mandate>, StorageError> {
        let sql = "SELECT mandate_id, holder, holder_kind, document, scope, from_on, until_on, recorded_by FROM mandate \
                   WHERE org_id = $1 ORDER BY recorded_at DESC, mandate_id DESC";
        self.rows(sql, vec![]).await?.iter().map(read_mandate).collect()
    }
}

impl Tx {
    /// Adds a provider.
    pub async fn add_line_provider(&mut self, it: &Provider, now: Timestamp) -> Result<(), StorageError> {
        let sql = "INSERT INTO line_provider (org_id, provider_id, name, owner, owner_name, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        self.exec(sql, args![it.id, it.name.as_str(), it.owner.code(), it.owner_name.as_str(), now]).await?;
        Ok(())
    }

    /// Records a mandate.
    pub async fn add_mandate(&mut self, it: &Mandate, now: Timestamp) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO mandate (org_id, mandate_id, holder, holder_kind, document, scope, from_on, until_on, recorded_by, recorded_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                it.id, it.holder.as_str(), it.holder_kind.as_str(), it.document.as_str(), it.scope.as_str(), it.from_on, it.until_on,
                it.recorded_by, now,
            ],
        )
        .await?;
        Ok(())
    }

    /// Adds a channel with its secret. `Duplicate` when the hook is taken.
    pub async fn add_line_channel(
        &mut self,
        it: &LineChannel,
        secret: &str,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        let sealed = key.seal(&self.shared.chance, &secret_context(it.id), secret.as_bytes())?;
        self.exec(
            "INSERT INTO line_channel (org_id, channel_id, provider_id, kind, number, name, hook, secret_sealed, api_base, data_base, \
             access_base, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                it.id, it.provider, it.kind.code(), it.number.as_str(), it.name.as_str(), it.hook.as_str(), sealed,
                it.api_base.as_str(), it.data_base.as_str(), it.access_base.as_str(), now,
            ],
        )
        .await?;
        self.keep_line_channel(it).await
    }

    /// Keeps everything of a channel but its kind, provider, hook and secret.
    pub async fn keep_line_channel(&mut self, it: &LineChannel) -> Result<(), StorageError> {
        let done = self
            .exec(
                "UPDATE line_channel SET number = $3, name = $4, basic_id = $5, bot_user_id = $6, mandate_id = $7, api_base = $8, \
                 data_base = $9, access_base = $10, plan = $11, plan_ceiling = $12, state = $13, stopped_reason = $14, stopped_at = $15, \
                 rich_menu_id = $16 WHERE org_id = $1 AND channel_id = $2",
                args![
                    it.id, it.number.as_str(), it.name.as_str(), it.basic_id.clone(), it.bot_user_id.clone(), it.mandate,
                    it.api_base.as_str(), it.data_base.as_str(), it.access_base.as_str(), it.plan.code(), it.plan_ceiling,
                    it.state.code(), it.stopped_reason.clone(), it.stopped_at, it.rich_menu_id.clone(),
                ],
            )
            .await?;
        if done == 1 { Ok(()) } else { Err(StorageError::NotFound("channel")) }
    }

    /// Replaces a channel's secret: LINE issued a new one.
    pub async fn set_line_secret(&mut self, id: ChannelId, secret: &str) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        let sealed = key.seal(&self.shared.chance, &secret_context(id), secret.as_bytes())?;
        self.exec(
            "UPDATE line_channel SET secret_sealed = $3 WHERE org_id = $1 AND channel_id = $2",
            args![id, sealed],
        )
        .await?;
        Ok(())
    }
}
