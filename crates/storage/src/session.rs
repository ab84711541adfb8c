//! Signed-in browsers and one-time links, by the hash of their token; and counted failures. All in real time.

use tsunagari_access::resident::SignInWay;
use tsunagari_access::session::{Session, Subject};
use tsunagari_kernel::{LinkId, PersonId, SessionId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::store::{OrgStore, Reader, Tx};

fn way_code(way: SignInWay) -> &'static str {
    match way {
        SignInWay::LineLogin => "line_login",
        SignInWay::EmailLink => "email_link",
        SignInWay::SignedLink => "signed_link",
    }
}

fn way_of(code: &str) -> SignInWay {
    match code {
        "line_login" => SignInWay::LineLogin,
        "email_link" => SignInWay::EmailLink,
        _ => SignInWay::SignedLink,
    }
}

/// A one-time link as it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeLink {
    /// The id.
    pub id: LinkId,
    /// What it is for: a code.
    pub purpose: String,
    /// The member of staff it is for.
    pub user: Option<UserId>,
    /// The person it is for.
    pub person: Option<PersonId>,
    /// JSON that the purpose understands.
    pub payload: String,
    /// Until when (real time).
    pub expires_at: Timestamp,
}

impl Reader {
    /// The session behind a token's hash, dead or alive.
    pub async fn session(&mut self, token_hash: &[u8; 32]) -> Result<Option<Session>, StorageError> {
        let sql = "SELECT session_id, user_id, person_id, how, created_at, seen_at, ended_at FROM session WHERE org_id = $1 AND token_hash = $2";
        let Some(row) = self.first(sql, args![&token_hash[..]]).await? else { return Ok(None) };
        let subject = match (row.opt_id("user_id")?, row.opt_id("person_id")?) {
            (Some(user), _) => Subject::Staff(user),
            (None, Some(person)) => Subject::Resident(person, way_of(&row.text("how")?)),
            (None, None) => return Err(StorageError::NotFound("session")),
        };
        Ok(Some(Session {
            id: row.id("session_id")?,
            subject,
            opened_at: row.instant("created_at")?,
            last_seen_at: row.instant("seen_at")?,
            ended_at: row.opt_instant("ended_at")?,
        }))
    }

    /// A link that can still be used, without using it.
    pub async fn look_at_link(
        &mut self,
        token_hash: &[u8; 32],
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<OneTimeLink>, StorageError> {
        let sql = "SELECT link_id, purpose, user_id, person_id, payload, expires_at FROM one_time_link \
                   WHERE org_id = $1 AND token_hash = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4";
        let row = self.first(sql, args![&token_hash[..], purpose, now]).await?;
        row.map(|row| {
            Ok(OneTimeLink {
                id: row.id("link_id")?,
                purpose: row.text("purpose")?,
                user: row.opt_id("user_id")?,
                person: row.opt_id("person_id")?,
                payload: row.text("payload")?,
                expires_at: row.instant("expires_at")?,
            })
        })
        .transpose()
    }

    /// How often something was counted since the beginning of its window.
    pub async fn counted(&mut self, what: &str, since: Timestamp) -> Result<i64, StorageError> {
        let sql = "SELECT coalesce(CAST(sum(n) AS bigint), 0) AS n FROM throttle WHERE org_id = $1 AND what = $2 AND window_from >= $3";
        self.count(sql, args![what, since]).await
    }
}

impl Tx {
    /// Opens a session.
    pub async fn open_session(&mut self, token_hash: &[u8; 32], it: &Session) -> Result<(), StorageError> {
        let (kind, user, person, how) = match it.subject {
            Subject::Staff(user) => ("staff", Some(user), None, "password"),
            Subject::Resident(person, way) => ("resident", None, Some(person), way_code(way)),
        };
        self.exec(
            "INSERT INTO session (org_id, token_hash, session_id, kind, user_id, person_id, how, created_at, seen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![&token_hash[..], it.id, kind, user, person, how, it.opened_at, it.last_seen_at],
        )
        .await?;
        Ok(())
    }

    /// Ends one session.
    pub async fn end_session(&mut self, token_hash: &[u8; 32], now: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE session SET ended_at = $3 WHERE org_id = $1 AND token_hash = $2 AND ended_at IS NULL";
        self.exec(sql, args![&token_hash[..], now]).await?;
        Ok(())
    }

    /// Ends every session of a user: password, factor or role changed.
    pub async fn end_sessions_of_user(&mut self, user: UserId, now: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE session SET ended_at = $3 WHERE org_id = $1 AND user_id = $2 AND ended_at IS NULL";
        self.exec(sql, args![user, now]).await?;
        Ok(())
    }

    /// Ends every session of a person: they left.
    pub async fn end_sessions_of_person(&mut self, person: PersonId, now: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE session SET ended_at = $3 WHERE org_id = $1 AND person_id = $2 AND ended_at IS NULL";
        self.exec(sql, args![person, now]).await?;
        Ok(())
    }

    /// Ends every session of a person but one: whoever came in another way must prove again who they are.
    pub async fn end_other_sessions_of_person(
        &mut self,
        person: PersonId,
        but: Option<SessionId>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE session SET ended_at = $4 WHERE org_id = $1 AND person_id = $2 AND ended_at IS NULL \
                   AND session_id IS DISTINCT FROM $3";
        self.exec(sql, args![person, but, now]).await?;
        Ok(())
    }

    /// Keeps a one-time link.
    pub async fn keep_link(
        &mut self,
        token_hash: &[u8; 32],
        it: &OneTimeLink,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO one_time_link (org_id, token_hash, link_id, purpose, user_id, person_id, payload, expires_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![&token_hash[..], it.id, it.purpose.as_str(), it.user, it.person, it.payload.as_str(), it.expires_at, now],
        )
        .await?;
        Ok(())
    }

    /// Uses a link: it works once. Nothing when it is unknown, used, expired or of another purpose.
    pub async fn use_link(
        &mut self,
        token_hash: &[u8; 32],
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<OneTimeLink>, StorageError> {
        let Some(link) = self.look_at_link(token_hash, purpose, now).await? else { return Ok(None) };
        let sql = "UPDATE one_time_link SET used_at = $3 WHERE org_id = $1 AND token_hash = $2 AND used_at IS NULL";
        let used = self.exec(sql, args![&token_hash[..], now]).await?;
        Ok((used == 1).then_some(link))
    }

    /// Counts something once more; the window begins anew when the last one began before `since`.
    pub async fn count_once_more(&mut self, what: &str, since: Timestamp, now: Timestamp) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO throttle (org_id, what, window_from, n) VALUES ($1, $2, $4, 1) ON CONFLICT (org_id, what) DO UPDATE SET \
             n = CASE WHEN throttle.window_from < $3 THEN 1 ELSE throttle.n + 1 END, \
             window_from = CASE WHEN throttle.window_from < $3 THEN $4 ELSE throttle.window_from END",
            args![what, since, now],
        )
        .await?;
        Ok(())
    }
}

impl OrgStore {
    /// Remembers that a session was used: machinery, not an act.
    pub async fn touch_session(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<(), StorageError> {
        let mut tx = self.write_by_key().await?;
        tx.exec("UPDATE session SET seen_at = $3 WHERE org_id = $1 AND token_hash = $2", args![&token_hash[..], now])
            .await?;
        tx.keep().await
    }
}
