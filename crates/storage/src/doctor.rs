//! What can be wrong with an organisation's rows although every statement succeeded: orphans, overlapping intervals,
//! copies that disagree, counts that do not add up, work given up. One counting statement each. Leaves saying what to
//! do to the `doctor` command. To add a check: a line in `CHECKS` and its advice there.

use tsunagari_kernel::{ChannelId, Timestamp};

use crate::error::StorageError;
use crate::store::{Reader, Store};

/// A check's code and how many rows it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// The code.
    pub code: &'static str,
    /// How many rows.
    pub rows: i64,
}

const CHECKS: &[(&str, &str)] = &[
    (
        "orphan_tie",
        "SELECT count(*) AS n FROM tie x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_enrolment",
        "SELECT count(*) AS n FROM enrolment x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_residence",
        "SELECT count(*) AS n FROM residence x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_outcome",
        "SELECT count(*) AS n FROM outcome x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_occupation",
        "SELECT count(*) AS n FROM occupation x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_interest",
        "SELECT count(*) AS n FROM interest x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_contact",
        "SELECT count(*) AS n FROM contact_point x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_consent",
        "SELECT count(*) AS n FROM consent x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.person_id)",
    ),
    (
        "orphan_guardianship",
        "SELECT count(*) AS n FROM guardianship x WHERE x.org_id = $1 AND (NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.child_id) OR NOT EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = x.guardian_id))",
    ),
    (
        "orphan_delivery",
        "SELECT count(*) AS n FROM delivery x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM campaign c WHERE c.org_id = $1 AND c.campaign_id = x.campaign_id)",
    ),
    (
        "contact_working",
        "SELECT count(*) AS n FROM contact_working w WHERE w.org_id = $1 AND NOT EXISTS (SELECT 1 FROM contact_point c WHERE c.org_id = $1 AND c.person_id = w.person_id AND c.contact_id = w.contact_id AND c.kind = w.kind)",
    ),
    (
        "overlap_working",
        "SELECT count(*) AS n FROM contact_working a JOIN contact_working b ON b.org_id = a.org_id AND b.person_id = a.person_id AND b.contact_id = a.contact_id AND b.from_at > a.from_at AND (a.until_at IS NULL OR b.from_at < a.until_at) WHERE a.org_id = $1",
    ),
    (
        "overlap_residence",
        "SELECT count(*) AS n FROM residence a JOIN residence b ON b.org_id = a.org_id AND b.person_id = a.person_id AND b.from_on > a.from_on AND (a.until_on IS NULL OR b.from_on < a.until_on) WHERE a.org_id = $1",
    ),
    (
        "overlap_consent",
        "SELECT count(*) AS n FROM consent a JOIN consent b ON b.org_id = a.org_id AND b.person_id = a.person_id AND b.purpose = a.purpose AND b.given_by = a.given_by AND b.consent_id <> a.consent_id AND (b.from_at > a.from_at OR b.from_at = a.from_at AND b.consent_id > a.consent_id) AND (a.until_at IS NULL OR b.from_at < a.until_at) WHERE a.org_id = $1",
    ),
    (
        "backward_interval",
        "SELECT (SELECT count(*) FROM tie WHERE org_id = $1 AND until_on < from_on) + (SELECT count(*) FROM residence WHERE org_id = $1 AND until_on < from_on) + (SELECT count(*) FROM occupation WHERE org_id = $1 AND until_on < from_on) + (SELECT count(*) FROM consent WHERE org_id = $1 AND until_at < from_at) + (SELECT count(*) FROM contact_working WHERE org_id = $1 AND until_at < from_at) AS n",
    ),
    (
        "unfindable_person",
        "SELECT count(*) AS n FROM person p WHERE p.org_id = $1 AND p.merged_into IS NULL AND p.erased_at IS NULL AND p.name_key <> '' AND NOT EXISTS (SELECT 1 FROM person_gram g WHERE g.org_id = $1 AND g.gram = substr(p.name_key, 1, 1) AND g.person_id = p.person_id)",
    ),
    (
        "person_without_state",
        "SELECT count(*) AS n FROM person p WHERE p.org_id = $1 AND p.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM person_state s WHERE s.org_id = $1 AND s.person_id = p.person_id AND s.locale = p.locale AND coalesce(s.birth_date, '') = coalesce(p.birth_date, '') AND (s.merged_into IS NULL) = (p.merged_into IS NULL))",
    ),
    (
        "dispatch_recipients",
        "SELECT count(*) AS n FROM dispatch d WHERE d.org_id = $1 AND d.recipients < (SELECT count(*) FROM delivery x WHERE x.org_id = $1 AND x.dispatch_id = d.dispatch_id)",
    ),
    (
        "delivery_without_dispatch",
        "SELECT count(*) AS n FROM delivery x WHERE x.org_id = $1 AND x.dispatch_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.org_id = $1 AND d.dispatch_id = x.dispatch_id)",
    ),
    (
        "orphan_application",
        "SELECT count(*) AS n FROM application x WHERE x.org_id = $1 AND (NOT EXISTS (SELECT 1 FROM programme_round r WHERE r.org_id = $1 AND r.round_id = x.round_id AND r.programme_id = x.programme_id) OR NOT EXISTS (SELECT 1 FROM programme_version v WHERE v.org_id = $1 AND v.programme_id = x.programme_id AND v.version_no = x.version_no) OR x.applicant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM application_paper p WHERE p.org_id = $1 AND p.application_id = x.application_id))",
    ),
    (
        "orphan_ledger",
        "SELECT count(*) AS n FROM ledger_entry x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM application a WHERE a.org_id = $1 AND a.application_id = x.application_id)",
    ),
    (
        "orphan_notice",
        "SELECT count(*) AS n FROM application_notice x WHERE x.org_id = $1 AND NOT EXISTS (SELECT 1 FROM application a WHERE a.org_id = $1 AND a.application_id = x.application_id)",
    ),
    ("job_given_up", "SELECT count(*) AS n FROM job WHERE org_id = $1 AND state = 'given_up'"),
    (
        "channel_stopped",
        "SELECT (SELECT count(*) FROM line_channel WHERE org_id = $1 AND state = 'stopped') + (SELECT count(*) FROM mail_channel WHERE org_id = $1 AND state = 'stopped') AS n",
    ),
];

impl Reader {
    /// Every check that found something.
    pub async fn findings(&mut self) -> Result<Vec<Finding>, StorageError> {
        let mut found = Vec::new();
        for (code, sql) in CHECKS {
            let rows = self.count(sql, vec![]).await?;
            if rows > 0 {
                found.push(Finding { code, rows });
            }
        }
        let rows = self.states_that_differ().await?;
        if rows > 0 {
            found.push(Finding { code: "person_state_differs", rows });
        }
        let rows = self.ledgers_that_differ().await?;
        if rows > 0 {
            found.push(Finding { code: "ledger_differs", rows });
        }
        found.extend(self.left_of_erased().await?);
        Ok(found)
    }

    /// Persons with a contact point, the newest first: whose keys must open.
    pub async fn persons_with_contacts(&mut self, most: i64) -> Result<Vec<tsunagari_kernel::PersonId>, StorageError> {
        let sql = "SELECT DISTINCT person_id FROM contact_point WHERE org_id = $1 ORDER BY person_id DESC LIMIT $2";
        self.rows(sql, crate::args![most]).await?.iter().map(|row| row.id("person_id")).collect()
    }
}

impl Reader {
    /// When the newest audit row was written (the programme's calendar); nothing before the first act.
    pub async fn newest_audit_row(&mut self) -> Result<Option<Timestamp>, StorageError> {
        self.one("audit", "SELECT max(at) AS at FROM audit WHERE org_id = $1", vec![]).await?.opt_instant("at")
    }

    /// When a channel's webhook was last heard of (real time).
    pub async fn newest_inbound(&mut self, channel: ChannelId) -> Result<Option<Timestamp>, StorageError> {
        let sql = "SELECT max(received_at) AS at FROM line_inbound WHERE org_id = $1 AND channel_id = $2";
        self.one("line_inbound", sql, crate::args![channel]).await?.opt_instant("at")
    }
}

impl Store {
    /// Settings of a database server that are worth a look, name and value; none where the database is a file.
    ///
    /// # Errors
    /// No connection.
    pub async fn server_settings(&self) -> Result<Vec<(String, String)>, StorageError> {
        let mut platform = self.platform().await?;
        let Some(sql) = platform.settings_sql() else { return Ok(Vec::new()) };
        let rows = platform.rows(sql, vec![]).await?;
        rows.iter().map(|row| Ok((row.text("name")?, row.text("setting")?))).collect()
    }

    /// How far a database server's clock is ahead of this machine's, in seconds; nothing where the database is a file.
    ///
    /// # Errors
    /// No connection.
    pub async fn server_clock_ahead(&self, now: Timestamp) -> Result<Option<i64>, StorageError> {
        let mut platform = self.platform().await?;
        let Some(sql) = platform.clock_sql() else { return Ok(None) };
        let there = crate::dialect::count_of(&platform.rows(sql, vec![]).await?)?;
        Ok(Some(there - now.micros() / 1_000_000))
    }
}
