//! Deliveries: one row per (campaign, person), made by the launch from the rule, moved by dispatches. Leaves who may be sent
//! to to `recipient`, requests to `dispatch`, results to `campaign_result`.

use std::collections::{BTreeMap, HashMap};

use tsunagari_kernel::{CampaignId, ContactPointId, PersonId, Timestamp};
use tsunagari_outreach::dispatch::UnknownReason;
use tsunagari_outreach::{Channel, SkipReason};
use uuid::Uuid;

use crate::args;
use crate::error::StorageError;
use crate::recipient::{Among, FIRST_OWN, Terms, judged};
use crate::sql::{Arg, FENCE, placeholders};
use crate::store::{Reader, Tx};

/// A delivery that waits for its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// To whom.
    pub person: PersonId,
    /// By which contact point.
    pub contact: ContactPointId,
    /// The reader's language.
    pub locale: String,
    /// Family and given name as written.
    pub name: String,
    /// The high school's name, when there is one.
    pub school: Option<String>,
}

/// That a delivery among known persons waits; said so that no index of waiting ones is used, which would read all that wait.
pub(crate) const QUEUED: &str = "(state || '') = 'queued'";

/// That `person_id` is one of some persons, after the arguments that stand before: with the first and the last of them, so that
/// only what lies between is read, however little the database knows about a campaign that has just begun.
pub(crate) fn of_these(mut before: Vec<Arg>, persons: &[PersonId]) -> (String, Vec<Arg>) {
    let from = before.len() + 2;
    let (Some(first), Some(last)) = (persons.iter().min(), persons.iter().max()) else {
        return ("1 = 0".to_owned(), before);
    };
    before.extend([Arg::from(*first), Arg::from(*last)]);
    before.extend(persons.iter().map(|person| Arg::from(*person)));
    let list = placeholders(from + 2, persons.len());
    (format!("person_id >= ${from} AND person_id <= ${} AND person_id IN {list}", from + 1), before)
}

/// The persons after `after` up to and including `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The last person of the slice before; `None` at the beginning.
    pub after: Option<PersonId>,
    /// The last person of this one; `None`: to the end.
    pub until: Option<PersonId>,
}

/// What somebody found that became of a delivery nobody could tell the outcome of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It was sent.
    Sent,
    /// It was not, and stays so.
    NotSent,
}

/// How many deliveries were given up when their campaign was cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GivenUp {
    /// Which surely never left.
    pub skipped: u64,
    /// Which a person has to decide about.
    pub undecided: u64,
}

/// When what is open of a campaign on one channel may leave next (real time).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NextOpen {
    /// A delivery that waits for its first request.
    pub delivery: Option<Timestamp>,
    /// A request that waits to be made again, or the end of the lease of one that is being made.
    pub request: Option<Timestamp>,
}

impl NextOpen {
    /// Whichever comes first.
    pub fn first(self) -> Option<Timestamp> {
        [self.delivery, self.request].into_iter().flatten().min()
    }
}

impl Reader {
    /// The slice of about `most` persons that begins after a person.
    pub async fn slice_of_people(&mut self, after: Option<PersonId>, most: i64) -> Result<Slice, StorageError> {
        let from = after.map_or(Uuid::nil(), Uuid::from);
        let sql =
            "SELECT person_id FROM person WHERE org_id = $1 AND person_id > $2 ORDER BY person_id LIMIT 1 OFFSET $3";
        let until = self.first(sql, args![from, most - 1]).await?.map(|row| row.id("person_id")).transpose()?;
        Ok(Slice { after, until })
    }

    /// Up to `most` deliveries of a campaign that wait for a request by a channel, and may leave now (real time).
    pub async fn waiting(
        &mut self,
        campaign: CampaignId,
        channel: Channel,
        most: i64,
        now: Timestamp,
    ) -> Result<Vec<Waiting>, StorageError> {
        // The state and the channel stand as ranges of one: with values that are the same for all, an index that begins with
        // the campaign and goes on with the person counts as sorted too, and what was sent before is read again every time.
        let sql = format!(
            "SELECT d.person_id AS person_id, d.contact_id AS contact_id, p.locale AS locale, p.family || ' ' || p.given AS name, \
             (SELECT e.school_name FROM enrolment e WHERE e.org_id = $1 AND e.person_id = d.person_id AND e.kind = 'high_school' \
             ORDER BY e.end_fy DESC LIMIT 1) AS school FROM (SELECT person_id, contact_id FROM delivery WHERE org_id = $1 \
             AND campaign_id = $2 AND {} AND {} AND next_at <= $4 ORDER BY state, channel, person_id LIMIT $5) d \
             JOIN person p ON p.org_id = $1 AND p.person_id = d.person_id ORDER BY d.person_id",
            self.twin().of("state = 'queued'", "state BETWEEN 'queued' AND 'queued'"),
            self.twin().of("channel = $3", "channel BETWEEN $3 AND $3"),
        );
        let rows = self.rows(&sql, args![campaign, channel.code(), now, most]).await?;
        rows.iter()
            .map(|row| {
                Ok(Waiting {
                    person: row.id("person_id")?,
                    contact: row.id("contact_id")?,
                    locale: row.text("locale")?,
                    name: row.text("name")?,
                    school: row.opt_text("school")?,
                })
            })
            .collect()
    }

    /// How many messages of a purpose each of these persons was sent, or may be about to be sent, since an instant.
    pub async fn sent_since(
        &mut self,
        purpose: &str,
        persons: &[PersonId],
        since: Timestamp,
    ) -> Result<HashMap<PersonId, u32>, StorageError> {
        let mut counts = HashMap::new();
        for chunk in persons.chunks(1_000) {
            // By person first: by campaign, all that the newest one has sent would be read for every slice of it.
            let (of_them, bound) = of_these(args![purpose, since], chunk);
            let sql = format!(
                "SELECT d.person_id AS person_id, count(*) AS n FROM (SELECT person_id, campaign_id FROM delivery WHERE org_id = $1 \
                 AND {of_them} AND ((state || '') = 'sent' AND settled_at >= $3 OR (state || '') IN ('claimed', 'retry')) {FENCE}) d \
                 JOIN campaign c ON c.org_id = $1 AND c.campaign_id = d.campaign_id WHERE c.purpose = $2 GROUP BY d.person_id"
            );
            for row in self.rows(&sql, bound).await? {
                counts.insert(row.id("person_id")?, u32::try_from(row.int("n")?).unwrap_or(u32::MAX));
            }
        }
        Ok(counts)
    }

    /// What of a campaign is open, by channel; nothing: every delivery has an outcome.
    pub async fn open_by_channel(&mut self, campaign: CampaignId) -> Result<BTreeMap<Channel, NextOpen>, StorageError> {
        let sql = "SELECT channel, min(delivery_at) AS delivery_at, min(request_at) AS request_at FROM (SELECT channel, min(next_at) AS delivery_at, \
                   NULL AS request_at FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND state = 'queued' GROUP BY channel \
                   UNION ALL SELECT CASE WHEN channel = 'email' THEN 'email' ELSE 'line' END AS channel, NULL AS delivery_at, \
                   min(CASE WHEN state = 'sending' THEN lease_until ELSE next_at END) AS request_at FROM dispatch \
                   WHERE org_id = $1 AND campaign_id = $2 AND state IN ('sending', 'retry') GROUP BY 1) open_ones GROUP BY channel";
        let mut found = BTreeMap::new();
        for row in self.rows(sql, args![campaign]).await? {
            let channel = row.text("channel")?;
            let channel = [Channel::Line, Channel::Email]
                .into_iter()
                .find(|it| it.code() == channel)
                .ok_or_else(|| StorageError::Unreadable { column: "channel".into(), value: channel })?;
            let next = NextOpen { delivery: row.opt_instant("delivery_at")?, request: row.opt_instant("request_at")? };
            found.insert(channel, next);
        }
        Ok(found)
    }
}

impl Tx {
    /// Makes the deliveries of one slice; persons who may not be sent to get no row. Repeating it changes nothing.
    pub async fn freeze_slice(
        &mut self,
        campaign: CampaignId,
        terms: &Terms,
        among: &Among,
        slice: Slice,
    ) -> Result<u64, StorageError> {
        let next = FIRST_OWN + among.args.len();
        let mut bound = terms.bound();
        bound.extend(among.args.iter().cloned());
        bound.push(Arg::from(slice.after.map_or(Uuid::nil(), Uuid::from)));
        let mut condition = format!("p.person_id > ${next} AND ({})", among.sql);
        if let Some(until) = slice.until {
            bound.push(Arg::from(until));
            condition = format!("p.person_id > ${next} AND p.person_id <= ${} AND ({})", next + 1, among.sql);
        }
        bound.push(Arg::from(campaign));
        let inner = judged(&Among { sql: condition, args: Vec::new(), each: among.each });
        let sql = format!(
            "INSERT INTO delivery (org_id, campaign_id, person_id, channel, contact_id, state) SELECT $1, ${}, q.person_id, \
             CASE WHEN q.line_id IS NOT NULL THEN 'line' ELSE 'email' END, coalesce(q.line_id, q.email_id), 'queued' FROM ({inner}) q \
             WHERE q.blocker IS NULL AND coalesce(q.line_id, q.email_id) IS NOT NULL ON CONFLICT DO NOTHING",
            bound.len() + 1
        );
        self.exec(&sql, bound).await
    }

    /// Takes these waiting deliveries for this transaction; others that somebody else holds are left out. Their consents
    /// stay locked until the end, so that a withdrawal comes wholly before or wholly after the claim.
    pub async fn take_waiting(
        &mut self,
        campaign: CampaignId,
        purpose: &str,
        persons: &[PersonId],
    ) -> Result<Vec<PersonId>, StorageError> {
        let mut taken = Vec::with_capacity(persons.len());
        let (skip, lock) = (self.for_update_skip_locked(), self.for_update());
        for chunk in persons.chunks(1_000) {
            let (of_them, bound) = of_these(args![campaign], chunk);
            let sql = format!(
                "SELECT person_id FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND {QUEUED} AND {of_them} ORDER BY person_id{skip}"
            );
            for row in self.rows(&sql, bound).await? {
                taken.push(row.id("person_id")?);
            }
        }
        if !lock.is_empty() {
            self.lock_consents(purpose, &taken, lock).await?;
        }
        Ok(taken)
    }

    pub(crate) async fn lock_consents(
        &mut self,
        purpose: &str,
        persons: &[PersonId],
        lock: &str,
    ) -> Result<(), StorageError> {
        for chunk in persons.chunks(1_000) {
            let sql = format!(
                "SELECT consent_id FROM consent WHERE org_id = $1 AND purpose = $2 AND person_id IN {} ORDER BY person_id, consent_id{lock}",
                placeholders(3, chunk.len())
            );
            let mut bound = args![purpose];
            bound.extend(chunk.iter().map(|person| Arg::from(*person)));
            self.rows(&sql, bound).await?;
        }
        Ok(())
    }

    /// Skips these deliveries for a reason.
    pub async fn skip(
        &mut self,
        campaign: CampaignId,
        persons: &[PersonId],
        reason: SkipReason,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        for chunk in persons.chunks(1_000) {
            let (of_them, bound) = of_these(args![campaign, reason.code(), now], chunk);
            let sql = format!(
                "UPDATE delivery SET state = 'skipped', reason = $3, settled_at = $4 WHERE org_id = $1 AND campaign_id = $2 \
                 AND {QUEUED} AND {of_them}"
            );
            self.exec(&sql, bound).await?;
        }
        Ok(())
    }

    /// Gives up the requests of a cancelled campaign that waited to be repeated or whose worker died: what surely never left
    /// is skipped, the rest is for a person to decide. Those somebody is making at this moment stay.
    pub async fn give_up_repeats(
        &mut self,
        campaign: CampaignId,
        now: Timestamp,
        calendar: Timestamp,
    ) -> Result<GivenUp, StorageError> {
        // Mail is only ever repeated after it surely did not leave; on LINE an earlier attempt may have been accepted.
        let never_left = "state = 'retry' AND (attempt = 1 OR channel = 'email') AND outcome IN ('rate_limited', 'monthly_limit', \
                          'channel_refused', 'not_sent', 'deferred', 'not_made')";
        let mut settled = [0; 2];
        for (n, (condition, state, reason, over, body)) in settled.iter_mut().zip([
            (never_left, "skipped", SkipReason::CampaignCancelled.code(), "requeued", Some(Vec::<u8>::new())),
            ("1 = 1", "unknown", UnknownReason::CalledOff.code(), "unknown", None),
        ]) {
            let open = format!(
                "org_id = $1 AND campaign_id = $2 AND (state = 'retry' OR state = 'sending' AND lease_until <= $3) AND {condition}"
            );
            let sql = format!(
                "UPDATE delivery SET state = $4, reason = $5, settled_at = $6 WHERE org_id = $1 AND campaign_id = $2 \
                 AND state IN ('claimed', 'retry') AND dispatch_id IN (SELECT dispatch_id FROM dispatch WHERE {open})"
            );
            *n = self.exec(&sql, args![campaign, now, state, reason, calendar]).await?;
            let sql = format!(
                "UPDATE dispatch SET state = $4, settled_at = $3, lease_until = NULL, body = coalesce($5, body) WHERE {open}"
            );
            self.exec(&sql, args![campaign, now, over, body]).await?;
        }
        let [skipped, undecided] = settled;
        Ok(GivenUp { skipped, undecided })
    }

    /// Skips everything of a campaign that still waits: it was cancelled.
    pub async fn skip_rest(&mut self, campaign: CampaignId, now: Timestamp) -> Result<u64, StorageError> {
        self.exec(
            "UPDATE delivery SET state = 'skipped', reason = $3, settled_at = $4 WHERE org_id = $1 AND campaign_id = $2 AND state = 'queued'",
            args![campaign, SkipReason::CampaignCancelled.code(), now],
        )
        .await
    }

    /// Sends a waiting delivery by another contact point than the one it was frozen with (LINE blocked since).
    pub async fn reroute(
        &mut self,
        campaign: CampaignId,
        person: PersonId,
        channel: Channel,
        contact: ContactPointId,
    ) -> Result<(), StorageError> {
        let sql = format!(
            "UPDATE delivery SET channel = $4, contact_id = $5 WHERE org_id = $1 AND campaign_id = $2 AND person_id = $3 AND {QUEUED}"
        );
        self.exec(&sql, args![campaign, person, channel.code(), contact]).await?;
        Ok(())
    }

    /// A person's decision on one unknown delivery that ends it.
    pub async fn settle_unknown(
        &mut self,
        campaign: CampaignId,
        person: PersonId,
        as_what: Decided,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let (state, reason) = match as_what {
            Decided::Sent => ("sent", "decided_sent"),
            Decided::NotSent => ("failed", "decided_not_sent"),
        };
        let sql = "UPDATE delivery SET state = $4, reason = $5, settled_at = $6 WHERE org_id = $1 AND campaign_id = $2 \
                   AND person_id = $3 AND state = 'unknown'";
        Ok(self.exec(sql, args![campaign, person, state, reason, now]).await? > 0)
    }

    /// A person's decision on one unknown delivery: it was not sent, judge it anew and send it again.
    pub async fn settle_unknown_as_waiting(
        &mut self,
        campaign: CampaignId,
        person: PersonId,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE delivery SET state = 'queued', reason = NULL, dispatch_id = NULL, settled_at = NULL, next_at = 0 \
                   WHERE org_id = $1 AND campaign_id = $2 AND person_id = $3 AND state = 'unknown'";
        Ok(self.exec(sql, args![campaign, person]).await? > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_persons_stand_between_the_first_and_the_last_of_them() {
        let person = |n: u128| PersonId(Uuid::from_u128(n));
        let (sql, bound) = of_these(args![1_i64], &[person(7), person(3), person(7), person(5)]);
        assert_eq!(sql, "person_id >= $3 AND person_id <= $4 AND person_id IN ($5, $6, $7, $8)");
        let expected: Vec<Arg> = [3, 7, 7, 3, 7, 5].map(|n| Arg::from(person(n))).to_vec();
        assert_eq!(bound.get(1..), Some(expected.as_slice()));
        assert_eq!(of_these(args![1_i64], &[]), ("1 = 0".to_owned(), args![1_i64]));
    }
}
