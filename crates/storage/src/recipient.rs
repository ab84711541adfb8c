//! Who of some persons may be sent a message now, by which contact point, and the first reason why not: one SQL shape used by
//! the preview, the launch and the claim, so that the three can never disagree. The meaning is that of `people::reach`
//! (tie, consent, guardian, contact point) plus protected addresses. Leaves rules to `rule_sql` and frequency to `delivery`.

use tsunagari_kernel::{ContactPointId, Moment, PersonId, ProviderId, Timestamp};
use tsunagari_outreach::{Channel, SkipReason};
use tsunagari_people::{JobHunting, Policy, Purpose, ReachPolicy};
use tsunagari_rules::{Checked, Rule};

use crate::args;
use crate::campaign::AudienceCounts;
use crate::directory::Organisation;
use crate::error::StorageError;
use crate::rule_sql::Compiler;
use crate::sql::{Arg, placeholders};
use crate::store::Reader;

/// What a message asks of its recipients.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The purpose consented to.
    pub purpose: Purpose,
    /// When.
    pub at: Moment,
    /// The organisation's policy.
    pub policy: Policy,
    /// The provider whose user ids the sending account knows; `None`: LINE is not available.
    pub line: Option<ProviderId>,
    /// The channels something is written for.
    pub channels: Vec<Channel>,
}

/// Which persons are looked at: SQL over `person p`, from [`FIRST_OWN`] on, and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Among {
    pub(crate) sql: String,
    pub(crate) args: Vec<Arg>,
    /// Ends the questions that are asked of each person.
    pub(crate) each: &'static str,
}

/// Few persons are asked about one by one: the database would rather read the ties of everybody first.
const ONE_BY_ONE: &str = " LIMIT 1 OFFSET 0";

/// The first parameter number free for the condition on persons.
pub const FIRST_OWN: usize = 10;

impl Among {
    /// Everybody: for tests of what comes after the rule.
    #[cfg(feature = "testing")]
    pub fn everybody() -> Self {
        Self { sql: "1 = 1".into(), args: Vec::new(), each: "" }
    }

    /// Everybody of whom a rule says yes at the moment of the terms.
    ///
    /// # Errors
    /// The rule holds more values than a statement can.
    pub fn rule(rule: &Rule<Checked>, terms: &Terms) -> Result<Self, StorageError> {
        let bound = terms.bound();
        let own = bound.len();
        let mut compiler = Compiler::after(bound, &terms.at, &terms.policy);
        let sql = compiler.expr(rule.expr())?;
        let predicate = compiler.done(sql)?;
        Ok(Self { sql: predicate.sql, args: predicate.args.into_iter().skip(own).collect(), each: "" })
    }

    /// These persons, whatever any rule says; none of them: nobody.
    pub fn persons(persons: &[PersonId]) -> Self {
        if persons.is_empty() {
            return Self { sql: "1 = 0".into(), args: Vec::new(), each: ONE_BY_ONE };
        }
        Self {
            sql: format!("p.person_id IN {}", placeholders(FIRST_OWN, persons.len())),
            args: persons.iter().map(|person| Arg::from(*person)).collect(),
            each: ONE_BY_ONE,
        }
    }
}

impl Terms {
    pub(crate) fn bound(&self) -> Vec<Arg> {
        let reach = &self.policy.reach;
        let stale_before = if reach.stale_counts {
            Timestamp::from_micros(i64::MIN)
        } else {
            self.at.instant.minus(reach.stale_after())
        };
        args![
            self.at.instant,
            self.at.date,
            self.purpose.code(),
            reach.latest_birth(self.at.date),
            stale_before,
            self.line,
            self.line.is_some() && self.channels.contains(&Channel::Line),
            self.channels.contains(&Channel::Email),
        ]
    }
}

/// A working contact point of one kind, kept, verified, working and (if that counts) fresh.
fn working(kind: &str, more: &str) -> String {
    format!(
        "(SELECT c.contact_id FROM contact_point c JOIN contact_working w ON w.org_id = c.org_id AND w.person_id = c.person_id \
         AND w.contact_id = c.contact_id WHERE c.org_id = p.org_id AND c.person_id = p.person_id AND c.kind = '{kind}' {more} \
         AND c.created_at <= $2 AND (c.removed_at IS NULL OR c.removed_at > $2) AND c.verified_at <= $2 AND w.from_at <= $2 \
         AND (w.until_at IS NULL OR w.until_at > $2) AND (c.verified_at >= $6 OR EXISTS (SELECT 1 FROM contact_confirmed f \
         WHERE f.org_id = c.org_id AND f.person_id = c.person_id AND f.contact_id = c.contact_id AND f.at <= $2 AND f.at >= $6)) \
         ORDER BY c.verified_at DESC, c.contact_id LIMIT 1)"
    )
}

/// `person_id, blocker, line_id, email_id` for every living person among those asked for.
pub(crate) fn judged(among: &Among) -> String {
    let line = working("line", "AND $8 = 1 AND c.provider_id = $7");
    let email = working("email", "AND $9 = 1");
    // What would reach somebody if it were written too: told apart from having nothing at all.
    let other_mail = working("email", "");
    let other_line = working("line", "AND c.provider_id = $7");
    let own = "k.org_id = p.org_id AND k.person_id = p.person_id AND k.purpose = $4 AND k.from_at <= $2";
    let alive = format!("{own} AND (k.until_at IS NULL OR k.until_at > $2)");
    let (condition, each) = (&among.sql, among.each);
    // Of those whom nothing reaches, what they have: told in the words reach tells it in.
    let point = |kind: &str, written: &str, more: &str| {
        format!(
            "({written} = 1 AND EXISTS (SELECT 1 FROM contact_point c WHERE c.org_id = p.org_id AND c.person_id = p.person_id \
             AND c.kind = '{kind}' AND c.created_at <= $2 AND (c.removed_at IS NULL OR c.removed_at > $2) AND c.verified_at <= $2{more}{each}))"
        )
    };
    let worked = |more: &str| {
        format!(
            " AND EXISTS (SELECT 1 FROM contact_working w WHERE w.org_id = c.org_id AND w.person_id = c.person_id \
             AND w.contact_id = c.contact_id AND w.from_at <= $2{more})"
        )
    };
    let (ever, still) = (worked(""), worked(" AND (w.until_at IS NULL OR w.until_at > $2)"));
    let (line_point, worked_line, open_line) =
        (point("line", "$8", ""), point("line", "$8", &ever), point("line", "$8", &still));
    let (mail_point, open_mail) = (point("email", "$9", ""), point("email", "$9", &still));
    format!(
        "SELECT p.person_id AS person_id, CASE \
         WHEN p.merged_into IS NOT NULL OR p.erased_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM tie t WHERE t.org_id = p.org_id \
         AND t.person_id = p.person_id AND t.from_on <= $3 AND (t.until_on IS NULL OR t.until_on > $3){each}) THEN '{tie}' \
         WHEN NOT EXISTS (SELECT 1 FROM consent k WHERE {alive}{each}) THEN CASE WHEN EXISTS (SELECT 1 FROM consent k WHERE {own}{each}) \
         THEN '{withdrawn}' ELSE '{never}' END \
         WHEN NOT EXISTS (SELECT 1 FROM consent k WHERE {alive} AND (p.birth_date <= $5 OR k.given_by = 'guardian'){each}) THEN '{guardian}' \
         WHEN p.address_protected = 1 THEN '{protected}' END AS blocker, {line} AS line_id, {email} AS email_id, \
         CASE WHEN $9 = 0 AND {other_mail} IS NOT NULL THEN '{mail_only}' WHEN $8 = 0 AND {other_line} IS NOT NULL THEN '{line_only}' \
         WHEN {open_line} OR {open_mail} THEN '{stale}' WHEN {worked_line} THEN '{blocked}' WHEN {line_point} THEN '{not_followed}' \
         WHEN {mail_point} THEN '{comes_back}' ELSE '{nothing}' END AS silent \
         FROM person p WHERE p.org_id = $1 AND ({condition})",
        tie = SkipReason::TieEnded.code(),
        withdrawn = SkipReason::Withdrawn.code(),
        never = SkipReason::NoConsent.code(),
        guardian = SkipReason::GuardianMissing.code(),
        protected = SkipReason::AddressProtected.code(),
        mail_only = SkipReason::MailOnly.code(),
        line_only = SkipReason::LineOnly.code(),
        blocked = SkipReason::Blocked.code(),
        not_followed = SkipReason::NotFollowed.code(),
        comes_back = SkipReason::MailComesBack.code(),
        stale = SkipReason::Stale.code(),
        nothing = SkipReason::NoContact.code(),
    )
}

/// What may be done for one person now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// Send by this channel to this contact point.
    Send(Channel, ContactPointId),
    /// Do not.
    Leave(SkipReason),
}

impl Reader {
    /// The counts over everybody asked for.
    pub async fn judge_counts(&mut self, terms: &Terms, among: &Among) -> Result<AudienceCounts, StorageError> {
        let sql = format!(
            "SELECT verdict, count(*) AS n FROM (SELECT CASE WHEN q.blocker IS NOT NULL THEN q.blocker WHEN q.line_id IS NOT NULL THEN ':line' \
             WHEN q.email_id IS NOT NULL THEN ':email' ELSE q.silent END AS verdict FROM ({}) q) v GROUP BY verdict ORDER BY verdict",
            judged(among)
        );
        let mut bound = terms.bound();
        bound.extend(among.args.iter().cloned());
        let mut counts = AudienceCounts::default();
        for row in self.rows(&sql, bound).await? {
            let n = row.int("n")?;
            match row.text("verdict")?.as_str() {
                ":line" => counts.by_line = n,
                ":email" => counts.by_email = n,
                reason => counts.left_out.push((reason.to_owned(), n)),
            }
        }
        Ok(counts)
    }

    /// How many who would get it have had `most` messages of the purpose since an instant, or may be about to: the frequency
    /// cap leaves them out when they are claimed.
    pub async fn judge_capped(
        &mut self,
        terms: &Terms,
        among: &Among,
        most: u32,
        since: Timestamp,
    ) -> Result<i64, StorageError> {
        let sql = format!(
            "SELECT count(*) AS n FROM ({}) q WHERE q.blocker IS NULL AND coalesce(q.line_id, q.email_id) IS NOT NULL \
             AND q.person_id IN (SELECT d.person_id FROM delivery d JOIN campaign c ON c.org_id = d.org_id AND c.campaign_id = d.campaign_id \
             WHERE d.org_id = $1 AND c.purpose = $4 AND (d.state = 'sent' AND d.settled_at >= {} OR d.state IN ('claimed', 'retry')) \
             GROUP BY d.person_id HAVING count(*) >= {most})",
            judged(among),
            since.micros()
        );
        let mut bound = terms.bound();
        bound.extend(among.args.iter().cloned());
        self.count(&sql, bound).await
    }

    /// Up to `most` persons who would get it, in the order of their readings.
    pub async fn judge_sample(
        &mut self,
        terms: &Terms,
        among: &Among,
        most: i64,
    ) -> Result<Vec<PersonId>, StorageError> {
        let sql = format!(
            "SELECT q.person_id FROM ({}) q JOIN person n ON n.org_id = $1 AND n.person_id = q.person_id WHERE q.blocker IS NULL \
             AND coalesce(q.line_id, q.email_id) IS NOT NULL ORDER BY n.kana_key, q.person_id LIMIT {most}",
            judged(among)
        );
        let mut bound = terms.bound();
        bound.extend(among.args.iter().cloned());
        self.rows(&sql, bound).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// The judgement on each of these persons; those unknown here are left out.
    pub async fn judge(
        &mut self,
        terms: &Terms,
        persons: &[PersonId],
    ) -> Result<Vec<(PersonId, Judgement)>, StorageError> {
        let mut found = Vec::with_capacity(persons.len());
        for chunk in persons.chunks(1_000) {
            let among = Among::persons(chunk);
            let mut bound = terms.bound();
            bound.extend(among.args.iter().cloned());
            for row in self.rows(&judged(&among), bound).await? {
                let blocker = row.opt_text("blocker")?;
                let by_line: Option<ContactPointId> = row.opt_id("line_id")?;
                let by_email: Option<ContactPointId> = row.opt_id("email_id")?;
                let judgement = match (blocker, by_line, by_email) {
                    (Some(code), ..) => Judgement::Leave(reason(&code)?),
                    (None, Some(contact), _) => Judgement::Send(Channel::Line, contact),
                    (None, None, Some(contact)) => Judgement::Send(Channel::Email, contact),
                    (None, None, None) => Judgement::Leave(reason(&row.text("silent")?)?),
                };
                found.push((row.id("person_id")?, judgement));
            }
        }
        Ok(found)
    }
}

fn reason(code: &str) -> Result<SkipReason, StorageError> {
    SkipReason::parse(code).ok_or_else(|| StorageError::Unreadable { column: "reason".into(), value: code.to_owned() })
}

impl Organisation {
    /// What this organisation has set about reach and job hunting.
    pub fn policy(&self) -> Policy {
        let whole = |n: i64| u32::try_from(n).unwrap_or_default();
        let default = Policy::default();
        Policy {
            reach: ReachPolicy {
                guardian_age: u8::try_from(self.guardian_age).unwrap_or(default.reach.guardian_age),
                stale_after_days: whole(self.stale_after_days),
                stale_counts: self.stale_counts,
            },
            job_hunting: JobHunting {
                years_before_last: u8::try_from(self.job_years_before_last)
                    .unwrap_or(default.job_hunting.years_before_last),
                month: u8::try_from(self.job_month).unwrap_or(default.job_hunting.month),
            },
        }
    }
}
