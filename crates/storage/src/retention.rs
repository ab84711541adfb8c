//! How long each class of data is kept, and letting go of what is older: one entry per class with its default period, what
//! counts as old and what then happens. An organisation may set another period within the class's limits. To add a class:
//! an entry in `CLASSES`, its words (`retention-…`) in every locale. Files of media are taken from the disk by acts. Leaves
//! when to run to acts.

use std::collections::BTreeMap;

use tsunagari_kernel::{MediaId, Timestamp};
use uuid::Uuid;

use crate::args;
use crate::error::StorageError;
use crate::media::Media;
use crate::store::{Reader, Tx};

/// Which clock the instants of a class were written by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timed {
    /// The real one: sessions, links, events, requests.
    Real,
    /// The programme's calendar: imports, history, deliveries, what the office brings and takes out.
    Calendar,
}

/// What lies of a class and how it is let go of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Counting and changing by statements; `$2` is the instant before which it is old.
    Sql { count: &'static str, change: &'static [&'static str] },
    /// Deliveries lose the person one by one.
    Deliveries,
    /// Pictures and films no message needs.
    Media,
}

/// One class.
#[derive(Debug, Clone, Copy)]
pub struct Class {
    /// The public code.
    pub code: &'static str,
    /// Days it is kept unless the organisation says otherwise.
    pub days: i64,
    /// The shortest period that can be set.
    pub least: i64,
    /// The longest.
    pub most: i64,
    /// The clock.
    pub timed: Timed,
    way: Way,
}

const fn class(code: &'static str, (days, least, most): (i64, i64, i64), timed: Timed, way: Way) -> Class {
    Class { code, days, least, most, timed, way }
}

/// Every class, in the order of the settings page.
pub const CLASSES: &[Class] = &[
    class(
        "webhook_events",
        (30, 7, 365),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM line_inbound WHERE org_id = $1 AND state <> 'new' AND received_at < $2",
            change: &["DELETE FROM line_inbound WHERE org_id = $1 AND state <> 'new' AND received_at < $2"],
        },
    ),
    class(
        "import_rows",
        (90, 7, 730),
        Timed::Calendar,
        Way::Sql {
            count: "SELECT count(*) AS n FROM import_row WHERE org_id = $1 AND import_id IN (SELECT f.import_id FROM import_file f \
                    WHERE f.org_id = $1 AND f.state NOT IN ('previewing', 'applying', 'undoing') \
                    AND coalesce(f.undone_at, f.applied_at, f.created_at) < $2)",
            change: &[
                "DELETE FROM import_row WHERE org_id = $1 AND import_id IN (SELECT f.import_id FROM import_file f \
                 WHERE f.org_id = $1 AND f.state NOT IN ('previewing', 'applying', 'undoing') \
                 AND coalesce(f.undone_at, f.applied_at, f.created_at) < $2)",
                "UPDATE import_file SET state = 'discarded' WHERE org_id = $1 AND state IN ('reading', 'mapping', 'previewed') AND created_at < $2",
            ],
        },
    ),
    class(
        "import_undo",
        (365, 30, 1_095),
        Timed::Calendar,
        Way::Sql {
            count: "SELECT count(*) AS n FROM change_row WHERE org_id = $1 AND change_id IN (SELECT c.change_id FROM change c \
                    WHERE c.org_id = $1 AND c.state IN ('applied', 'undone') AND coalesce(c.finished_at, c.created_at) < $2)",
            change: &[
                "UPDATE import_file SET change_id = NULL WHERE org_id = $1 AND change_id IN (SELECT c.change_id FROM change c \
                 WHERE c.org_id = $1 AND c.state IN ('applied', 'undone') AND coalesce(c.finished_at, c.created_at) < $2)",
                "DELETE FROM change_row WHERE org_id = $1 AND change_id IN (SELECT c.change_id FROM change c \
                 WHERE c.org_id = $1 AND c.state IN ('applied', 'undone') AND coalesce(c.finished_at, c.created_at) < $2)",
            ],
        },
    ),
    class(
        "sessions",
        (30, 1, 365),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM session WHERE org_id = $1 AND coalesce(ended_at, seen_at) < $2",
            change: &["DELETE FROM session WHERE org_id = $1 AND coalesce(ended_at, seen_at) < $2"],
        },
    ),
    class(
        "links",
        (1, 0, 30),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM one_time_link WHERE org_id = $1 AND expires_at < $2",
            change: &["DELETE FROM one_time_link WHERE org_id = $1 AND expires_at < $2"],
        },
    ),
    class(
        "counters",
        (1, 1, 7),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM throttle WHERE org_id = $1 AND window_from < $2",
            change: &["DELETE FROM throttle WHERE org_id = $1 AND window_from < $2"],
        },
    ),
    class(
        "sent_bodies",
        (30, 2, 365),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM dispatch WHERE org_id = $1 AND created_at < $2 AND state NOT IN ('sending', 'retry') AND length(body) > 0",
            change: &[
                "UPDATE dispatch SET body = substr(body, 1, 0) WHERE org_id = $1 AND created_at < $2 AND state NOT IN ('sending', 'retry') AND length(body) > 0",
            ],
        },
    ),
    class(
        "clicks",
        (400, 30, 1_826),
        Timed::Calendar,
        Way::Sql {
            count: "SELECT count(*) AS n FROM message_click WHERE org_id = $1 AND at < $2 AND person_id IS NOT NULL",
            change: &[
                "UPDATE message_click SET person_id = NULL WHERE org_id = $1 AND at < $2 AND person_id IS NOT NULL",
            ],
        },
    ),
    class("deliveries", (1_826, 365, 3_652), Timed::Calendar, Way::Deliveries),
    class("media", (90, 30, 730), Timed::Calendar, Way::Media),
    class(
        "history",
        (1_826, 365, 3_652),
        Timed::Calendar,
        Way::Sql {
            count: "SELECT count(*) AS n FROM person_history WHERE org_id = $1 AND at < $2",
            change: &["DELETE FROM person_history WHERE org_id = $1 AND at < $2"],
        },
    ),
    class(
        "work_done",
        (365, 30, 1_826),
        Timed::Calendar,
        Way::Sql {
            count: "SELECT count(*) AS n FROM work_item WHERE org_id = $1 AND done_at < $2",
            change: &["DELETE FROM work_item WHERE org_id = $1 AND done_at < $2"],
        },
    ),
    class(
        "exports",
        (1_095, 365, 3_652),
        Timed::Calendar,
        Way::Sql {
            count: "SELECT count(*) AS n FROM export_member WHERE org_id = $1 AND export_id IN (SELECT e.export_id FROM export e WHERE e.org_id = $1 AND e.at < $2)",
            change: &[
                "DELETE FROM export_member WHERE org_id = $1 AND export_id IN (SELECT e.export_id FROM export e WHERE e.org_id = $1 AND e.at < $2)",
            ],
        },
    ),
    class(
        "jobs_given_up",
        (90, 7, 365),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM job WHERE org_id = $1 AND state = 'given_up' AND finished_at < $2",
            change: &["DELETE FROM job WHERE org_id = $1 AND state = 'given_up' AND finished_at < $2"],
        },
    ),
    class(
        "line_access",
        (0, 0, 0),
        Timed::Real,
        Way::Sql {
            count: "SELECT count(*) AS n FROM line_access WHERE org_id = $1 AND until_at < $2",
            change: &["DELETE FROM line_access WHERE org_id = $1 AND until_at < $2"],
        },
    ),
];

/// The class of a code.
pub fn class_of(code: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.code == code)
}

/// Deliveries made anonymous in one turn.
const AT_ONCE: i64 = 1_000;
const OLD_DELIVERIES: &str = "d.org_id = $1 AND d.settled_at < $2 AND d.state IN ('sent', 'failed', 'skipped') \
    AND EXISTS (SELECT 1 FROM person p WHERE p.org_id = $1 AND p.person_id = d.person_id)";

/// What was let go of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetGo {
    /// Rows.
    pub rows: u64,
    /// Files below the files directory that nothing names any more.
    pub files: Vec<String>,
}

impl Reader {
    /// The period of every class in days, the organisation's own where it has set one.
    pub async fn retention_days(&mut self) -> Result<BTreeMap<&'static str, i64>, StorageError> {
        let mut days: BTreeMap<&'static str, i64> = CLASSES.iter().map(|class| (class.code, class.days)).collect();
        for row in self.rows("SELECT class, days FROM retention WHERE org_id = $1", vec![]).await? {
            if let Some(class) = class_of(&row.text("class")?) {
                days.insert(class.code, row.int("days")?.clamp(class.least, class.most));
            }
        }
        Ok(days)
    }

    /// How much of a class is older than an instant.
    pub async fn old_of(&mut self, class: &Class, before: Timestamp) -> Result<i64, StorageError> {
        match class.way {
            Way::Sql { count, .. } => self.count(count, args![before]).await,
            Way::Deliveries => {
                self.count(&format!("SELECT count(*) AS n FROM delivery d WHERE {OLD_DELIVERIES}"), args![before]).await
            }
            Way::Media => Ok(i64::try_from(self.old_media(before).await?.len()).unwrap_or(i64::MAX)),
        }
    }

    /// Pictures and films brought before an instant that no message under way and none changed since needs.
    async fn old_media(&mut self, before: Timestamp) -> Result<Vec<Media>, StorageError> {
        let mut old = Vec::new();
        for media in self.media_list().await?.into_iter().filter(|it| it.created_at < before) {
            let sql = "SELECT count(*) AS n FROM campaign WHERE org_id = $1 AND content LIKE $2 \
                       AND (state NOT IN ('done', 'cancelled', 'failed') OR updated_at >= $3)";
            if self.count(sql, args![format!("%{}%", media.id), before]).await? == 0 {
                old.push(media);
            }
        }
        Ok(old)
    }
}

impl Tx {
    /// Sets the period of a class.
    pub async fn keep_retention(&mut self, class: &Class, days: i64) -> Result<(), StorageError> {
        let sql = "INSERT INTO retention (org_id, class, days) VALUES ($1, $2, $3) ON CONFLICT (org_id, class) DO UPDATE SET days = excluded.days";
        self.exec(sql, args![class.code, days]).await?;
        Ok(())
    }

    /// Lets go of what of a class is older than an instant; at most a slice of what is done row by row: call again until
    /// nothing is left.
    pub async fn let_go(&mut self, class: &Class, before: Timestamp) -> Result<LetGo, StorageError> {
        let mut gone = LetGo::default();
        match class.way {
            Way::Sql { count, change } => {
                gone.rows = u64::try_from(self.count(count, args![before]).await?).unwrap_or(0);
                for sql in change {
                    self.exec(sql, args![before]).await?;
                }
            }
            Way::Deliveries => {
                let sql = format!("SELECT d.campaign_id, d.person_id FROM delivery d WHERE {OLD_DELIVERIES} LIMIT $3");
                for row in self.rows(&sql, args![before, AT_ONCE]).await? {
                    let nobody = Uuid::from_bytes(self.shared.chance.bytes());
                    let sql = "UPDATE delivery SET person_id = $4, contact_id = NULL, request_id = NULL \
                               WHERE org_id = $1 AND campaign_id = $2 AND person_id = $3";
                    let (campaign, person): (Uuid, Uuid) = (row.id("campaign_id")?, row.id("person_id")?);
                    gone.rows += self.exec(sql, args![campaign, person, nobody]).await?;
                }
            }
            Way::Media => {
                for media in self.old_media(before).await? {
                    gone.rows += self.retire_media(media.id).await?;
                    gone.files.push(media.file);
                    gone.files.extend(media.preview_file);
                }
            }
        }
        Ok(gone)
    }

    /// The row stays for the messages that name it; its files are gone.
    async fn retire_media(&mut self, id: MediaId) -> Result<u64, StorageError> {
        let sql = "UPDATE media SET file = '', preview_file = NULL, bytes = 0 WHERE org_id = $1 AND media_id = $2";
        self.exec(sql, args![id]).await
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
