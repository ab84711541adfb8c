//! Requests to channels: key, sealed body and recipients stand here before the first attempt; the outcome is a commit of its
//! own. Recipients are the deliveries that name the dispatch. Leaves what follows from an outcome to outreach, and the
//! network to acts. Instants of attempts, leases and pauses are real time; `settled_at` of a delivery is the calendar's.

use tsunagari_kernel::{CampaignId, ChannelId, ContactPointId, DispatchId, PersonId, Timestamp};
use tsunagari_outreach::{Channel, Classified, NextStep, SkipReason, Way};
use uuid::Uuid;

use crate::args;
use crate::delivery::{QUEUED, of_these};
use crate::error::StorageError;
use crate::recipient::{Judgement, Terms};
use crate::sql::{Arg, Row, placeholders};
use crate::store::{Reader, Tx};

/// A request about to be made for the first time.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenDispatch {
    /// Its id.
    pub id: DispatchId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// How it is formed.
    pub way: Way,
    /// The LINE account it leaves by.
    pub line: Option<ChannelId>,
    /// The key sent with every attempt.
    pub retry_key: Uuid,
    /// The frozen body.
    pub body: Vec<u8>,
    /// Who is named in it.
    pub persons: Vec<PersonId>,
}

/// A request that is to be made again, or whose worker died.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptDispatch {
    /// Its id.
    pub id: DispatchId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// How it is formed.
    pub way: Way,
    /// The LINE account it leaves by.
    pub line: Option<ChannelId>,
    /// The key sent with every attempt.
    pub retry_key: Uuid,
    /// The frozen body.
    pub body: Vec<u8>,
    /// Attempts made.
    pub attempt: u32,
    /// When the first left.
    pub first_attempt_at: Timestamp,
    /// What the last attempt brought; nothing when its worker died.
    pub last: Option<String>,
}

/// One settled attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which request.
    pub id: DispatchId,
    /// Which attempt.
    pub attempt: u32,
    /// What follows.
    pub step: NextStep,
    /// The outcome's code (see [`outcome_code`]).
    pub outcome: &'static str,
    /// Why, when it failed for good.
    pub failure: Option<&'static str>,
    /// The channel's own id of the request.
    pub request_id: Option<String>,
}

const fn way_code(way: Way) -> &'static str {
    match way {
        Way::Multicast => "line_multicast",
        Way::Push => "line_push",
        Way::Mail => "email",
    }
}

fn way_of(code: &str) -> Result<Way, StorageError> {
    [Way::Multicast, Way::Push, Way::Mail]
        .into_iter()
        .find(|way| way_code(*way) == code)
        .ok_or_else(|| StorageError::Unreadable { column: "channel".into(), value: code.to_owned() })
}

/// The channel a way belongs to.
pub const fn channel_of(way: Way) -> Channel {
    match way {
        Way::Multicast | Way::Push => Channel::Line,
        Way::Mail => Channel::Email,
    }
}

/// The stored code of an outcome.
pub const fn outcome_code(outcome: Classified) -> &'static str {
    match outcome {
        Classified::Accepted => "accepted",
        Classified::AcceptedBefore => "accepted_before",
        Classified::Refused => "refused",
        Classified::RateLimited { .. } => "rate_limited",
        Classified::MonthlyLimit => "monthly_limit",
        Classified::ChannelRefused => "channel_refused",
        Classified::Uncertain => "uncertain",
        Classified::NotSent => "not_sent",
        Classified::Deferred => "deferred",
        Classified::NotMade => "not_made",
    }
}

/// An outcome read back; a dead worker's attempt is uncertain.
pub fn outcome_of(code: Option<&str>) -> Classified {
    match code {
        Some("rate_limited") => Classified::RateLimited { retry_after: None },
        Some("monthly_limit") => Classified::MonthlyLimit,
        Some("channel_refused") => Classified::ChannelRefused,
        Some("not_sent") => Classified::NotSent,
        Some("deferred") => Classified::Deferred,
        Some("not_made") => Classified::NotMade,
        Some(_) | None => Classified::Uncertain,
    }
}

fn context(id: DispatchId) -> Vec<u8> {
    [b"dispatch:".as_slice(), id.0.as_bytes()].concat()
}

impl Reader {
    /// How many requests that name a person are on the network now: a withdrawal is acknowledged once there are none.
    pub async fn in_flight_dispatches_naming(&mut self, person: PersonId, now: Timestamp) -> Result<i64, StorageError> {
        let sql = "SELECT count(*) AS n FROM delivery d JOIN dispatch r ON r.org_id = d.org_id AND r.dispatch_id = d.dispatch_id \
                   WHERE d.org_id = $1 AND d.person_id = $2 AND d.state IN ('claimed', 'retry') AND r.state = 'sending' AND r.lease_until > $3";
        self.count(sql, args![person, now]).await
    }

    /// Who is named in a request.
    pub async fn named_in(&mut self, id: DispatchId) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT person_id FROM delivery WHERE org_id = $1 AND dispatch_id = $2 ORDER BY person_id";
        self.rows(sql, args![id]).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// Whom a request names, with the contact point each delivery goes to.
    pub async fn contacts_of_dispatch(
        &mut self,
        campaign: CampaignId,
        id: DispatchId,
    ) -> Result<Vec<(PersonId, ContactPointId)>, StorageError> {
        let sql = "SELECT person_id, contact_id FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND dispatch_id = $3 ORDER BY person_id";
        let rows = self.rows(sql, args![campaign, id]).await?;
        rows.iter().map(|row| Ok((row.id("person_id")?, row.id("contact_id")?))).collect()
    }

    /// The campaign and the persons a dispatch was made for; for bounces, also after it was settled.
    pub async fn dispatch_origin(
        &mut self,
        id: DispatchId,
    ) -> Result<Option<(CampaignId, Vec<PersonId>)>, StorageError> {
        let sql = "SELECT campaign_id FROM dispatch WHERE org_id = $1 AND dispatch_id = $2";
        let Some(row) = self.first(sql, args![id]).await? else { return Ok(None) };
        Ok(Some((row.id("campaign_id")?, self.named_in(id).await?)))
    }

    /// Whether everybody named in a request may still be written to for the purpose, as it looks now.
    pub async fn named_still_consent(&mut self, id: DispatchId, terms: &Terms) -> Result<bool, StorageError> {
        let persons = self.named_in(id).await?;
        self.still_consent(&persons, terms).await
    }

    /// Whether all of these may still be written to for the purpose (contact points are not looked at: the request is frozen).
    pub async fn still_consent(&mut self, persons: &[PersonId], terms: &Terms) -> Result<bool, StorageError> {
        let judged = self.judge(terms, persons).await?;
        Ok(judged.len() == persons.len() && judged.iter().all(|(_, judgement)| !has_withdrawn(*judgement)))
    }

    async fn read_kept(&mut self, row: &Row) -> Result<KeptDispatch, StorageError> {
        let id: DispatchId = row.id("dispatch_id")?;
        let key = self.org_key().await?;
        let retry_key = row.text("retry_key")?;
        Ok(KeptDispatch {
            id,
            campaign: row.id("campaign_id")?,
            way: way_of(&row.text("channel")?)?,
            line: row.opt_id("channel_id")?,
            retry_key: retry_key
                .parse()
                .map_err(|_| StorageError::Unreadable { column: "retry_key".into(), value: retry_key })?,
            body: key.open(&context(id), &row.bytes("body")?)?.to_vec(),
            attempt: u32::try_from(row.int("attempt")?).unwrap_or(u32::MAX),
            first_attempt_at: row.instant("first_attempt_at")?,
            last: if row.text("state")? == "sending" { None } else { row.opt_text("outcome")? },
        })
    }
}

impl Tx {
    /// Keeps requests before their first attempt, and claims their deliveries.
    pub async fn open_dispatches(
        &mut self,
        all: &[OpenDispatch],
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        let mut rows = Vec::with_capacity(all.len());
        for it in all {
            let sealed = key.seal(&self.shared.chance, &context(it.id), &it.body)?;
            let recipients = i64::try_from(it.persons.len()).unwrap_or(i64::MAX);
            rows.push(args![
                it.id,
                it.campaign,
                way_code(it.way),
                it.line,
                it.retry_key.to_string(),
                sealed,
                recipients,
                "sending",
                1_i64,
                now,
                now,
                lease_until,
                now,
            ]);
        }
        let columns = [
            "dispatch_id",
            "campaign_id",
            "channel",
            "channel_id",
            "retry_key",
            "body",
            "recipients",
            "state",
            "attempt",
            "first_attempt_at",
            "next_at",
            "lease_until",
            "created_at",
        ];
        self.insert_many("dispatch", &columns, rows, "").await?;
        for it in all {
            for chunk in it.persons.chunks(1_000) {
                let (of_them, bound) = of_these(args![it.campaign, it.id], chunk);
                let sql = format!(
                    "UPDATE delivery SET state = 'claimed', dispatch_id = $3, attempt = attempt + 1 WHERE org_id = $1 AND campaign_id = $2 \
                     AND {QUEUED} AND {of_them}"
                );
                self.exec(&sql, bound).await?;
            }
        }
        Ok(())
    }

    /// Requests of a campaign whose pause is over or whose worker died, locked.
    pub async fn dispatches_to_repeat(
        &mut self,
        campaign: CampaignId,
        most: i64,
        now: Timestamp,
    ) -> Result<Vec<KeptDispatch>, StorageError> {
        let skip = self.for_update_skip_locked();
        let sql = format!(
            "SELECT dispatch_id, campaign_id, channel, channel_id, retry_key, body, attempt, first_attempt_at, outcome, state FROM dispatch \
             WHERE org_id = $1 AND campaign_id = $2 AND (state = 'retry' AND next_at <= $3 OR state = 'sending' AND lease_until <= $3) \
             ORDER BY next_at, dispatch_id LIMIT $4{skip}"
        );
        let rows = self.rows(&sql, args![campaign, now, most]).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(self.read_kept(row).await?);
        }
        Ok(found)
    }

    /// Makes another attempt of a request under a new lease.
    pub async fn attempt_again(&mut self, id: DispatchId, lease_until: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE dispatch SET state = 'sending', attempt = attempt + 1, lease_until = $3 WHERE org_id = $1 AND dispatch_id = $2";
        self.exec(sql, args![id, lease_until]).await?;
        let sql = "UPDATE delivery SET state = 'claimed', attempt = attempt + 1 WHERE org_id = $1 AND dispatch_id = $2 AND state IN ('claimed', 'retry')";
        self.exec(sql, args![id]).await?;
        Ok(())
    }

    /// Who is named in a request, with their consents to a purpose locked until the end of this transaction. The moment they
    /// are judged at is taken after this: one taken before may be older than a withdrawal this waited for.
    pub async fn hold_named(&mut self, id: DispatchId, purpose: &str) -> Result<Vec<PersonId>, StorageError> {
        let persons = self.named_in(id).await?;
        let lock = self.for_update();
        if !lock.is_empty() {
            self.lock_consents(purpose, &persons, lock).await?;
        }
        Ok(persons)
    }

    /// Settles accepted requests: all their deliveries are sent. Right also for a request another worker has taken over,
    /// because key and body are the same.
    pub async fn settle_accepted(
        &mut self,
        all: &[Settled],
        now: Timestamp,
        calendar: Timestamp,
    ) -> Result<(), StorageError> {
        for it in all {
            let sql = "UPDATE dispatch SET state = 'sent', outcome = $3, request_id = $4, settled_at = $5, body = $6, lease_until = NULL \
                       WHERE org_id = $1 AND dispatch_id = $2";
            self.exec(sql, args![it.id, it.outcome, it.request_id.clone(), now, Vec::<u8>::new()]).await?;
        }
        for chunk in all.chunks(1_000) {
            let sql = format!(
                "UPDATE delivery SET state = 'sent', reason = NULL, settled_at = $2 WHERE org_id = $1 \
                 AND state IN ('claimed', 'retry', 'unknown') AND dispatch_id IN {}",
                placeholders(3, chunk.len())
            );
            let mut bound = args![calendar];
            bound.extend(chunk.iter().map(|it| Arg::from(it.id)));
            self.exec(&sql, bound).await?;
        }
        Ok(())
    }

    /// Settles an attempt that was not accepted. Nothing changes when somebody else has settled or repeated it since.
    /// Answers how many deliveries it concerned.
    pub async fn settle(&mut self, it: &Settled, now: Timestamp, calendar: Timestamp) -> Result<u64, StorageError> {
        let (state, next_at, body) = match it.step {
            NextStep::Sent => {
                self.settle_accepted(std::slice::from_ref(it), now, calendar).await?;
                return Ok(1);
            }
            NextStep::Failed => ("failed", now, Some(Vec::new())),
            NextStep::Retry { at } | NextStep::StopChannel { same_again: Some(at), .. } => ("retry", at, None),
            NextStep::Unknown(_) => ("unknown", now, None),
            NextStep::Requeue | NextStep::CallOff | NextStep::StopChannel { same_again: None, .. } => {
                ("requeued", now, Some(Vec::new()))
            }
        };
        let settled = (state != "retry").then_some(now);
        let changed = self
            .exec(
                "UPDATE dispatch SET state = $4, next_at = $5, outcome = $6, request_id = coalesce($7, request_id), settled_at = $8, \
                 body = coalesce($9, body), lease_until = NULL WHERE org_id = $1 AND dispatch_id = $2 AND attempt = $3 AND state IN ('sending', 'retry')",
                args![it.id, it.attempt, state, next_at, it.outcome, it.request_id.clone(), settled, body],
            )
            .await?;
        if changed == 0 {
            return Ok(0);
        }
        let open = "org_id = $1 AND dispatch_id = $2 AND state IN ('claimed', 'retry')";
        match it.step {
            NextStep::Sent => Ok(0),
            NextStep::Failed => {
                let sql = format!("UPDATE delivery SET state = 'failed', reason = $3, settled_at = $4 WHERE {open}");
                self.exec(&sql, args![it.id, it.failure.unwrap_or("refused"), calendar]).await
            }
            NextStep::CallOff => {
                let sql = format!("UPDATE delivery SET state = 'skipped', reason = $3, settled_at = $4 WHERE {open}");
                self.exec(&sql, args![it.id, SkipReason::CampaignCancelled.code(), calendar]).await
            }
            NextStep::Unknown(reason) => {
                let sql = format!("UPDATE delivery SET state = 'unknown', reason = $3, settled_at = $4 WHERE {open}");
                self.exec(&sql, args![it.id, reason.code(), calendar]).await
            }
            NextStep::Retry { .. } | NextStep::StopChannel { same_again: Some(_), .. } => {
                self.exec(&format!("UPDATE delivery SET state = 'retry' WHERE {open}"), args![it.id]).await
            }
            NextStep::Requeue | NextStep::StopChannel { same_again: None, .. } => {
                let sql =
                    format!("UPDATE delivery SET state = 'queued', dispatch_id = NULL, next_at = $3 WHERE {open}");
                self.exec(&sql, args![it.id, now]).await
            }
        }
    }
}

const fn has_withdrawn(judgement: Judgement) -> bool {
    match judgement {
        Judgement::Send(..) => false,
        Judgement::Leave(reason) => match reason {
            SkipReason::NoConsent | SkipReason::Withdrawn | SkipReason::GuardianMissing | SkipReason::TieEnded => true,
            SkipReason::NoContact
            | SkipReason::Blocked
            | SkipReason::NotFollowed
            | SkipReason::MailComesBack
            | SkipReason::Stale
            | SkipReason::MailOnly
            | SkipReason::LineOnly
            | SkipReason::AddressProtected
            | SkipReason::FrequencyCap
            | SkipReason::CampaignCancelled => false,
        },
    }
}
