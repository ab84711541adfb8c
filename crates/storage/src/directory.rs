//! The directory of organisations: making one, finding one by code, host route, sign-in name; its settings.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{ChannelId, OrgId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Platform, Reader, Tx};

/// An organisation with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its id.
    pub id: OrgId,
    /// 全国地方公共団体コード, or a slug for a network.
    pub code: String,
    /// `municipality`, `prefecture` or `network`.
    pub kind: String,
    /// The official name.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// Who to ask: a line for letters and pages.
    pub contact: String,
    /// The accent colour's name.
    pub accent: String,
    /// The plan it follows, a blueprint's slug.
    pub plan_slug: Option<String>,
    /// Under this age a guardian must consent.
    pub guardian_age: i64,
    /// A contact point not confirmed for longer is stale.
    pub stale_after_days: i64,
    /// Whether a stale contact point still counts as reachable.
    pub stale_counts: bool,
    /// The job-hunting window begins this many years before the last year of study …
    pub job_years_before_last: i64,
    /// … on the first of this month.
    pub job_month: i64,
    /// No messages from this minute of the day (JST) …
    pub quiet_from_minute: i64,
    /// … to this one.
    pub quiet_until_minute: i64,
    /// At most this many messages to a person …
    pub cap_messages: i64,
    /// … in this many days.
    pub cap_days: i64,
    /// How long an approved message can still be cancelled, in seconds.
    pub cancel_seconds: i64,
    /// A demonstration organisation.
    pub demo: bool,
    /// Who approves for an office of one, when anybody does.
    pub outside_approver: Option<String>,
}

impl Organisation {
    /// A municipality with the product's defaults (trust.md 5 and 6, product.md): a guardian consents under 16, a contact
    /// point is stale after 400 days and still counts, the job-hunting window opens in April of the last-but-one year,
    /// quiet from 21:00 to 8:00, four messages in 30 days, ten minutes to cancel.
    pub fn by_default(id: OrgId, code: impl Into<String>, name: impl Into<String>, kana: impl Into<String>) -> Self {
        Self {
            id,
            code: code.into(),
            kind: "municipality".into(),
            name: name.into(),
            kana: kana.into(),
            contact: String::new(),
            accent: "blue".into(),
            plan_slug: None,
            guardian_age: 16,
            stale_after_days: 400,
            stale_counts: true,
            job_years_before_last: 1,
            job_month: 4,
            quiet_from_minute: 21 * 60,
            quiet_until_minute: 8 * 60,
            cap_messages: 4,
            cap_days: 30,
            cancel_seconds: 600,
            demo: false,
            outside_approver: None,
        }
    }
}

const COLUMNS: &str = "org_id, code, kind, name, kana, contact, accent, plan_slug, guardian_age, stale_after_days, stale_counts, \
    job_years_before_last, job_month, quiet_from_minute, quiet_until_minute, cap_messages, cap_days, cancel_seconds, demo, outside_approver";

fn read(row: &Row) -> Result<Organisation, StorageError> {
    Ok(Organisation {
        id: row.id("org_id")?,
        code: row.text("code")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        kana: row.text("kana")?,
        contact: row.text("contact")?,
        accent: row.text("accent")?,
        plan_slug: row.opt_text("plan_slug")?,
        guardian_age: row.int("guardian_age")?,
        stale_after_days: row.int("stale_after_days")?,
        stale_counts: row.flag("stale_counts")?,
        job_years_before_last: row.int("job_years_before_last")?,
        job_month: row.int("job_month")?,
        quiet_from_minute: row.int("quiet_from_minute")?,
        quiet_until_minute: row.int("quiet_until_minute")?,
        cap_messages: row.int("cap_messages")?,
        cap_days: row.int("cap_days")?,
        cancel_seconds: row.int("cancel_seconds")?,
        demo: row.flag("demo")?,
        outside_approver: row.opt_text("outside_approver")?,
    })
}

/// Where a sign-in name leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInRoute {
    /// The organisation.
    pub org: OrgId,
    /// The user.
    pub user: UserId,
}

impl Platform {
    /// Every organisation, by code.
    pub async fn organisations(&mut self) -> Result<Vec<Organisation>, StorageError> {
        let rows = self.rows(&format!("SELECT {COLUMNS} FROM organisation ORDER BY code"), vec![]).await?;
        rows.iter().map(read).collect()
    }

    /// The organisation with this code.
    pub async fn organisation_by_code(&mut self, code: &str) -> Result<Option<Organisation>, StorageError> {
        let rows = self.rows(&format!("SELECT {COLUMNS} FROM organisation WHERE code = $1"), args![code]).await?;
        rows.first().map(read).transpose()
    }

    /// Where a sign-in name leads; nothing for unknown and disabled ones alike.
    pub async fn sign_in_route(&mut self, login: &str) -> Result<Option<SignInRoute>, StorageError> {
        let rows = self
            .rows("SELECT org_id, user_id FROM staff_user WHERE login = $1 AND state = 'active'", args![login])
            .await?;
        rows.first().map(|row| Ok(SignInRoute { org: row.id("org_id")?, user: row.id("user_id")? })).transpose()
    }

    /// Which channel of which organisation a webhook path belongs to.
    pub async fn webhook_route(&mut self, hook: &str) -> Result<Option<(OrgId, ChannelId)>, StorageError> {
        let rows = self.rows("SELECT org_id, channel_id FROM line_channel WHERE hook = $1", args![hook]).await?;
        rows.first().map(|row| Ok((row.id("org_id")?, row.id("channel_id")?))).transpose()
    }

    /// The organisations that have work due, with the number of jobs.
    pub async fn organisations_with_due_jobs(&mut self, now: Timestamp) -> Result<Vec<(OrgId, i64)>, StorageError> {
        let rows = self
            .rows(
                "SELECT org_id, count(*) AS n FROM job WHERE state = 'waiting' AND run_at <= $1 \
                 OR state = 'running' AND lease_until < $1 GROUP BY org_id",
                args![now],
            )
            .await?;
        rows.iter().map(|row| Ok((row.id("org_id")?, row.int("n")?))).collect()
    }
}

impl Reader {
    /// This organisation with its settings.
    pub async fn organisation(&mut self) -> Result<Organisation, StorageError> {
        let row =
            self.one("organisation", &format!("SELECT {COLUMNS} FROM organisation WHERE org_id = $1"), vec![]).await?;
        read(&row)
    }

    /// A signature (HMAC-SHA-256, 32 bytes) over a value under a label, by this organisation's key: tokens in addresses.
    pub async fn sign(&mut self, label: &str, value: &str) -> Result<Vec<u8>, StorageError> {
        Ok(self.org_key().await?.lookup(&format!("sign:{label}"), value))
    }

    /// This organisation's key, opened once and remembered.
    pub(crate) async fn org_key(&mut self) -> Result<crate::keyring::Key, StorageError> {
        let org = self.org();
        if let Some(key) = self.shared.keyring.known(org) {
            return Ok(key);
        }
        let row = self.one("organisation", "SELECT key_sealed FROM organisation WHERE org_id = $1", vec![]).await?;
        self.shared.keyring.unwrap(org, &row.bytes("key_sealed")?)
    }
}

impl Tx {
    /// Makes this transaction's organisation, with a new key.
    pub async fn found_organisation(&mut self, it: &Organisation) -> Result<(), StorageError> {
        let sealed = self.shared.keyring.wrap_new(it.id, &self.shared.chance)?;
        let now = self.shared.clock.now();
        self.exec(
            "INSERT INTO organisation (org_id, code, kind, name, kana, key_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![it.code.as_str(), it.kind.as_str(), it.name.as_str(), it.kana.as_str(), sealed, now],
        )
        .await?;
        self.keep_organisation(it).await
    }

    /// Keeps the settings of this organisation (code and kind stay).
    pub async fn keep_organisation(&mut self, it: &Organisation) -> Result<(), StorageError> {
        self.exec(
            "UPDATE organisation SET name = $2, kana = $3, contact = $4, accent = $5, plan_slug = $6, guardian_age = $7, \
             stale_after_days = $8, stale_counts = $9, job_years_before_last = $10, job_month = $11, quiet_from_minute = $12, \
             quiet_until_minute = $13, cap_messages = $14, cap_days = $15, cancel_seconds = $16, demo = $17, outside_approver = $18 \
             WHERE org_id = $1",
            args![
                it.name.as_str(), it.kana.as_str(), it.contact.as_str(), it.accent.as_str(), it.plan_slug.clone(), it.guardian_age,
                it.stale_after_days, it.stale_counts, it.job_years_before_last, it.job_month, it.quiet_from_minute,
                it.quiet_until_minute, it.cap_messages, it.cap_days, it.cancel_seconds, it.demo, it.outside_approver.clone(),
            ],
        )
        .await?;
        Ok(())
    }
}
